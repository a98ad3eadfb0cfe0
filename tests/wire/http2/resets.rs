//! Streams that end before their time, on either side.

use std::sync::mpsc;
use std::time::Duration;

use bytes::Bytes;
use h2::Reason;

use crate::harness::{DENIED, Front, Http2, Upstream, asking, millis, ok, read_all, refusal, run, within};

const SECONDS: Duration = Duration::from_secs(3);

#[test]
fn a_reset_ends_the_upstream_request() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome";
    for (answer, uploads) in [("", false), (half, false), ("", true)] {
        let (upstream, ended) = Upstream::watching(answer);
        let front = Front::before(&upstream, "");
        run(async {
            let mut client = Http2::open(&front).await;
            let method = if uploads { "PUT" } else { "GET" };
            let (_response, mut stream) = client.send(asking(method, "/key"), uploads).await.unwrap();
            if uploads {
                stream.send_data(Bytes::from_static(b"some"), false).unwrap();
            }
            tokio::time::sleep(millis(300)).await;
            stream.send_reset(Reason::CANCEL);
            tokio::time::sleep(millis(200)).await;
            // The connection goes on.
            assert!(!client.connection.is_finished());
        });
        assert_eq!(ended.recv(), Ok(true), "{answer:?} uploads={uploads}");
        let line = front.proxy.log_line();
        assert_eq!(line["outcome"], "client-aborted", "{line}");
    }
}

/// A body of unknown length that is reset must not arrive as a whole one, whatever the reset's reason.
#[test]
fn an_upload_that_is_reset_does_not_arrive_whole() {
    for reason in [Reason::CANCEL, Reason::NO_ERROR, Reason::INTERNAL_ERROR] {
        let (sender, arrived) = mpsc::channel();
        let upstream = Upstream::start(move |mut wire, _, _| {
            if let Some(request) = wire.read_request() {
                let _ = sender.send(request.body.complete);
            }
        });
        let front = Front::before(&upstream, "");
        run(async {
            let mut client = Http2::open(&front).await;
            let (_response, mut stream) = client.send(asking("PUT", "/key"), true).await.unwrap();
            stream.send_data(Bytes::from_static(b"hello"), false).unwrap();
            tokio::time::sleep(millis(200)).await;
            stream.send_reset(reason);
            tokio::time::sleep(millis(200)).await;
        });
        assert_eq!(arrived.recv_timeout(SECONDS), Ok(false), "{reason:?}");
    }
}

#[test]
fn an_answer_that_breaks_off_is_reset_and_not_ended() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n",
    ] {
        let upstream = Upstream::start(move |mut wire, _, _| {
            if wire.read_request().is_some() {
                wire.send(answer);
                std::thread::sleep(millis(50));
            }
        });
        let front = Front::before(&upstream, "");
        run(async {
            let mut client = Http2::open(&front).await;
            let got = client.ask(asking("GET", "/key")).await.unwrap();
            assert_eq!(got.status(), 200);
            let error = read_all(got.into_body()).await.unwrap_err();
            assert!(error.is_reset(), "{error:?}");
        });
        assert_eq!(front.proxy.log_line()["outcome"], "upstream-failed");
    }
}

#[test]
fn a_refusal_reaches_a_client_that_still_uploads() {
    let upstream = Upstream::start(|mut wire, _, _| {
        if wire.read_head().is_some() {
            let _ = wire.try_send(refusal(DENIED));
            wire.ends_within(SECONDS);
        }
    });
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::open(&front).await;
        let (answer, mut stream) = client.send(asking("PUT", "/key"), true).await.unwrap();
        stream.send_data(Bytes::from(vec![b'x'; 60_000]), false).unwrap();
        let answer = answer.await.unwrap();
        assert_eq!(answer.status(), 403);
        assert!(answer.headers().contains_key("x-cos-diagnosis"));
        let body = read_all(answer.into_body()).await.unwrap();
        assert!(String::from_utf8(body).unwrap().contains("<Diagnosis>"));
    });
}

/// CVE-2023-44487: requests that are reset as soon as they are made.
#[test]
fn a_client_that_resets_without_end_loses_its_connection() {
    let upstream = Upstream::start(|mut wire, _, _| {
        let _ = wire.read_head();
        wire.ends_within(SECONDS);
    });
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::open(&front).await;
        let mut made = 0;
        for _ in 0..2000 {
            let Ok((_answer, mut stream)) = client.send(asking("GET", "/key"), false).await else { break };
            made += 1;
            // Each is reset once it is on its way.
            tokio::time::sleep(millis(1)).await;
            stream.send_reset(Reason::CANCEL);
        }
        assert!(made < 1000, "{made} requests were begun");
    });
    assert!(within(SECONDS, || front.proxy.log_text().contains("reset many more requests than it let end")));
    assert!(upstream.connections() < 400, "{} connections to the upstream", upstream.connections());
}

/// A browser that gives up some of its requests is no attacker.
#[test]
fn some_resets_are_no_abuse() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::open(&front).await;
        for _ in 0..300 {
            let (_answer, mut stream) = client.send(asking("GET", "/key"), false).await.unwrap();
            stream.send_reset(Reason::CANCEL);
            let answer = client.ask(asking("GET", "/key")).await.unwrap();
            assert_eq!(read_all(answer.into_body()).await.unwrap(), b"ok");
        }
    });
}
