//! The diagnosis inside COS's own error: one more element, last in `<Error>`, every other byte as it came.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::explanation::Explanation;
use super::trim;

/// Whether the body is a well-formed XML error of COS, which may be changed or replaced.
#[must_use]
pub fn is_error(body: &[u8]) -> bool {
    end_of_error(body).is_some()
}

/// The body with `<Diagnosis>` in it. `None`: it is not a well-formed XML error of COS, and stays as it is.
#[must_use]
pub fn annotate(body: &[u8], explanation: &Explanation) -> Option<Vec<u8>> {
    let end = end_of_error(body)?;
    let json = trim::one_line(explanation)?;
    let (before, after) = body.split_at_checked(end)?;
    // COS indents its elements by a tab where it indents them at all
    let (indent, line_end): (&[u8], &[u8]) =
        if before.ends_with(b"\n") { (b"\t", b"\n") } else { (b"", b"") };
    let mut out = Vec::with_capacity(body.len() + json.len() + 32);
    out.extend_from_slice(before);
    for part in [indent, b"<Diagnosis>", &json, b"</Diagnosis>", line_end] {
        out.extend_from_slice(part);
    }
    out.extend_from_slice(after);
    Some(out)
}

/// Where `</Error>` of the root begins, in a document of UTF-8 that ends as it should.
fn end_of_error(body: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(body).ok()?;
    // the reader passes over a byte order mark without counting it
    let document = text.trim_start_matches('\u{feff}');
    let marks = text.len() - document.len();
    let mut reader = Reader::from_str(document);
    let mut depth = 0_usize;
    let mut end = None;
    let mut has_code = false;
    loop {
        let position = usize::try_from(reader.buffer_position()).ok()?;
        match reader.read_event().ok()? {
            Event::Decl(declaration) => {
                if let Some(encoding) = declaration.encoding()
                    && !encoding.ok()?.eq_ignore_ascii_case("utf-8")
                {
                    return None;
                }
            }
            Event::Start(tag) => {
                if depth == 0 && (end.is_some() || tag.name().as_ref() != "Error") {
                    return None;
                }
                has_code |= depth == 1 && matches!(tag.name().as_ref(), "Code" | "Message");
                if depth == 1 && tag.name().as_ref() == "Diagnosis" {
                    return None;
                }
                depth += 1;
            }
            Event::End(_) => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    end = Some(marks + position);
                }
            }
            Event::Empty(_) if depth == 0 => return None,
            Event::Eof => break,
            Event::Text(text) if depth == 0 && !text.trim().is_empty() => return None,
            // references outside the root are no XML
            Event::GeneralRef(_) | Event::CData(_) if depth == 0 => return None,
            _ => {}
        }
    }
    end.filter(|_| depth == 0 && has_code)
}
