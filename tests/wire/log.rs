//! The log: one JSON object a line for every request, whatever happened to it.

use crate::harness::{DENIED, HOST, Proxy, Upstream, get, millis, ok, put_head, refusal, within};

const ID: &str = "NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=";

#[test]
fn a_forwarded_request_has_its_line() {
    let upstream = Upstream::answering(format!(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx-cos-request-id: {ID}\r\n\r\nhello"
    ));
    let proxy = Proxy::before(&upstream, "");
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let fields = format!("traceparent: 00-{trace}-00f067aa0ba902b7-01\r\n");
    proxy.exchange(put_head(3, &fields).replace("/key", "/dir/a%20b?partNumber=1") + "abc");
    let line = proxy.log_line();
    let expected = [
        ("level", "INFO"),
        ("trace_id", trace),
        ("method", "PUT"),
        ("host", HOST),
        ("path", "/dir/a%20b?partNumber=1"),
        ("bucket", "examplebucket-1250000000"),
        ("region", "ap-guangzhou"),
        ("key", "dir/a b"),
        ("outcome", "forwarded"),
        ("cos_request_id", ID),
    ];
    for (name, value) in expected {
        assert_eq!(line[name], value, "{name} in {line}");
    }
    assert_eq!((line["status"].as_u64(), line["bytes_in"].as_u64()), (Some(200), Some(3)), "{line}");
    assert_eq!(line["bytes_out"].as_u64(), Some(5), "{line}");
    assert!(line["request_id"].as_str().unwrap().parse::<ulid::Ulid>().is_ok());
    assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
    assert!(line["message"].as_str().is_some_and(|m| !m.is_empty()));
    assert!(line["client"].as_str().unwrap().starts_with("127.0.0.1"));
    assert!(line["duration_ms"].is_number() && line["upstream_ms"].is_number(), "{line}");
    assert_eq!(upstream.request().head.get("traceparent"), fields.trim().strip_prefix("traceparent: "));
}

#[test]
fn a_diagnosed_request_has_its_line() {
    let upstream = Upstream::answering(refusal(DENIED));
    let proxy = Proxy::before(&upstream, "");
    proxy.exchange(get("/key", ""));
    let line = proxy.log_line();
    for (name, value) in [
        ("level", "WARN"),
        ("outcome", "diagnosed"),
        ("cause", "anonymous-access-denied"),
        ("cos_code", "AccessDenied"),
        ("cos_message", "Access Denied."),
        ("cos_request_id", ID),
    ] {
        assert_eq!(line[name], value, "{name} in {line}");
    }
    assert!(line["confidence"].is_string() && line["summary"].is_string(), "{line}");
    assert!(line["evidence"].as_array().is_some_and(|e| !e.is_empty()), "{line}");
}

#[test]
fn what_never_reached_the_upstream_has_its_line() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    for (request, outcome) in [
        ("GET /k HTTP/1.1\r\nHost: example.com\r\n\r\n".to_owned(), "address-refused"),
        ("GET http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n".to_owned(), "address-refused"),
        ("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n".to_owned(), "address-refused"),
        ("GET /k HTTP/1.1\r\nBad Field: x\r\n\r\n".to_owned(), "bad-request"),
        ("nonsense\r\n\r\n".to_owned(), "bad-request"),
        (format!("GET /k HTTP/1.1\r\nHost: {HOST}\r\nHost: {HOST}\r\n\r\n"), "bad-request"),
        (get("/k", &format!("X: {}\r\n", "x".repeat(200_000))), "head-too-large"),
    ] {
        let before = proxy.log_now().len();
        let mut wire = proxy.connect();
        let _ = wire.try_send(&request);
        let answer = wire.read_response("GET");
        drop(wire);
        let line = proxy.log(before + 1).pop().unwrap();
        assert_eq!(line["outcome"], outcome, "{line}");
        if let Some(answer) = answer {
            assert_eq!(line["status"].as_u64(), Some(answer.status.into()), "{line}");
        }
    }
    assert!(upstream.requests().is_empty());
}

/// Connections without a byte are no requests: a balancer's probes must not fill the log.
#[test]
fn a_connection_without_a_request_has_no_line() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    for _ in 0..3 {
        drop(proxy.connect());
    }
    std::thread::sleep(millis(200));
    assert!(proxy.log_now().is_empty(), "{:?}", proxy.log_now());
}

/// A request whose head broke off was one.
#[test]
fn a_head_that_breaks_off_has_its_line() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send("GET /k HTTP/1.1\r\nHo");
    std::thread::sleep(millis(50));
    drop(wire);
    assert_eq!(proxy.log_line()["outcome"], "client-aborted");
}

#[test]
fn the_line_comes_when_the_answer_has_ended() {
    let upstream = Upstream::start(|mut wire, _, _| {
        if wire.read_request().is_some() {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
            std::thread::sleep(millis(500));
            wire.send("after");
        }
    });
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(get("/k", ""));
    wire.read_head().unwrap();
    assert!(proxy.log_now().is_empty());
    assert_eq!(wire.read_up_to(10).len(), 10);
    let line = proxy.log_line();
    assert_eq!(line["bytes_out"], 10);
    assert!(line["duration_ms"].as_f64().unwrap() >= 400.0, "{line}");
    assert!(line["upstream_ms"].as_f64().unwrap() < 400.0, "{line}");
}

#[test]
fn each_of_many_requests_has_exactly_one_line() {
    let upstream = Upstream::by(|r| if r.target() == "/no" { refusal(DENIED) } else { ok("yes") });
    let proxy = Proxy::before(&upstream, "");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut wire = proxy.connect();
                for n in 0..50 {
                    wire.send(get(if n % 5 == 0 { "/no" } else { "/yes" }, ""));
                    wire.read_response("GET").unwrap();
                }
            });
        }
    });
    let lines = proxy.log(400);
    assert_eq!(lines.iter().filter(|l| l["outcome"] == "diagnosed").count(), 80);
    let ids: std::collections::HashSet<_> = lines.iter().map(|l| l["request_id"].to_string()).collect();
    assert_eq!(ids.len(), 400);
}

/// A log that was moved away is opened anew on SIGHUP (logrotate).
#[test]
fn sighup_reopens_the_file() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    proxy.exchange(get("/before", ""));
    assert_eq!(proxy.log_line()["path"], "/before");
    std::fs::rename(proxy.directory.path("log"), proxy.directory.path("log.1")).unwrap();
    proxy.hang_up();
    assert!(within(millis(2000), || proxy.directory.path("log").exists()));
    proxy.exchange(get("/after", ""));
    assert_eq!(proxy.log_line()["path"], "/after");
    let old = proxy.directory.read("log.1");
    assert!(old.contains("/before") && !old.contains("/after"));
}
