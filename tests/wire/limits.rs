//! Limits and timeouts, each a setting, each answered in a way that says what it was (RFC 9209).

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use crate::harness::{HOST, Proxy, Response, Upstream, get, millis, ok, put_head};

fn own(answer: &Response, status: u16, error: &str) {
    assert_eq!((answer.status, answer.proxy_error()), (status, Some(error)));
    assert_eq!(answer.get("server"), Some("coswhy"));
    assert!(answer.text().contains("<Code>Coswhy"), "{}", answer.text());
}

#[test]
fn a_head_over_the_limit_is_431() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "listener.max_head = \"16KiB\"");
    assert_eq!(proxy.exchange(get("/k", &format!("X: {}\r\n", "a".repeat(12_000)))).status, 200);
    let mut wire = proxy.connect();
    let _ = wire.try_send(get("/k", &format!("X: {}\r\n", "a".repeat(20_000))));
    assert_eq!(wire.read_response("GET").expect("an answer").status, 431);
    assert!(wire.ends_within(Duration::from_secs(3)));
    assert_eq!(proxy.log(2)[1]["outcome"], "head-too-large");
    assert_eq!(upstream.requests().len(), 1);
}

/// hyper keeps 100 fields without allocating for them; COS itself takes 2 KiB of x-cos-meta-*.
#[test]
fn up_to_a_hundred_fields_pass() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    let fields = |count: usize| (1..count).map(|i| format!("x-cos-meta-{i}: {i}\r\n")).collect::<String>();
    assert_eq!(proxy.exchange(get("/k", &fields(100))).status, 200);
    assert_eq!(upstream.request().head.fields.len(), 100);
    assert_eq!(proxy.exchange(get("/k", &fields(101))).status, 431);
}

#[test]
fn a_slow_head_is_cut_off() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "listener.header_timeout = \"500ms\"");
    let mut wire = proxy.connect();
    let since = Instant::now();
    for byte in get("/k", "X: slow\r\n").bytes().cycle().take(60) {
        if wire.try_send([byte]).is_err() {
            break;
        }
        std::thread::sleep(millis(20));
        if since.elapsed() > millis(900) {
            break;
        }
    }
    wire.read_timeout(millis(1500));
    let answer = wire.read_response("GET");
    assert!(answer.as_ref().is_none_or(|a| a.status == 408), "{answer:?}");
    assert_ne!(wire.ended(), Some(crate::harness::End::Silent), "still open");
    assert_eq!(proxy.log_line()["outcome"], "client-timeout");
    assert!(upstream.requests().is_empty());
}

/// Idle between requests is another matter than slow within a head.
#[test]
fn an_idle_connection_lives_for_the_idle_timeout() {
    let upstream = Upstream::answering(ok(""));
    let proxy =
        Proxy::before(&upstream, "listener.header_timeout = \"300ms\"\nlistener.idle_timeout = \"1500ms\"");
    let mut wire = proxy.connect();
    for _ in 0..3 {
        std::thread::sleep(millis(800));
        wire.send(get("/k", ""));
        assert_eq!(wire.read_response("GET").expect("alive").status, 200);
    }
    let since = Instant::now();
    assert!(wire.ends_within(Duration::from_secs(4)));
    assert!(since.elapsed() > millis(1200), "after {:?}", since.elapsed());
    assert_eq!(proxy.log(3).len(), 3, "an idle connection that ends is no request");
}

#[test]
fn a_refused_connection_is_502() {
    let nobody = SocketAddr::from(([127, 0, 0, 1], crate::harness::free_port()));
    let proxy = Proxy::start(&format!("upstream.url = \"http://{nobody}\""));
    let answer = proxy.exchange(get("/k", ""));
    own(&answer, 502, "connection_refused");
    let line = proxy.log_line();
    assert_eq!(
        (line["outcome"].as_str(), line["level"].as_str()),
        (Some("upstream-unreachable"), Some("ERROR"))
    );
}

/// A listener whose backlog is full answers no SYN.
#[test]
fn a_connection_that_is_not_made_in_time_is_given_up() {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    socket.listen(0).unwrap();
    let listener = TcpListener::from(socket);
    let address = listener.local_addr().unwrap();
    let fill: Vec<_> = (0..4).map(|_| std::net::TcpStream::connect_timeout(&address, millis(200))).collect();
    let proxy =
        Proxy::start(&format!("upstream.url = \"http://{address}\"\nupstream.connect_timeout = \"500ms\""));
    let since = Instant::now();
    let answer = proxy.exchange(get("/k", ""));
    assert!(since.elapsed() < Duration::from_secs(3), "{:?}", since.elapsed());
    assert!(matches!(answer.status, 502 | 504), "{}", answer.status);
    assert_eq!(answer.proxy_error(), Some("connection_timeout"));
    drop(fill);
}

#[test]
fn a_silent_upstream_is_504() {
    let upstream = Upstream::start(|mut wire, _, _| {
        wire.read_to_end();
    });
    let proxy = Proxy::before(&upstream, "upstream.response_timeout = \"400ms\"");
    let since = Instant::now();
    let answer = proxy.exchange(get("/k", ""));
    own(&answer, 504, "http_response_timeout");
    assert!((350..2500).contains(&since.elapsed().as_millis()), "{:?}", since.elapsed());
    assert_eq!(proxy.log_line()["outcome"], "upstream-timeout");
}

