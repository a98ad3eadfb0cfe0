//! The HTML form of website hosts: a heading and a list of `Name: value` items.

use quick_xml::escape::unescape;

use super::{ErrorBody, Form};

/// Items that make a page an error of COS rather than anybody's.
const NAMES: [&str; 7] = ["Code", "Message", "Key", "Resource", "RequestId", "TraceId", "BucketName"];

pub(super) fn looks_like(text: &str) -> bool {
    let head = text.get(..64).unwrap_or(text).to_ascii_lowercase();
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

pub(super) fn parse(text: &str) -> Option<ErrorBody> {
    let mut error = ErrorBody { form: Form::Html, ..ErrorBody::default() };
    for piece in text.split(['<', '\n']) {
        // what follows a tag's `>` is its text
        let piece = piece.rsplit_once('>').map_or(piece, |(_, text)| text).trim();
        let Some((name, value)) = piece.split_once(':') else { continue };
        if NAMES.contains(&name.trim()) {
            let value = unescape(value.trim()).unwrap_or_else(|_| value.trim().into());
            error.set(name.trim(), &value);
        }
    }
    // a page that merely has a line "Message: …" is not COS's
    (error.code.is_some() && (error.message.is_some() || error.request_id.is_some())).then_some(error)
}
