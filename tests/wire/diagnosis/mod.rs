//! What a client gets of a refusal: the header, the body, and what stays as COS sent it.

mod body;
mod header;
mod late;
mod negotiation;
mod own;
mod recent;
mod rewritten;
mod unchanged;

use crate::harness::{Proxy, Response, Upstream, get, refusal};

/// What a client of coswhy in front of `answer` gets.
fn diagnosed(answer: impl Into<Vec<u8>>, fields: &str, settings: &str) -> Response {
    let upstream = Upstream::answering(answer);
    let proxy = Proxy::before(&upstream, settings);
    proxy.exchange(get("/key", fields))
}

/// The `<Diagnosis>` element's JSON, which is the last thing in `<Error>`.
fn element(answer: &Response) -> serde_json::Value {
    let text = answer.text();
    let (_, rest) = text.split_once("<Diagnosis>").unwrap_or_else(|| panic!("no element in {text}"));
    let (json, rest) = rest.split_once("</Diagnosis>").unwrap();
    assert_eq!(rest.trim(), "</Error>", "it is the last element");
    assert!(!json.contains(['<', '>', '&', '\n']), "{json}");
    assert!(json.len() <= 4096, "{} bytes", json.len());
    serde_json::from_str(json).unwrap_or_else(|e| panic!("{e}: {json}"))
}

fn lengths_agree(answer: &Response) {
    if let Some(length) = answer.head.content_length() {
        assert_eq!(length, answer.body.data.len());
    }
    assert!(answer.body.complete);
}

fn denied(code: &str, message: &str) -> Vec<u8> {
    refusal(format!(
        "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>{code}</Code>\n\t<Message>{message}</Message>\n\
         \t<Resource>h/k</Resource>\n\t<RequestId>NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=</RequestId>\n</Error>\n"
    ))
}