/// The response timeout runs from the end of the request's body.
#[test]
fn a_slow_upload_is_no_silent_upstream() {
    let upstream = Upstream::answering(ok("stored"));
    let proxy = Proxy::before(&upstream, "upstream.response_timeout = \"400ms\"");
    let mut wire = proxy.connect();
    wire.send(put_head(8, ""));
    for _ in 0..8 {
        std::thread::sleep(millis(150));
        wire.send("x");
    }
    assert_eq!(wire.read_response("PUT").unwrap().text(), "stored");
}

#[test]
fn an_upload_that_stalls_is_given_up() {
    let (sender, ended) = std::sync::mpsc::channel();
    let upstream = Upstream::start(move |mut wire, _, _| {
        let _ = sender.send(wire.ends_within(Duration::from_secs(4)));
    });
    let proxy = Proxy::before(&upstream, "listener.body_timeout = \"400ms\"");
    let mut wire = proxy.connect();
    wire.send(put_head(100, "") + "some");
    let answer = wire.read_response("PUT");
    assert!(answer.as_ref().is_none_or(|a| a.status == 408), "{answer:?}");
    assert_eq!(ended.recv(), Ok(true));
    assert_eq!(proxy.log_line()["outcome"], "client-timeout");
}

#[test]
fn an_answer_that_stalls_is_broken_off() {
    let upstream = Upstream::start(|mut wire, _, _| {
        if wire.read_request().is_some() {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
            wire.ends_within(Duration::from_secs(4));
        }
    });
    let proxy = Proxy::before(&upstream, "upstream.body_timeout = \"400ms\"");
    let since = Instant::now();
    let answer = proxy.exchange(get("/k", ""));
    assert_eq!((answer.status, answer.body.complete, answer.text().as_str()), (200, false, "some"));
    assert!(since.elapsed() < Duration::from_secs(3));
    assert_eq!(proxy.log_line()["outcome"], "upstream-timeout");
}

/// The same setting doesn't punish a slow body that keeps coming.
#[test]
fn an_answer_that_trickles_is_not_broken_off() {
    let upstream = Upstream::start(|mut wire, _, _| {
        if wire.read_request().is_some() {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
            for _ in 0..8 {
                std::thread::sleep(millis(150));
                wire.send("x");
            }
        }
    });
    let proxy = Proxy::before(&upstream, "upstream.body_timeout = \"400ms\"");
    assert_eq!(proxy.exchange(get("/k", "")).text(), "xxxxxxxx");
}

#[test]
fn a_client_that_takes_nothing_is_given_up() {
    let (sender, stopped) = std::sync::mpsc::channel();
    let upstream = Upstream::start(move |mut wire, _, _| {
        if wire.read_request().is_some() {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
            let block = vec![b'x'; 1 << 20];
            let taken = (0..1024).take_while(|_| wire.try_send(&block).is_ok()).count();
            let _ = sender.send(taken);
        }
    });
    let proxy = Proxy::before(&upstream, "listener.send_timeout = \"500ms\"");
    let mut wire = proxy.connect();
    wire.send(get("/k", ""));
    let taken = stopped.recv_timeout(Duration::from_secs(5)).expect("the upstream is let go");
    assert!(taken < 100);
    assert_eq!(proxy.log_line()["outcome"], "client-timeout");
}

#[test]
fn connections_over_the_limit_wait_and_then_get_503() {
    let upstream = Upstream::answering(ok("served"));
    let proxy = Proxy::before(
        &upstream,
        "runtime.threads = 1\nlistener.max_connections = 2\nlistener.queue_timeout = \"400ms\"",
    );
    let mut held: Vec<_> = (0..2).map(|_| proxy.connect()).collect();
    for wire in &mut held {
        wire.send(get("/k", ""));
        assert_eq!(wire.read_response("GET").unwrap().status, 200);
    }
    let since = Instant::now();
    let answer = proxy.exchange(get("/k", ""));
    assert_eq!(answer.status, 503);
    assert!(since.elapsed() >= millis(300), "it waited {:?}", since.elapsed());
    assert!(answer.get("retry-after").is_some_and(|v| v.parse::<u32>().is_ok()), "{:?}", answer.head.fields);
    assert!(answer.head.has("proxy-status"));
    assert!(answer.text().contains("<Code>Coswhy"));
    let mut waiting = proxy.connect();
    waiting.send(get("/k", ""));
    std::thread::sleep(millis(100));
    drop(held.pop());
    assert_eq!(waiting.read_response("GET").unwrap().text(), "served");
    assert_eq!(proxy.log(4).iter().filter(|l| l["outcome"] == "overloaded").count(), 1);
}

#[test]
fn an_upstream_that_does_not_speak_http_is_502() {
    let upstream = Upstream::start(|mut wire, _, _| {
        if wire.read_head().is_some() {
            wire.send("SSH-2.0-OpenSSH_9.9\r\n\r\n");
        }
    });
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(format!("GET /k HTTP/1.1\r\nHost: {HOST}\r\n\r\n"));
    own(&answer, 502, "http_protocol_error");
    assert_eq!(proxy.log_line()["outcome"], "upstream-failed");
}
