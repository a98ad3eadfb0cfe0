//! `X-Cos-Diagnosis`: the cause in one response header, a structured field (RFC 9651).

use std::fmt::Write as _;

use http::HeaderValue;
use sfv::{ItemSerializer, KeyRef, StringRef, TokenRef};

use crate::diagnosis::verdict::Diagnosis;

/// Longest summary, in bytes after percent-encoding.
const SUMMARY: usize = 200;
/// Longest field value.
const WHOLE: usize = 512;

const CONFIDENCE: &KeyRef = KeyRef::constant("confidence");
const ID: &KeyRef = KeyRef::constant("id");
const SUMMARY_KEY: &KeyRef = KeyRef::constant("summary");

/// An item: the cause as a token, with its confidence, the id and the English summary.
pub(crate) fn value(diagnosis: &Diagnosis) -> HeaderValue {
    let id = diagnosis.id.to_string();
    let mut longest = SUMMARY;
    loop {
        let field = field(
            &diagnosis.cause,
            diagnosis.confidence.as_str(),
            &id,
            &encoded(&diagnosis.summary, longest),
        );
        // quotes and backslashes are escaped once more on the way out
        if field.len() <= WHOLE || longest == 0 {
            return HeaderValue::try_from(field).unwrap_or_else(|_| HeaderValue::from_static("unrecognised"));
        }
        longest = longest.saturating_sub(field.len() - WHOLE);
    }
}

fn field(cause: &str, confidence: &str, id: &str, summary: &str) -> String {
    let token = |text| TokenRef::from_str(text).unwrap_or(TokenRef::constant("unrecognised"));
    let string = |text| StringRef::from_str(text).unwrap_or(StringRef::constant(""));
    ItemSerializer::new()
        .bare_item(token(cause))
        .parameter(CONFIDENCE, token(confidence))
        .parameter(ID, string(id))
        .parameter(SUMMARY_KEY, string(summary))
        .finish()
}

/// ASCII, everything else (and the percent sign itself) percent-encoded; cut between characters.
fn encoded(text: &str, longest: usize) -> String {
    const ELLIPSIS: &str = "...";
    let mut out = String::with_capacity(longest);
    let mut cut = 0;
    for c in text.chars() {
        if out.len() + ELLIPSIS.len() <= longest {
            cut = out.len();
        }
        if c != '%' && (c == ' ' || c.is_ascii_graphic()) {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        if out.len() > longest {
            out.truncate(cut);
            out.truncate(out.trim_end().len());
            out.push_str(ELLIPSIS.get(..longest.min(ELLIPSIS.len())).unwrap_or_default());
            break;
        }
    }
    out
}
