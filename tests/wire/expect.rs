//! `Expect: 100-continue` goes to the upstream, and the upstream's word comes back (RFC 9110, 10.1.1).

use std::time::{Duration, Instant};

use crate::harness::{DENIED, Proxy, Upstream, get, millis, ok, put_head, refusal, within};

const EXPECT: &str = "Expect: 100-continue\r\n";
const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";

#[test]
fn the_upstreams_100_lets_the_body_go() {
    let upstream = Upstream::start(|mut wire, _, seen| {
        let head = wire.read_head().unwrap();
        wire.read_timeout(millis(300));
        assert!(wire.fill().is_some(), "no byte of the body before the 100");
        wire.read_timeout(Duration::from_secs(5));
        wire.send(CONTINUE);
        let data = wire.read_up_to(head.content_length().unwrap());
        let body = crate::harness::Body { data, complete: true, ..Default::default() };
        seen.keep(crate::harness::Request { head, body });
        wire.send(ok("stored"));
    });
    let proxy = Proxy::before(&upstream, "upstream.expect_timeout = \"10s\"");
    let mut wire = proxy.connect();
    wire.send(put_head(5, EXPECT));
    wire.read_timeout(millis(200));
    assert!(wire.read_head().is_none(), "coswhy says nothing before the upstream does");
    wire.read_timeout(Duration::from_secs(5));
    assert_eq!(wire.read_head().expect("an interim answer").first, "HTTP/1.1 100 Continue");
    wire.send("hello");
    assert_eq!(wire.read_response("PUT").unwrap().text(), "stored");
    let seen = upstream.request();
    assert_eq!(
        (seen.head.get("expect"), seen.body.data.as_slice()),
        (Some("100-continue"), b"hello".as_slice())
    );
}

#[test]
fn a_denied_upload_never_leaves_the_client() {
    let upstream = Upstream::start(|mut wire, _, _| {
        let Some(head) = wire.read_head() else { return };
        assert!(head.has("expect"));
        wire.send(refusal(DENIED));
        wire.read_timeout(millis(1500));
        assert_eq!(wire.discard(1), 0, "no byte of the body");
    });
    let proxy = Proxy::before(&upstream, "upstream.expect_timeout = \"10s\"");
    let mut wire = proxy.connect();
    wire.send(put_head(1 << 20, EXPECT));
    let first = wire.read_head().expect("an answer");
    assert_eq!(first.first, "HTTP/1.1 403 Forbidden", "no 100 before it");
    assert!(first.has("x-cos-diagnosis"));
    assert!(wire.read_up_to(first.content_length().unwrap()).ends_with(b"</Error>\n\n"));
}

/// The upstream may as well answer at once and close.
#[test]
fn a_denied_upload_whose_upstream_closes_is_denied_all_the_same() {
    let upstream = Upstream::start(|mut wire, _, _| {
        if wire.read_head().is_some() {
            wire.send(refusal(DENIED));
        }
    });
    let proxy = Proxy::before(&upstream, "upstream.expect_timeout = \"10s\"");
    for _ in 0..10 {
        let answer = proxy.exchange(put_head(1 << 20, EXPECT));
        assert_eq!((answer.status, answer.body.complete), (403, true));
    }
}

/// A client that doesn't wait: its body is held back until the timeout, then goes.
#[test]
fn a_silent_upstream_gets_the_body_after_the_timeout() {
    let upstream = Upstream::start(|mut wire, _, _| {
        let Some(head) = wire.read_head() else { return };
        let since = Instant::now();
        let data = wire.read_up_to(head.content_length().unwrap());
        let waited = since.elapsed().as_millis();
        wire.send(ok(&format!("{} {waited}", data.len())));
    });
    let proxy = Proxy::before(&upstream, "upstream.expect_timeout = \"400ms\"");
    let answer = proxy.exchange(put_head(5, EXPECT) + "hello");
    let text = answer.text();
    let (length, waited) = text.split_once(' ').unwrap();
    let waited: u64 = waited.parse().unwrap();
    assert_eq!((answer.status, length), (200, "5"));
    assert!((300..2000).contains(&waited), "the body came after {waited} ms");
}

/// A client that waits for the 100 for as long as it takes is not left hanging either.
#[test]
fn a_silent_upstream_does_not_hang_a_waiting_client() {
    let upstream = Upstream::answering(ok("stored"));
    let proxy = Proxy::before(&upstream, "upstream.expect_timeout = \"200ms\"");
    let mut wire = proxy.connect();
    wire.send(put_head(5, EXPECT));
    assert_eq!(wire.read_head().expect("leave to send").first, "HTTP/1.1 100 Continue");
    wire.send("hello");
    assert_eq!(wire.read_response("PUT").unwrap().text(), "stored");
}

#[test]
fn a_417_passes() {
    let upstream = Upstream::start(|mut wire, _, _| {
        if wire.read_head().is_some() {
            wire.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
            wire.read_to_end();
        }
    });
    let proxy = Proxy::before(&upstream, "");
    assert_eq!(proxy.exchange(put_head(5, EXPECT)).status, 417);
}

/// RFC 9110, 15.2: an interim answer that nobody asked for harms nothing.
#[test]
fn an_unasked_100_is_no_final_answer() {
    let upstream = Upstream::answering(format!(
        "{CONTINUE}HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    ));
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    for _ in 0..2 {
        wire.send(get("/key", ""));
        let answer = wire.read_response("GET").unwrap();
        assert_eq!((answer.status, answer.text().as_str()), (200, "ok"));
    }
    assert!(within(millis(500), || upstream.requests().len() == 2));
}

/// The final answer may come while the client still waits for leave; later requests are not mixed up with it.
#[test]
fn after_a_denied_upload_the_connection_is_in_step_or_closed() {
    let upstream = Upstream::start(|mut wire, number, seen| {
        if number == 0 {
            wire.read_head().unwrap();
            wire.send(refusal(DENIED));
            wire.read_to_end();
        } else if let Some(request) = wire.read_request() {
            seen.keep(request);
            wire.send(ok("second"));
        }
    });
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(put_head(400, EXPECT));
    assert_eq!(wire.read_response("PUT").unwrap().status, 403);
    if wire.try_send(get("/next", "")).is_ok()
        && let Some(answer) = wire.read_response("GET")
    {
        assert_eq!((answer.status, answer.text().as_str()), (200, "second"));
        assert_eq!(upstream.request().target(), "/next");
    }
}
