//! `X-Cos-Diagnosis`, `Link` and the CORS fields.

use super::{denied, diagnosed};
use crate::harness::{DENIED, HOST, Proxy, Upstream, get, ok, refusal};

#[test]
fn a_refusal_carries_the_structured_field() {
    let answer = diagnosed(refusal(DENIED), "", "");
    assert_eq!(answer.status, 403);
    let [value] = answer.head.all("x-cos-diagnosis")[..] else { panic!("{:?}", answer.head.fields) };
    assert!(value.len() <= 512 && value.is_ascii());
    let mut parts = value.splitn(4, ';');
    assert_eq!(parts.next(), Some("anonymous-access-denied"));
    assert!(matches!(parts.next(), Some("confidence=certain" | "confidence=likely")), "{value}");
    let id = parts.next().unwrap().strip_prefix("id=\"").unwrap().trim_end_matches('"');
    assert!(id.parse::<ulid::Ulid>().is_ok(), "{id}");
    let summary = parts.next().unwrap().strip_prefix("summary=\"").unwrap();
    assert!(summary.len() > 10 && summary.ends_with('"') && summary.len() <= 201, "{summary}");
}

/// Whatever strangers put into keys, the field stays within its size and its alphabet.
#[test]
fn the_field_stays_small_and_ascii() {
    let upstream = Upstream::answering(refusal(DENIED));
    let proxy = Proxy::before(&upstream, "");
    let long = format!("/{}?x={}", "%E4%B8%AD\"\\".repeat(60), "y;z=\\".repeat(100));
    for fields in ["", "Referer: http://evil.example/\"\\;x=1\r\n", "Origin: \"quoted\"\r\n"] {
        let answer = proxy.exchange(get(&long, fields));
        let value = answer.get("x-cos-diagnosis").expect("diagnosed");
        assert!(value.len() <= 512, "{} bytes", value.len());
        assert!(value.bytes().all(|b| (0x20..0x7f).contains(&b)), "{value}");
    }
}

#[test]
fn a_forged_header_is_dropped() {
    let forged = String::from_utf8(refusal(DENIED)).unwrap().replace(
        "Server: tencent-cos\r\n",
        "Server: tencent-cos\r\nx-cos-diagnosis: forged;confidence=certain\r\nX-COS-DIAGNOSIS: again\r\n",
    );
    let answer = diagnosed(forged, "", "");
    assert_eq!(answer.head.all("x-cos-diagnosis").len(), 1);
    assert_eq!(answer.cause(), Some("anonymous-access-denied"));
    let plain = "HTTP/1.1 200 OK\r\nX-Cos-Diagnosis: forged\r\nContent-Length: 2\r\n\r\nok";
    assert!(!diagnosed(plain, "", "").head.has("x-cos-diagnosis"));
}

#[test]
fn only_the_statuses_of_the_settings_are_diagnosed() {
    let answer = |status: u16| {
        String::from_utf8(refusal(DENIED))
            .unwrap()
            .replace("403 Forbidden", &format!("{status} Status"))
            .into_bytes()
    };
    for status in [400, 401, 402, 403, 411, 451] {
        assert!(diagnosed(answer(status), "", "").head.has("x-cos-diagnosis"), "{status}");
    }
    for status in [200, 206, 301, 404, 405, 409, 412, 416, 429, 500, 503] {
        let got = diagnosed(answer(status), "", "");
        assert!(!got.head.has("x-cos-diagnosis"), "{status}");
        assert_eq!(got.text(), DENIED, "{status}");
    }
    assert!(diagnosed(answer(404), "", "diagnosis.statuses = [404]").head.has("x-cos-diagnosis"));
    assert!(!diagnosed(answer(400), "", "diagnosis.statuses = [404]").head.has("x-cos-diagnosis"));
    assert!(
        diagnosed(answer(403), "", "diagnosis.statuses = [404]").head.has("x-cos-diagnosis"),
        "403 always"
    );
}

