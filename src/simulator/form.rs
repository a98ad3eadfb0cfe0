//! A browser's upload form (multipart/form-data, RFC 7578): its fields, then its file.

use bytes::Bytes;
use memchr::memmem;

/// A form, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// In order, up to the file: what follows it is ignored.
    pub(super) fields: Vec<(String, String)>,
    pub(super) file: Option<File>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) content_type: Option<String>,
    pub(super) data: Bytes,
}

impl Form {
    /// `None`: the body is not well-formed.
    pub(super) fn parse(content_type: &str, body: &Bytes) -> Option<Self> {
        let boundary = content_type.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
        let delimiter = format!("--{}", boundary.trim_matches('"'));
        let between = format!("\r\n{delimiter}");
        let mut form = Self { fields: Vec::new(), file: None };
        let mut at = memmem::find(body, delimiter.as_bytes())? + delimiter.len();
        loop {
            let rest = body.get(at..)?;
            if rest.starts_with(b"--") {
                return Some(form);
            }
            let rest = rest.strip_prefix(b"\r\n")?;
            let head_length = memmem::find(rest, b"\r\n\r\n")?;
            let head = String::from_utf8_lossy(rest.get(..head_length)?).into_owned();
            let start = at + 2 + head_length + 4;
            let length = memmem::find(body.get(start..)?, between.as_bytes())?;
            let data = body.slice(start..start + length);
            at = start + length + between.len();
            let name = attribute(&head, "name")?;
            if name == "file" {
                let content_type = header(&head, "content-type").map(str::to_owned);
                let name = attribute(&head, "filename").unwrap_or_default();
                form.file = Some(File { name, content_type, data });
                return Some(form);
            }
            form.fields.push((name, String::from_utf8_lossy(&data).into_owned()));
        }
    }

    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// A parameter of Content-Disposition.
fn attribute(head: &str, name: &str) -> Option<String> {
    let disposition = header(head, "content-disposition")?;
    disposition.split(';').find_map(|part| {
        let value = part.trim().strip_prefix(name)?.strip_prefix('=')?;
        Some(value.trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "multipart/form-data; boundary=xx";

    #[test]
    fn fields_end_at_the_file() {
        let body = Bytes::from_static(
            b"--xx\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na/b\r\n--xx\r\nContent-Disposition: form-data; \
              name=\"file\"; filename=\"f.bin\"\r\nContent-Type: x/y\r\n\r\n\r\n--x\x00\r\n--xx\r\nContent-Disposition: \
              form-data; name=\"late\"\r\n\r\n1\r\n--xx--\r\n",
        );
        let form = Form::parse(KIND, &body).unwrap();
        assert_eq!(form.fields, [("key".to_owned(), "a/b".to_owned())]);
        let file = form.file.unwrap();
        assert_eq!((file.name.as_str(), file.content_type.as_deref()), ("f.bin", Some("x/y")));
        assert_eq!(file.data.as_ref(), b"\r\n--x\x00");
    }

    #[test]
    fn what_is_cut_or_has_no_boundary_is_refused() {
        for (kind, body) in [
            (KIND, "--xx\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na"),
            (KIND, "nothing"),
            ("multipart/form-data", "--xx--"),
            (KIND, "--xx\r\n\r\n\r\n--xx--"),
        ] {
            assert_eq!(Form::parse(kind, &Bytes::from_static(body.as_bytes())), None, "{body}");
        }
    }
}
