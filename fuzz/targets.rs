//! What each fuzz target does with its bytes; the corpus test under `cargo test` runs the same functions.
#![allow(dead_code, reason = "each fuzz target is a program of its own and uses one of these")]

use std::sync::LazyLock;

use coswhy::config::{Secret, settings};
use coswhy::cos::auth::Auth;
use coswhy::cos::error::ErrorBody;
use coswhy::cos::signature::{self, VerifyInput};
use coswhy::cos::{redact, sigv4};
use coswhy::diagnosis::report::{problem, xml};
use coswhy::diagnosis::{Engine, Exchange, ProxySigning};
use coswhy::evidence;
use coswhy::proxy::client_address::proxy_header;
use coswhy::proxy::sign::{Asked, Keys, Sent};
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

/// A request's head, as the signing station gets it: nothing goes out signed that did not come in so.
pub(crate) fn sign(data: &[u8]) {
    let _ = signs(data);
}

/// Whether it was signed anew.
pub(crate) fn signs(data: &[u8]) -> bool {
    const KEY: &str = "EXAMPLEsecretkeyEXAMPLEsecretkey";
    static KEYS: LazyLock<Keys> = LazyLock::new(|| {
        let key = settings::Key {
            secret_id: "AKIDEXAMPLE0000000000000000000000000".to_owned(),
            secret_key: Some(Secret::new(KEY.to_owned())),
            ..settings::Key::default()
        };
        Keys::new(&[key]).unwrap_or_default()
    });
    let text = String::from_utf8_lossy(data);
    let mut lines = text.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let Ok(method) = first.next().unwrap_or_default().parse::<http::Method>() else { return false };
    let Ok(target) = first.next().unwrap_or_default().parse::<http::uri::PathAndQuery>() else {
        return false;
    };
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        if let (Ok(name), Ok(value)) = (name.parse::<http::HeaderName>(), value.parse::<HeaderValue>()) {
            headers.append(name, value);
        }
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1:8080");
    let target = target.as_str();
    let asked = Asked {
        method: &method,
        host,
        any_port: true,
        is_own: true,
        target,
        headers: &headers,
        is_form: false,
    };
    let inside = target.get(1..).and_then(|rest| rest.find('/').and_then(|at| rest.get(at..)));
    let mut signed = false;
    for target in [Some(target), inside].into_iter().flatten() {
        let sent = Sent { host: "b-1250000000.cos.ap-x.myqcloud.com", target };
        let outcome = KEYS.sign(&asked, &sent, 1_557_990_000);
        let anew = outcome.signing() == ProxySigning::Anew;
        assert!(!anew || is_signed(&asked, KEY), "signed what was not");
        signed |= anew;
    }
    signed
}

/// Whether the request bears the key's signature, in any spelling of its host and any reading of its target.
fn is_signed(asked: &Asked<'_>, key: &str) -> bool {
    let auth = Auth::from_request(asked.headers, asked.target.split_once('?').map(|(_, query)| query), None);
    let bare = asked.host.rsplit_once(':').map_or(asked.host, |(name, _)| name);
    let hosts = [asked.host, bare].into_iter().flat_map(|host| [host.to_owned(), host.to_ascii_lowercase()]);
    let readings = [(false, false), (false, true), (true, false), (true, true)]
        .map(|(path_as_sent, plus_is_space)| sigv4::Reading { path_as_sent, plus_is_space });
    hosts.into_iter().any(|host| {
        let input = VerifyInput {
            method: asked.method.as_str(),
            target: asked.target,
            headers: asked.headers,
            host: Some(&host),
            auth: &auth,
        };
        let v4 = sigv4::SigningKey::derive(key, &auth);
        signature::verify(&input, key).is_ok() || readings.iter().any(|r| v4.verify(&input, *r).is_ok())
    })
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

/// A connection's first bytes, from a balancer.
pub(crate) fn proxy_header(data: &[u8]) {
    let _ = begins_with_header(data);
}

/// Whether they begin with a PROXY protocol header, which is the same one with anything after it, and is found as soon
/// as it is whole.
pub(crate) fn begins_with_header(data: &[u8]) -> bool {
    let Ok(Some(header)) = proxy_header::parse(data) else { return false };
    assert!(header.length <= data.len().min(proxy_header::LARGEST), "no byte beyond the limit is taken");
    let whole = data.get(..header.length).unwrap_or_default();
    assert_eq!(proxy_header::parse(whole), Ok(Some(header)), "what follows changes nothing");
    let but_one = whole.get(..header.length - 1).unwrap_or_default();
    assert_eq!(proxy_header::parse(but_one), Ok(None), "it is whole with its last byte");
    true
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
    let explanation = diagnosis.explanation(settings::Language::En);
    let _ = problem::json(&explanation);
    if let Some(body) = body {
        let _ = xml::annotate(body, &explanation);
    }
}