#[test]
fn head_has_the_header_alone() {
    let bare = "HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nContent-Length: 321\r\n\
        Server: tencent-cos\r\nx-cos-request-id: NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=\r\n\r\n";
    let upstream = Upstream::answering(bare);
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    for _ in 0..2 {
        wire.send(format!("HEAD /key HTTP/1.1\r\nHost: {HOST}\r\nAccept: application/json\r\n\r\n"));
        let answer = wire.read_response("HEAD").unwrap();
        assert_eq!((answer.status, answer.cause()), (403, Some("anonymous-access-denied")));
        assert!(answer.get("x-cos-diagnosis").unwrap().contains("confidence=likely"));
    }
    wire.send(format!(
        "HEAD /key HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: q-sign-algorithm=sha1&q-ak=AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q\
         &q-sign-time=1480932292;1981012292&q-key-time=1480932292;1981012292&q-header-list=host&q-url-param-list=\
         &q-signature=a5de76b0734f084a7ea24413f7168b4bdbe5676c\r\n\r\n"
    ));
    let answer = wire.read_response("HEAD").unwrap();
    assert_eq!(answer.cause(), Some("permission-denied"));
    assert!(answer.get("x-cos-diagnosis").unwrap().contains("confidence=possible"));
}

#[test]
fn link_points_at_the_explanation_where_it_can_be_had() {
    let answer = diagnosed(refusal(DENIED), "", "admin.public_url = \"https://why.example.com/base\"");
    let id = answer.get("x-cos-diagnosis").unwrap().split("id=\"").nth(1).unwrap()[..26].to_owned();
    let link = answer.get("link").expect("a link");
    assert_eq!(link, format!("<https://why.example.com/base/diagnoses/{id}>; rel=\"describedby\""));
    assert!(!diagnosed(refusal(DENIED), "", "").head.has("link"));
    let upstream = Upstream::answering(ok("fine"));
    let proxy = Proxy::before(&upstream, "admin.public_url = \"https://why.example.com\"");
    assert!(!proxy.exchange(get("/key", "")).head.has("link"));
}

#[test]
fn the_explanation_is_kept_under_its_id() {
    let upstream = Upstream::answering(refusal(DENIED));
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(get("/key", ""));
    let id = &answer.get("x-cos-diagnosis").unwrap().split("id=\"").nth(1).unwrap()[..26];
    let explanation = proxy.ask_admin(&format!("/diagnoses/{id}")).unwrap();
    assert_eq!(explanation.status, 200);
    assert_eq!(explanation.json()["diagnosis"]["cause"], "anonymous-access-denied");
    let line = proxy.log_line();
    assert_eq!(
        (line["request_id"].as_str(), line["cause"].as_str()),
        (Some(id), Some("anonymous-access-denied"))
    );
}

#[test]
fn page_scripts_may_read_it_where_they_may_read_the_answer() {
    let with = |fields: &str| {
        String::from_utf8(denied("AccessForbidden", "CORSResponse: This CORS request is not allowed."))
            .unwrap()
            .replace("Server: tencent-cos\r\n", &format!("Server: tencent-cos\r\n{fields}"))
    };
    let exposed = |fields: &str| {
        let answer = diagnosed(with(fields), "Origin: https://app.example.com\r\n", "");
        answer.head.all("access-control-expose-headers").join(", ").to_lowercase()
    };
    let origin = "Access-Control-Allow-Origin: https://app.example.com\r\n";
    assert!(exposed(origin).contains("x-cos-diagnosis"));
    let listed = exposed(&format!("{origin}Access-Control-Expose-Headers: ETag, x-cos-request-id\r\n"));
    for name in ["etag", "x-cos-request-id", "x-cos-diagnosis"] {
        assert!(listed.contains(name), "{name} in {listed}");
    }
    assert_eq!(exposed(""), "", "nothing is exposed where COS allows no origin");
}
