//! The fields of a browser's upload form (POST Object), as far as they come before the file.
//!
//! COS itself reads only what precedes the file part (<https://www.tencentcloud.com/document/product/436/14690>),
//! and the file is nobody's business here: reading stops where it starts. The format is RFC 7578.

use memchr::memmem;

/// A field longer than this is no form field of COS.
const LONGEST: usize = 16 * 1024;

/// Names and values of the fields that come before the file part in `start`, the beginning of a body of the
/// type `content_type`. What is not well-formed ends the list.
#[must_use]
pub fn fields_before_file(content_type: &str, start: &[u8]) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let Some(boundary) = boundary(content_type) else { return fields };
    let delimiter = format!("--{boundary}");
    let between = format!("\r\n{delimiter}");
    let Some(first) = memmem::find(start, delimiter.as_bytes()) else { return fields };
    let mut rest = start.get(first + delimiter.len()..).unwrap_or_default();
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let Some(end_of_head) = memmem::find(part, b"\r\n\r\n") else { break };
        let (head, value) =
            (part.get(..end_of_head).unwrap_or_default(), part.get(end_of_head + 4..).unwrap_or_default());
        let Some(Disposition { name, is_file }) = disposition(&String::from_utf8_lossy(head)) else { break };
        if is_file {
            break;
        }
        let Some(end) = memmem::find(value, between.as_bytes()).filter(|end| *end <= LONGEST) else { break };
        fields.push((name, String::from_utf8_lossy(value.get(..end).unwrap_or_default()).into_owned()));
        rest = value.get(end + between.len()..).unwrap_or_default();
    }
    fields
}

fn boundary(content_type: &str) -> Option<&str> {
    let mut parts = content_type.split(';');
    if !parts.next()?.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    parts
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))
        .map(|(_, value)| value.trim().trim_matches('"'))
        .filter(|boundary| !boundary.is_empty() && boundary.len() <= 200)
}

struct Disposition {
    name: String,
    /// The part has a file name, or is the field that COS takes for the file.
    is_file: bool,
}

fn disposition(head: &str) -> Option<Disposition> {
    let line = head.lines().find(|line| {
        line.split_once(':').is_some_and(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"))
    })?;
    let parameter = |wanted: &str| {
        line.split(';').filter_map(|part| part.split_once('=')).find_map(|(name, value)| {
            name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let name = parameter("name")?;
    let is_file = parameter("filename").is_some()
        || parameter("filename*").is_some()
        || name.eq_ignore_ascii_case("file");
    Some(Disposition { name, is_file })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] =
        b"--x1\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\ndir/a b.jpg\r\n--x1\r\n\
        content-disposition: form-data; name=\"q-ak\"\r\nContent-Type: text/plain\r\n\r\nAKID\r\n--x1\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\nJFIF\r\n--x1\r\n\
        Content-Disposition: form-data; name=\"after\"\r\n\r\nunseen\r\n--x1--\r\n";

    #[test]
    fn fields_are_read_up_to_the_file() {
        let fields = fields_before_file("multipart/form-data; boundary=x1", BODY);
        assert_eq!(fields, [("key".into(), "dir/a b.jpg".into()), ("q-ak".into(), "AKID".into())]);
    }

    #[test]
    fn a_cut_body_gives_what_was_whole() {
        let cut = &BODY[..75];
        let fields = fields_before_file("Multipart/Form-Data; charset=utf-8; boundary=\"x1\"", cut);
        assert_eq!(fields, [("key".to_owned(), "dir/a b.jpg".to_owned())]);
    }

    #[test]
    fn anything_else_gives_nothing() {
        assert!(fields_before_file("application/xml; boundary=x1", BODY).is_empty());
        assert!(fields_before_file("multipart/form-data", BODY).is_empty());
        assert!(fields_before_file("multipart/form-data; boundary=other", BODY).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(body: Vec<u8>, boundary in "[a-z]{1,3}") {
            let _ = fields_before_file(&format!("multipart/form-data; boundary={boundary}"), &body);
        }
    }
}
