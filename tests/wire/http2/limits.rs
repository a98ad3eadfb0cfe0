//! Times and sizes: each stream is kept to the same ones as a request of HTTP/1.1, and a connection to its own.

use std::time::{Duration, Instant};

use bytes::Bytes;
use h2::client::Builder;

use crate::harness::{Front, HOST, Http2, Https, Upstream, asking, frame, millis, ok, read_all, run, within};

const SECONDS: Duration = Duration::from_secs(5);
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const CONTINUATION: u8 = 9;

/// A connection on which nothing but the preface has been said.
fn raw(front: &Front) -> Https {
    let mut wire = front.connect(HOST, &["h2"]);
    wire.send([PREFACE, &frame(SETTINGS, 0, 0, &[])].concat());
    wire
}

/// `GET /` for the tests' bucket in HPACK (RFC 7541): three entries of the static table, and the authority.
fn head() -> Vec<u8> {
    let mut block = vec![0x82, 0x87, 0x84, 0x01, HOST.len() as u8];
    block.extend_from_slice(HOST.as_bytes());
    block
}

#[test]
fn a_silent_upstream_is_a_504_for_its_stream_alone() {
    let upstream = Upstream::start(|mut wire, _, _| {
        while let Some(request) = wire.read_request() {
            if request.target() == "/silent" {
                std::thread::sleep(SECONDS);
                return;
            }
            wire.send(ok("ok"));
        }
    });
    let front = Front::before(&upstream, "upstream.response_timeout = \"400ms\"");
    run(async {
        let mut client = Http2::open(&front).await;
        let (silent, _) = client.send(asking("GET", "/silent"), false).await.unwrap();
        let answer = client.ask(asking("GET", "/key")).await.unwrap();
        assert_eq!(read_all(answer.into_body()).await.unwrap(), b"ok");
        let answer = silent.await.unwrap();
        assert_eq!(answer.status(), 504);
        assert_eq!(answer.headers()["server"], "coswhy");
        assert_eq!(client.ask(asking("GET", "/key")).await.unwrap().status(), 200);
    });
}

#[test]
fn an_upload_that_stops_is_a_408() {
    let upstream = Upstream::start(|mut wire, _, _| drop(wire.read_request()));
    let front = Front::before(&upstream, "listener.body_timeout = \"300ms\"");
    run(async {
        let mut client = Http2::open(&front).await;
        let (answer, mut stream) = client.send(asking("PUT", "/key"), true).await.unwrap();
        stream.send_data(Bytes::from_static(b"some"), false).unwrap();
        assert_eq!(answer.await.unwrap().status(), 408);
    });
    assert_eq!(front.proxy.log_line()["outcome"], "client-timeout");
}

#[test]
fn an_answer_that_stops_is_reset() {
    let upstream = Upstream::start(|mut wire, _, _| {
        let _ = wire.read_request();
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome");
        std::thread::sleep(SECONDS);
    });
    let front = Front::before(&upstream, "upstream.body_timeout = \"300ms\"");
    run(async {
        let mut client = Http2::open(&front).await;
        let answer = client.ask(asking("GET", "/key")).await.unwrap();
        assert!(read_all(answer.into_body()).await.unwrap_err().is_reset());
        assert!(!client.connection.is_finished());
    });
    assert_eq!(front.proxy.log_line()["outcome"], "upstream-timeout");
}

/// Without a window an answer would wait for ever.
#[test]
fn a_client_that_opens_no_window_loses_its_stream() {
    let upstream = Upstream::answering(ok(&"x".repeat(1 << 20)));
    let front = Front::before(&upstream, "listener.send_timeout = \"300ms\"");
    run(async {
        let mut client = Http2::with(&front, Builder::new().initial_window_size(0)).await;
        let answer = client.ask(asking("GET", "/key")).await.unwrap();
        let mut body = answer.into_body();
        assert!(body.data().await.unwrap().unwrap_err().is_reset());
        assert!(!client.connection.is_finished());
    });
    assert_eq!(front.proxy.log_line()["outcome"], "client-timeout");
}

