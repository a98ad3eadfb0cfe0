//! Exchanges as text, for snapshots.

use std::fmt::Write as _;

use coswhy::diagnosis::Fields;
use coswhy::evidence::{Evidence, read};

/// The failed exchanges in `input`, or the sentence that says why there are none.
pub(crate) fn printed(input: &[u8]) -> String {
    match read("input", input) {
        Ok(found) => found.iter().map(one).collect::<Vec<_>>().join("\n"),
        Err(error) => format!("error: {error}\n"),
    }
}

fn one(evidence: &Evidence) -> String {
    let mut out = String::new();
    let exchange = &evidence.exchange;
    let (request, response) = (&exchange.request, &exchange.response);
    writeln!(out, "# {}", evidence.source).unwrap();
    writeln!(out, "method {:?} scheme {:?} host {:?}", request.method, request.scheme, request.host).unwrap();
    writeln!(out, "target {:?}", request.target).unwrap();
    fields(&mut out, ">", &request.headers);
    if let Some(form) = &request.form {
        writeln!(out, "form {form:?}").unwrap();
    }
    writeln!(out, "status {:?}", response.status).unwrap();
    fields(&mut out, "<", &response.headers);
    match &response.body {
        None => out.push_str("body unknown\n"),
        Some(body) => writeln!(out, "body {:?}", String::from_utf8_lossy(body)).unwrap(),
    }
    if let Some(text) = &exchange.client_text {
        writeln!(out, "client {text:?}").unwrap();
    }
    out
}

fn fields(out: &mut String, mark: &str, fields: &Fields) {
    writeln!(out, "{mark} seen {:?}", fields.seen).unwrap();
    for (name, value) in &fields.map {
        writeln!(out, "{mark} {name}: {}", String::from_utf8_lossy(value.as_bytes())).unwrap();
    }
}
