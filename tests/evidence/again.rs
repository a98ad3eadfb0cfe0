//! What coswhy said of an exchange leads to the same cause when it is read again.

use coswhy::config::settings::Language;
use coswhy::diagnosis::report::problem;
use coswhy::diagnosis::{Engine, Exchange, Fields, ProxyEvidence, ProxySigning};
use coswhy::evidence::read;
use ulid::Ulid;

fn exchange(headers: &[(&str, &str)], code: &str, message: &str) -> Exchange {
    let mut exchange = Exchange::default();
    exchange.request.method = Some("GET".into());
    exchange.request.host = Some("demo-1250000000.cos.ap-guangzhou.myqcloud.com".into());
    exchange.request.target = Some("/a.txt".into());
    exchange.request.headers = Fields::all(http::HeaderMap::new());
    for (name, value) in headers {
        exchange.request.headers.push(name, value);
    }
    exchange.response.status = Some(403);
    exchange.response.headers = Fields::all(http::HeaderMap::new());
    exchange.response.headers.push("server", "tencent-cos");
    exchange.response.headers.push("x-cos-request-id", "NjliYzVjYTBfYTM0MjBiMDlfMWE0N18xYzIyZDcw");
    let body = format!(
        "<Error><Code>{code}</Code><Message>{message}</Message><RequestId>NjliYzVjYTBfYTM0MjBiMDlfMWE0N18xYzIyZDcw</RequestId></Error>"
    );
    exchange.response.body = Some(body.into());
    exchange
}

const SIGNED: &str = "q-sign-algorithm=sha1&q-ak=AKIDabcdefghijklmnopqrstuvwxyz012345&q-sign-time=1773959000;1773970000&q-key-time=1773959000;1773970000&q-header-list=host&q-url-param-list=&q-signature=0123456789012345678901234567890123456789";

#[test]
fn an_explanation_read_again_has_the_same_cause() {
    let engine = Engine::builtin().unwrap();
    let token = ("x-cos-security-token", "token");
    for (headers, code, message) in [
        (&[][..], "AccessDenied", "Access Denied."),
        (&[("authorization", SIGNED)], "AccessDenied", "Access Denied."),
        (&[("authorization", SIGNED), token], "AccessDenied", "Access Denied."),
        (&[("referer", "https://a.example/")], "AccessDenied", "You are denied by bucket referer rule"),
        (&[], "InvalidObjectState", "The operation is not valid for the object storage class."),
    ] {
        let first = engine.diagnose(&exchange(headers, code, message), Ulid::nil());
        let json = problem::json(&first.explanation(Language::En));
        let found = read("explanation", json.as_slice()).unwrap();
        let again = engine.diagnose(&found[0].exchange, Ulid::nil());
        assert_eq!(again.cause, first.cause, "{headers:?} {message}");
        assert!(again.confidence <= first.confidence);
    }
}

#[test]
fn a_log_line_read_again_has_the_same_cause() {
    let engine = Engine::builtin().unwrap();
    let first = engine.diagnose(&exchange(&[], "AccessDenied", "Access Denied."), Ulid::nil());
    let explanation = serde_json::to_value(first.explanation(Language::En)).unwrap();
    let line = serde_json::json!({
        "timestamp": "2026-03-24T12:00:01Z", "level": "WARN", "message": "diagnosed", "request_id": Ulid::nil().to_string(),
        "method": "GET", "host": "demo-1250000000.cos.ap-guangzhou.myqcloud.com", "path": "/a.txt", "status": 403,
        "outcome": "diagnosed", "cause": &*first.cause, "cos_code": "AccessDenied", "cos_message": "Access Denied.",
        "evidence": explanation["diagnosis"]["evidence"],
    });
    let found = read("log", line.to_string().as_bytes()).unwrap();
    assert_eq!(engine.diagnose(&found[0].exchange, Ulid::nil()).cause, first.cause);
}

/// What coswhy did to a request is written down with its cause.
#[test]
fn what_coswhy_itself_caused_is_found_again() {
    let engine = Engine::builtin().unwrap();
    for signing in [ProxySigning::NoKey, ProxySigning::DoesNotVerify] {
        let mut refused = exchange(
            &[("host", "127.0.0.1:8080"), ("authorization", SIGNED)],
            "SignatureDoesNotMatch",
            "The Signature you specified is invalid.",
        );
        refused.request.host = Some("127.0.0.1:8080".into());
        refused.proxy = Some(ProxyEvidence {
            host_sent: Some("demo-1250000000.cos.ap-guangzhou.myqcloud.com".into()),
            signing: Some(signing),
            ..ProxyEvidence::default()
        });
        let first = engine.diagnose(&refused, Ulid::nil());
        let json = problem::json(&first.explanation(Language::En));
        let explanation: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let line = serde_json::json!({
            "timestamp": "2026-03-24T12:00:01Z", "level": "WARN", "message": "diagnosed",
            "request_id": Ulid::nil().to_string(), "method": "GET", "host": "127.0.0.1:8080", "path": "/a.txt",
            "status": 403, "outcome": "diagnosed", "signing": signing.as_str(), "cause": &*first.cause,
            "cos_code": "SignatureDoesNotMatch", "cos_message": "The Signature you specified is invalid.",
            "evidence": explanation["diagnosis"]["evidence"],
        });
        for text in [json, line.to_string().into_bytes()] {
            let found = read("input", text.as_slice()).unwrap();
            let again = engine.diagnose(&found[0].exchange, Ulid::nil());
            assert_eq!(again.cause, first.cause, "{}", signing.as_str());
            let bucket = again.explanation(Language::En).cos.bucket;
            assert_eq!(bucket.as_deref(), Some("demo-1250000000"));
        }
    }
}
