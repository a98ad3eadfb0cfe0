//! Answers that coswhy makes itself: in COS's form, so that SDKs show them, and named by RFC 9209.

use std::net::SocketAddr;

use crate::harness::{HOST, Proxy, Upstream, get, ok};

fn unreachable() -> Proxy {
    let nobody = SocketAddr::from(([127, 0, 0, 1], crate::harness::free_port()));
    Proxy::start(&format!("upstream.url = \"http://{nobody}\""))
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    Some(text.split_once(open)?.1.split_once(close)?.0)
}

#[test]
fn they_are_xml_for_sdks() {
    let answer = unreachable().exchange(get("/some/key?q-signature=0123456789abcdef", ""));
    assert_eq!(answer.status, 502);
    assert_eq!((answer.get("content-type"), answer.get("server")), (Some("application/xml"), Some("coswhy")));
    let text = answer.text();
    assert!(between(&text, "<Code>", "</Code>").is_some_and(|c| c.starts_with("Coswhy")), "{text}");
    assert!(between(&text, "<Message>", "</Message>").is_some_and(|m| m.len() > 20), "{text}");
    assert!(between(&text, "<Resource>", "</Resource>").is_some_and(|r| r.contains("some/key")), "{text}");
    let id = between(&text, "<RequestId>", "</RequestId>").unwrap();
    assert!(id.parse::<ulid::Ulid>().is_ok(), "{id}");
    assert_eq!(answer.get("x-cos-request-id"), Some(id));
    assert!(!text.contains("0123456789abcdef"), "no signature");
    assert!(answer.get("proxy-status").unwrap().starts_with("coswhy"));
}

#[test]
fn they_are_problem_json_for_who_asks() {
    let proxy = unreachable();
    let answer = proxy.exchange(get("/k", "Accept: application/json\r\n"));
    assert_eq!((answer.status, answer.get("content-type")), (502, Some("application/problem+json")));
    let json = answer.json();
    assert_eq!(json["status"], 502);
    assert!(json["title"].is_string() && json["detail"].is_string() && json["type"].is_string(), "{json}");
    let id = proxy.log_line()["request_id"].as_str().unwrap().to_owned();
    assert_eq!(answer.get("x-cos-request-id"), Some(id.as_str()));
}

#[test]
fn head_gets_no_body_of_theirs() {
    let proxy = unreachable();
    let mut wire = proxy.connect();
    for _ in 0..2 {
        wire.send(format!("HEAD /k HTTP/1.1\r\nHost: {HOST}\r\n\r\n"));
        let answer = wire.read_response("HEAD").expect("an answer");
        assert_eq!(answer.status, 502);
    }
}

/// A stranger's Host or target comes back as text, never as markup.
#[test]
fn markup_in_a_refused_name_is_escaped() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange("GET /a&b%3Cc HTTP/1.1\r\nHost: </Message><script>&\r\n\r\n");
    let text = answer.text();
    assert!(matches!(answer.status, 400 | 421));
    assert!(!text.contains("<script>"), "{text}");
    assert_eq!(text.matches("</Message>").count(), 1, "{text}");
    let answer = proxy.exchange("GET /k HTTP/1.1\r\nHost: a\"b\\c\r\nAccept: application/json\r\n\r\n");
    assert!(answer.json()["status"].is_number());
    assert!(answer.get("proxy-status").is_none_or(|v| v.is_ascii()));
}

/// The refusal says what to do about it.
#[test]
fn a_refused_host_is_told_how_to_be_let_through() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange("GET /k HTTP/1.1\r\nHost: files.example.com\r\n\r\n");
    assert_eq!(answer.status, 421);
    assert!(answer.text().contains("allowed_hosts"), "{}", answer.text());
    assert!(answer.head.has("date"), "an origin with a clock dates its 4xx (RFC 9110, 6.6.1)");
}
