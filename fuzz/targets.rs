//! What each fuzz target does with its bytes; the corpus test under `cargo test` runs the same functions.
#![allow(dead_code, reason = "each fuzz target is a program of its own and uses one of these")]

use std::sync::LazyLock;

use coswhy::cos::auth::Auth;
use coswhy::cos::error::ErrorBody;
use coswhy::cos::redact;
use coswhy::diagnosis::report::{problem, xml};
use coswhy::diagnosis::{Engine, Exchange};
use coswhy::evidence;
use http::{HeaderMap, HeaderValue, header};
use ulid::Ulid;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builtin().unwrap_or_default());

/// An answer's body, as it came off the wire.
pub(crate) fn error_body(data: &[u8]) {
    let _ = ErrorBody::parse(data);
    let exchange = Exchange {
        response: coswhy::diagnosis::ResponseEvidence {
            status: Some(403),
            body: Some(data.to_vec().into()),
            ..Default::default()
        },
        ..Exchange::default()
    };
    explained(&exchange, Some(data));
}

/// An Authorization value, and the same bytes as a query and as a form's fields.
pub(crate) fn authorization(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(data) {
        headers.insert(header::AUTHORIZATION, value);
    }
    let form: Vec<(String, String)> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let _ = Auth::from_request(&headers, None, None);
    let _ = Auth::from_request(&HeaderMap::new(), Some(&text), None);
    let _ = Auth::from_request(&HeaderMap::new(), None, Some(&form));
    let _ = redact::target(&text);
    let _ = redact::header_value("authorization", data);
}

/// A HAR, whether or not the bytes begin like one.
pub(crate) fn har(data: &[u8]) {
    let mut har = b"{\"log\":{\"version\":\"1.2\",\"entries\":[".to_vec();
    har.extend_from_slice(data);
    for input in [data, har.as_slice()] {
        read(input);
    }
}

/// HTTP messages as text.
pub(crate) fn curl_output(data: &[u8]) {
    let mut verbose = b"> GET /a HTTP/1.1\r\n> Host: b-1250000000.cos.ap-x.myqcloud.com\r\n> \r\n< HTTP/1.1 403 Forbidden\r\n".to_vec();
    verbose.extend_from_slice(data);
    for input in [data, verbose.as_slice()] {
        read(input);
    }
}

/// What programs print.
pub(crate) fn exception(data: &[u8]) {
    read(data);
}

/// A user's rule file.
pub(crate) fn rule_file(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    if let Ok(engine) = Engine::load(&[("fuzz.toml".to_owned(), text)]) {
        let _ = engine.diagnose(&Exchange::default(), Ulid::nil());
    }
}

fn read(input: &[u8]) {
    if let Ok(found) = evidence::read("input", input) {
        assert!(!found.is_empty(), "no failure is an error");
        for evidence in found.iter().take(16) {
            let _ = evidence.source.to_string();
            explained(&evidence.exchange, None);
        }
    }
}

/// Whatever was read, it is explained within the bounds that clients rely on.
fn explained(exchange: &Exchange, body: Option<&[u8]>) {
    let diagnosis = ENGINE.diagnose(exchange, Ulid::nil());
    assert!(diagnosis.header_value().len() <= 512, "the header's limit");
    let explanation = diagnosis.explanation(coswhy::config::settings::Language::En);
    let _ = problem::json(&explanation);
    if let Some(body) = body {
        let _ = xml::annotate(body, &explanation);
    }
}