/// Pings do not make a connection any less idle; a client that does not heed its end (GOAWAY) is not waited for.
#[test]
fn an_idle_connection_is_closed() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "listener.idle_timeout = \"500ms\"");
    run(async {
        let mut client = Http2::open(&front).await;
        assert_eq!(client.ask(asking("GET", "/key")).await.unwrap().status(), 200);
        let asked = Instant::now();
        // By then it may be writing that it heeds the end, to nobody.
        let _ = client.connection.await.unwrap();
        assert!((millis(300)..SECONDS).contains(&asked.elapsed()), "{:?}", asked.elapsed());
    });
    let front =
        Front::before(&upstream, "listener.idle_timeout = \"500ms\"\nlistener.header_timeout = \"500ms\"");
    let mut wire = raw(&front);
    let begun = Instant::now();
    while begun.elapsed() < SECONDS && wire.try_send(frame(PING, 0, 0, &[0; 8])).is_ok() {
        if wire.ends_within(millis(50)) {
            break;
        }
    }
    assert!(begun.elapsed() < SECONDS, "it went on for {:?}", begun.elapsed());
}

#[test]
fn requests_in_flight_end_before_the_proxy_does() {
    let upstream = Upstream::start(|mut wire, _, _| {
        let _ = wire.read_request();
        std::thread::sleep(millis(600));
        wire.send(ok("in time"));
    });
    let mut front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::open(&front).await;
        let (answer, _) = client.send(asking("GET", "/key"), false).await.unwrap();
        tokio::time::sleep(millis(200)).await;
        front.proxy.terminate();
        let answer = answer.await.unwrap();
        assert_eq!(read_all(answer.into_body()).await.unwrap(), b"in time");
        assert!(client.connection.await.unwrap().is_ok());
    });
    assert!(front.proxy.wait(SECONDS).is_some_and(|status| status.success()));
}

#[test]
fn a_head_above_the_limit_is_a_431() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "listener.max_head = \"16KiB\"");
    run(async {
        let mut client = Http2::open(&front).await;
        let mut request = asking("GET", "/key");
        for _ in 0..20 {
            request.headers_mut().append("x-long", "x".repeat(1000).parse().unwrap());
        }
        assert_eq!(client.ask(request).await.unwrap().status(), 431);
        let mut request = asking("GET", "/key");
        for number in 0..101 {
            let name = http::HeaderName::try_from(format!("x-{number}")).unwrap();
            request.headers_mut().append(name, "x".parse().unwrap());
        }
        let answer = client.ask(request).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["server"]),
            (431, &"coswhy".parse().unwrap())
        );
        assert_eq!(client.ask(asking("GET", "/key")).await.unwrap().status(), 200);
    });
    assert_eq!(upstream.requests().len(), 1);
}

/// Beyond what h2 counts by itself as well as below: the answer has a body, and the log a line.
#[test]
fn a_head_above_the_limit_is_refused_as_in_http_1_1() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "listener.max_head = \"16KiB\"");
    run(async {
        let mut client = Http2::open(&front).await;
        let mut request = asking("GET", "/key");
        request.headers_mut().append("x-long", "x".repeat(17_000).parse().unwrap());
        let answer = client.ask(request).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["server"]),
            (431, &"coswhy".parse().unwrap())
        );
        assert!(!read_all(answer.into_body()).await.unwrap().is_empty());
    });
    assert_eq!(front.proxy.log_line()["outcome"], "head-too-large");
}

#[test]
fn a_head_that_does_not_end_in_time_ends_the_connection() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "listener.header_timeout = \"400ms\"");
    let whole = frame(HEADERS, 0x05, 1, &head());
    let (part, _) = whole.split_at(20);
    for (begin, drip) in [
        (frame(HEADERS, 0, 1, &head()), frame(CONTINUATION, 0, 1, &[0x00, 1, b'a', 1, b'b'])),
        (part.to_vec(), Vec::from([0x82])),
    ] {
        let mut wire = raw(&front);
        let begun = Instant::now();
        wire.send(begin);
        while begun.elapsed() < SECONDS && wire.try_send(&drip).is_ok() && !wire.ends_within(millis(100)) {}
        assert!((millis(300)..millis(2500)).contains(&begun.elapsed()), "{:?} {drip:?}", begun.elapsed());
    }
    // A head that ends is no longer timed.
    let mut wire = raw(&front);
    wire.send(&whole);
    assert!(!wire.ends_within(millis(1000)));
}

