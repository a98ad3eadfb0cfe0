//! Answers to what never became a request: hyper refuses malformed heads by itself, with a status line and
//! nothing else; here its refusal gets the body and the fields that every answer of coswhy's own has.

use http::StatusCode;
use ulid::Ulid;

use crate::observe::Outcome;
use crate::proxy::reply::{Fault, Reply};

/// hyper's own refusals, byte for byte.
const BARE: [(&[u8], Outcome); 3] = [
    (b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", Outcome::BadRequest),
    (
        b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
        Outcome::HeadTooLarge,
    ),
    (b"HTTP/1.1 414 URI Too Long\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", Outcome::HeadTooLarge),
];

/// The whole answer that stands in for hyper's bare one, if `written` is one.
pub(crate) fn dress(written: &[u8]) -> Option<Vec<u8>> {
    let (_, outcome) = BARE.iter().find(|(bare, _)| *bare == written)?;
    let fault = match outcome {
        Outcome::HeadTooLarge => Fault::head_too_large(),
        _ => Fault::bad_request("The request's head is not well-formed HTTP/1.1."),
    };
    Some(raw(&fault))
}

/// An answer for a connection that hyper does not serve (any more), which is closed after it.
pub(crate) fn raw(fault: &Fault) -> Vec<u8> {
    let Reply { status, headers, body } = fault.reply(Ulid::generate(), None, "");
    let reason = StatusCode::canonical_reason(&status).unwrap_or("");
    let mut out = format!("HTTP/1.1 {} {reason}\r\nconnection: close\r\n", status.as_u16()).into_bytes();
    for (name, value) in &headers {
        out.extend_from_slice(name.as_str().as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    out.extend_from_slice(&body);
    out
}
