//! Flow control: whole objects both ways, and nobody is sent more than what the other end takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use h2::client::Builder;

use crate::harness::{Front, Http2, Upstream, asking, millis, ok, read_all, run, within};

const MIB: usize = 1 << 20;

/// Bytes that tell where they stand.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at / 251 + at) as u8).collect()
}

#[test]
fn objects_of_64_mib_arrive_whole_both_ways() {
    let body = pattern(64 * MIB);
    let stored = Arc::new(body.clone());
    let served = Arc::clone(&stored);
    let upstream = Upstream::by(move |request| {
        if request.head.first.starts_with("PUT") {
            assert!(request.body.complete);
            return ok(if request.body.data == *served { "the same" } else { "another" });
        }
        let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", served.len()).into_bytes();
        answer.extend_from_slice(&served);
        answer
    });
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::open(&front).await;
        let answer = client.ask(asking("GET", "/key")).await.unwrap();
        assert!(read_all(answer.into_body()).await.unwrap() == *stored);

        let mut request = asking("PUT", "/key");
        request.headers_mut().insert("content-length", stored.len().to_string().parse().unwrap());
        let (answer, mut sending) = client.send(request, true).await.unwrap();
        let mut rest = Bytes::from(body);
        while !rest.is_empty() {
            sending.reserve_capacity(rest.len().min(MIB));
            let room = std::future::poll_fn(|cx| sending.poll_capacity(cx)).await.unwrap().unwrap();
            let piece = rest.split_to(room.min(rest.len()));
            sending.send_data(piece, rest.is_empty()).unwrap();
        }
        let answer = answer.await.unwrap();
        assert_eq!(read_all(answer.into_body()).await.unwrap(), b"the same");
    });
}

/// What a client has no window for is not fetched from the upstream either.
#[test]
fn a_client_without_window_slows_the_upstream() {
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let upstream = Upstream::start(move |mut wire, _, _| {
        if wire.read_request().is_some() {
            wire.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 256 * MIB));
            while wire.try_send(vec![b'x'; MIB]).is_ok() {
                counted.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::with(&front, Builder::new().initial_window_size(65_535)).await;
        let answer = client.ask(asking("GET", "/key")).await.unwrap();
        let mut body = answer.into_body();
        let first = body.data().await.unwrap().unwrap();
        assert!(!first.is_empty());
        tokio::time::sleep(millis(1000)).await;
        // Sockets hold some MiB by themselves.
        assert!(sent.load(Ordering::Relaxed) < 32, "{} MiB went out", sent.load(Ordering::Relaxed));
    });
}

/// What the upstream does not take is not taken from the client either.
#[test]
fn an_upstream_that_takes_nothing_slows_the_client() {
    let upstream = Upstream::start(|mut wire, _, _| {
        let _ = wire.read_head();
        std::thread::sleep(millis(3000));
    });
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::open(&front).await;
        let (_answer, mut sending) = client.send(asking("PUT", "/key"), true).await.unwrap();
        let mut taken = 0;
        loop {
            sending.reserve_capacity(MIB);
            let room = std::future::poll_fn(|cx| sending.poll_capacity(cx));
            let Ok(Some(Ok(room))) = tokio::time::timeout(millis(500), room).await else { break };
            sending.send_data(Bytes::from(vec![b'x'; room]), false).unwrap();
            taken += room;
            assert!(taken < 64 * MIB, "{taken} bytes were taken for an upstream that takes none");
        }
    });
}

/// One that reads nothing of its answer does not hold up the others.
#[test]
fn streams_do_not_wait_for_each_other() {
    let upstream =
        Upstream::by(
            |request| {
                if request.target() == "/large" { ok(&"x".repeat(8 * MIB)) } else { ok("small") }
            },
        );
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::with(
            &front,
            Builder::new().initial_window_size(65_535).initial_connection_window_size(1 << 24),
        )
        .await;
        let stuck = client.ask(asking("GET", "/large")).await.unwrap();
        for _ in 0..20 {
            let answer = client.ask(asking("GET", "/small")).await.unwrap();
            assert_eq!(read_all(answer.into_body()).await.unwrap(), b"small");
        }
        assert_eq!(read_all(stuck.into_body()).await.unwrap().len(), 8 * MIB);
    });
    assert!(within(millis(3000), || front.proxy.log_now().len() == 21));
    assert!(front.proxy.log_now().iter().all(|line| line["outcome"] == "forwarded"));
}