/// What many connections may do is not to be had by one: each request that is under way beside another takes a place.
#[test]
fn requests_at_a_time_are_counted_as_connections_are() {
    let upstream = Upstream::start(|mut wire, _, _| {
        let _ = wire.read_head();
        std::thread::sleep(SECONDS);
    });
    let front = Front::before(&upstream, "listener.max_connections = 5");
    run(async {
        let mut client = Http2::open(&front).await;
        let mut waiting = Vec::new();
        for _ in 0..5 {
            waiting.push(client.send(asking("GET", "/silent"), false).await.unwrap());
        }
        tokio::time::sleep(millis(300)).await;
        let answer = client.ask(asking("GET", "/key")).await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["retry-after"]),
            (503, &"1".parse().unwrap())
        );
        assert_eq!(upstream.connections(), 5);
        // A place that is given up is free again.
        waiting.pop().unwrap().1.send_reset(h2::Reason::CANCEL);
        tokio::time::sleep(millis(300)).await;
        let (_answer, _) = client.send(asking("GET", "/silent"), false).await.unwrap();
        tokio::time::sleep(millis(300)).await;
        assert_eq!(upstream.connections(), 6);
    });
    assert_eq!(front.proxy.log_now()[0]["outcome"], "overloaded");
}

/// CVE-2024-27316: a head that never ends.
#[test]
fn a_flood_of_continuations_ends_the_connection() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "");
    let mut wire = raw(&front);
    wire.send(frame(HEADERS, 0, 1, &head()));
    // A field that is indexed at no length: small on the wire, and without end.
    let piece: Vec<u8> = [0x00, 0x01, b'a', 0x01, b'b'].repeat(3000);
    let sent = (0..1000).take_while(|_| wire.try_send(frame(CONTINUATION, 0, 1, &piece)).is_ok()).count();
    assert!(sent < 1000, "all of it was taken");
    assert!(wire.ends_within(SECONDS));
}

#[test]
fn what_is_no_http_2_ends_the_connection_with_a_line() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "");
    let mut wire = raw(&front);
    // A PING on a stream, and of a wrong length (RFC 9113, section 6.7).
    wire.send(frame(PING, 0, 1, &[0; 3]));
    assert!(wire.ends_within(SECONDS));
    let line = front.proxy.log_line();
    assert_eq!(line["outcome"], "bad-request");
    assert!(line["error"].as_str().unwrap().contains("not well-formed HTTP/2"), "{line}");
}

/// A field that names a connection of HTTP/1.1 makes the request malformed (RFC 9113, section 8.2.2), and so does a name
/// in capitals: neither reaches the upstream.
#[test]
fn malformed_requests_are_reset() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "");
    for (name, value) in
        [("connection", "close"), ("transfer-encoding", "chunked"), ("X-Capital", "x"), ("te", "gzip")]
    {
        let mut wire = raw(&front);
        let mut block = head();
        block.extend([0, name.len() as u8]);
        block.extend_from_slice(name.as_bytes());
        block.push(value.len() as u8);
        block.extend_from_slice(value.as_bytes());
        wire.send(frame(HEADERS, 0x05, 1, &block));
        wire.read_timeout(millis(500));
        let answer = wire.read_to_end();
        // RST_STREAM for the stream, or GOAWAY for all.
        assert!(frames(&answer).iter().any(|(kind, ..)| *kind == 3 || *kind == 7), "{name}: {answer:?}");
    }
    assert!(upstream.requests().is_empty(), "{:?}", upstream.requests());
}

/// More streams at once than announced are refused, not queued without end.
#[test]
fn streams_above_the_limit_wait_for_no_one() {
    let upstream = Upstream::start(|mut wire, _, _| {
        let _ = wire.read_head();
        std::thread::sleep(SECONDS);
    });
    let front = Front::before(&upstream, "");
    let mut wire = raw(&front);
    for number in 0..200_u32 {
        wire.send(frame(HEADERS, 0x05, number * 2 + 1, &head()));
    }
    assert!(within(SECONDS, || upstream.connections() >= 100));
    std::thread::sleep(millis(300));
    assert!(upstream.connections() <= 128, "{} requests at once", upstream.connections());
}

/// Kind, flags and stream of each frame.
fn frames(mut bytes: &[u8]) -> Vec<(u8, u8, u32)> {
    let mut found = Vec::new();
    while let Some((head, rest)) = bytes.split_at_checked(9) {
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        found.push((head[3], head[4], u32::from_be_bytes([head[5], head[6], head[7], head[8]])));
        bytes = rest.get(length..).unwrap_or_default();
    }
    found
}
