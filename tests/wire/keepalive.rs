//! The client's connection: kept, pipelined, closed when asked, and HTTP/1.0 (RFC 9112, 9).

use std::time::Duration;

use crate::harness::{DENIED, HOST, Proxy, Upstream, get, millis, ok, put_head, refusal};

/// Answers with the target it was asked for; the higher its number, the sooner.
fn echoing() -> Upstream {
    Upstream::by(|request| {
        let target = request.target().to_owned();
        if target == "/0" {
            std::thread::sleep(millis(200));
        }
        ok(&target)
    })
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let upstream = echoing();
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    let all: String = (0..20).map(|n| get(&format!("/{n}"), "")).collect();
    wire.send(all);
    for n in 0..20 {
        assert_eq!(wire.read_response("GET").unwrap().text(), format!("/{n}"));
    }
}

#[test]
fn pipelined_uploads_and_refusals_stay_in_step() {
    let upstream = Upstream::by(|request| match request.target() {
        "/denied" => refusal(DENIED),
        _ => ok(&format!("{} {}", request.target(), request.body.data.len())),
    });
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    let chunked =
        format!("PUT /c HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    let all = put_head(5, "") + "hello" + &get("/denied", "") + &chunked + "\r\n" + &get("/last", "");
    wire.send(all);
    assert_eq!(wire.read_response("PUT").unwrap().text(), "/key 5");
    let refused = wire.read_response("GET").unwrap();
    assert_eq!((refused.status, refused.body.complete), (403, true));
    assert_eq!(wire.read_response("PUT").unwrap().text(), "/c 3");
    assert_eq!(wire.read_response("GET").unwrap().text(), "/last 0");
}

#[test]
fn connection_close_closes_after_the_answer() {
    let upstream = echoing();
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(get("/a", "Connection: close\r\n") + &get("/never", ""));
    let answer = wire.read_response("GET").unwrap();
    assert_eq!(answer.text(), "/a");
    assert!(answer.get("connection").is_some_and(|v| v.eq_ignore_ascii_case("close")));
    assert!(wire.ends_within(Duration::from_secs(2)));
    assert!(upstream.requests().iter().all(|r| r.target() == "/a"));
}

/// The two sides' connections have nothing to do with each other.
#[test]
fn an_upstream_that_closes_does_not_close_the_client() {
    let upstream = Upstream::once("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    for _ in 0..3 {
        wire.send(get("/k", ""));
        let answer = wire.read_response("GET").unwrap();
        assert_eq!(answer.text(), "ok");
        assert!(!answer.get("connection").is_some_and(|v| v.eq_ignore_ascii_case("close")));
    }
}

#[test]
fn a_client_that_closes_does_not_close_the_upstream() {
    let upstream = echoing();
    let proxy = Proxy::before(&upstream, "runtime.threads = 1");
    for _ in 0..3 {
        assert_eq!(proxy.exchange(get("/k", "Connection: close\r\n")).status, 200);
    }
    assert_eq!(upstream.connections(), 1);
}

#[test]
fn an_http_1_0_client_is_served_and_closed() {
    let upstream = Upstream::by(|_| {
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n".to_vec()
    });
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(format!("GET /k HTTP/1.0\r\nHost: {HOST}\r\n\r\n"));
    let answer = wire.read_response("GET").unwrap();
    assert!(!answer.head.has("transfer-encoding"), "an HTTP/1.0 client knows no chunks");
    assert_eq!((answer.text().as_str(), answer.body.complete), ("ok", true));
    assert!(wire.ends_within(Duration::from_secs(2)));
    assert_eq!(upstream.request().head.first, "GET /k HTTP/1.1");
}

#[test]
fn an_http_1_0_client_may_keep_its_connection() {
    let upstream = echoing();
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    for _ in 0..2 {
        wire.send(format!("GET /k HTTP/1.0\r\nHost: {HOST}\r\nConnection: keep-alive\r\n\r\n"));
        let answer = wire.read_response("GET").unwrap();
        assert_eq!(answer.text(), "/k");
        if !answer.get("connection").is_some_and(|v| v.eq_ignore_ascii_case("keep-alive")) {
            assert!(wire.ends_within(Duration::from_secs(2)), "neither kept nor closed");
            return;
        }
    }
}

/// Without Host, and without an absolute-form target, there is no telling where to.
#[test]
fn an_http_1_0_request_without_host_is_refused_unless_its_target_names_one() {
    let upstream = echoing();
    let proxy = Proxy::before(&upstream, "");
    assert!(matches!(proxy.exchange("GET /k HTTP/1.0\r\n\r\n").status, 400 | 421));
    assert!(upstream.requests().is_empty());
    assert_eq!(proxy.exchange(format!("GET http://{HOST}/k HTTP/1.0\r\n\r\n")).status, 200);
    assert_eq!(upstream.request().head.all("host"), [HOST]);
}

#[test]
fn an_http_1_0_upstream_is_read_to_its_end() {
    let upstream = Upstream::once("HTTP/1.0 200 OK\r\nServer: old\r\n\r\nall of it");
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(get("/k", ""));
    assert_eq!((answer.text().as_str(), answer.body.complete), ("all of it", true));
    assert!(answer.head.first.starts_with("HTTP/1.1 200"));
}

/// RFC 9112, 2.2: an empty line before a request line is passed over.
#[test]
fn empty_lines_before_a_request_are_passed_over() {
    let upstream = echoing();
    let proxy = Proxy::before(&upstream, "");
    assert_eq!(proxy.exchange(format!("\r\n\r\n{}", get("/k", ""))).text(), "/k");
}
