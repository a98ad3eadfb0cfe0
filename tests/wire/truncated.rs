//! What breaks off on one side breaks off on the other: never an answer that only looks complete.

use std::sync::mpsc;
use std::time::Duration;

use crate::harness::{DENIED, HOST, Proxy, Upstream, get, millis, put_head, refusal};

const SECONDS: Duration = Duration::from_secs(3);

/// Sends this after each request's head and breaks off, by FIN or by RST.
fn breaking_off(bytes: &'static str, reset: bool) -> Upstream {
    Upstream::start(move |mut wire, _, _| {
        if wire.read_request().is_some() {
            wire.send(bytes);
            std::thread::sleep(millis(50));
            if reset {
                wire.reset();
            }
        }
    })
}

#[test]
fn a_truncated_answer_stays_truncated() {
    let answers = [
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nonly this",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n0\r\n",
    ];
    for answer in answers {
        for reset in [false, true] {
            let upstream = breaking_off(answer, reset);
            let proxy = Proxy::before(&upstream, "");
            let got = proxy.exchange(get("/key", ""));
            assert_eq!(got.status, 200);
            assert!(!got.body.complete, "{answer:?} reset={reset} looks complete");
            assert!("only this".as_bytes().starts_with(&got.body.data));
            assert_eq!(proxy.log_line()["outcome"], "upstream-failed", "{answer:?} reset={reset}");
        }
    }
}

#[test]
fn a_truncated_refusal_stays_truncated() {
    let mut whole = refusal(DENIED);
    whole.truncate(whole.len() - 60);
    let bytes: &'static str = String::from_utf8(whole).unwrap().leak();
    for reset in [false, true] {
        let upstream = breaking_off(bytes, reset);
        let proxy = Proxy::before(&upstream, "");
        let got = proxy.exchange(get("/key", ""));
        assert!(got.status == 502 || (got.status == 403 && !got.body.complete), "{got:?}");
    }
}

#[test]
fn an_answer_cut_inside_its_head_is_a_502() {
    for bytes in ["HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 ", "garbage\r\n\r\n"] {
        let upstream = breaking_off(bytes, false);
        let proxy = Proxy::before(&upstream, "");
        let got = proxy.exchange(get("/key", ""));
        assert_eq!(got.status, 502, "{bytes:?}");
        assert!(got.proxy_error().is_some());
    }
}

/// An HTTP/1.0 client reads to the end of the connection: only a reset tells it that the end is not the end.
#[test]
fn a_truncated_answer_to_an_http_1_0_client_is_shorter_than_its_length() {
    let upstream = breaking_off("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this", false);
    let proxy = Proxy::before(&upstream, "");
    let got = proxy.exchange(format!("GET /key HTTP/1.0\r\nHost: {HOST}\r\n\r\n"));
    assert_eq!((got.get("content-length"), got.body.complete), (Some("1000"), false));
}

#[test]
fn a_client_that_goes_away_before_the_answer_ends_the_upstream_request() {
    let (upstream, ended) = Upstream::watching("");
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(get("/key", ""));
    std::thread::sleep(millis(200));
    drop(wire);
    assert_eq!(ended.recv(), Ok(true));
    assert_eq!(proxy.log_line()["outcome"], "client-aborted");
}

#[test]
fn a_client_that_goes_away_while_uploading_ends_the_upstream_request() {
    for reset in [false, true] {
        let (upstream, ended) = Upstream::watching("");
        let proxy = Proxy::before(&upstream, "");
        let mut wire = proxy.connect();
        wire.send(put_head(1 << 20, "") + "the beginning");
        std::thread::sleep(millis(200));
        if reset {
            wire.reset();
        } else {
            drop(wire);
        }
        assert_eq!(ended.recv(), Ok(true));
        assert_eq!(proxy.log_line()["outcome"], "client-aborted");
    }
}

/// A chunked upload that breaks off must not be ended in good order on the other side.
#[test]
fn a_broken_chunked_upload_does_not_arrive_as_a_whole_one() {
    let (sender, arrived) = mpsc::channel();
    let upstream = Upstream::start(move |mut wire, _, _| {
        if let Some(request) = wire.read_request() {
            let _ = sender.send(request.body.complete);
        }
    });
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(format!(
        "PUT /key HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
    ));
    std::thread::sleep(millis(100));
    drop(wire);
    assert_eq!(arrived.recv_timeout(SECONDS), Ok(false));
}

#[test]
fn a_client_that_goes_away_while_downloading_ends_the_upstream_request() {
    let (sender, stopped) = mpsc::channel();
    let upstream = Upstream::start(move |mut wire, _, _| {
        if wire.read_head().is_some() {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
            let block = vec![b'x'; 1 << 20];
            let sent = (0..1024).take_while(|_| wire.try_send(&block).is_ok()).count();
            let _ = sender.send(sent);
        }
    });
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(get("/key", ""));
    wire.discard(1 << 20);
    drop(wire);
    let sent = stopped.recv_timeout(SECONDS).expect("the upstream is stopped");
    assert!(sent < 200, "{sent} MiB were taken for nobody");
    assert_eq!(proxy.log_line()["outcome"], "client-aborted");
}
