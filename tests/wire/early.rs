//! A refusal that comes while the client still uploads reaches it whole and diagnosed: no reset that eats it.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::harness::{DENIED, HOST, Proxy, Response, Upstream, Wire, millis, put_head, refusal};

const SIZE: usize = 64 * 1024 * 1024;
const ROUNDS: usize = 30;

/// Answers after the head and goes on reading, as a polite server does.
fn reading() -> Upstream {
    Upstream::start(|mut wire, _, _| {
        if wire.read_head().is_some() {
            wire.send(refusal(DENIED));
            wire.discard(usize::MAX);
        }
    })
}

/// Answers after the head and closes at once: what was not read turns the close into a reset.
fn closing() -> Upstream {
    Upstream::start(|mut wire, _, _| {
        if wire.read_head().is_some() {
            let _ = wire.try_send(refusal(DENIED));
        }
    })
}

/// Writes all of its body before it reads a byte.
fn blocking_upload(proxy: &Proxy, size: usize) -> Result<Response, String> {
    let mut wire = proxy.connect();
    wire.send(put_head(size, ""));
    let block = vec![b'x'; 1 << 20];
    for sent in 0..size >> 20 {
        wire.try_send(&block).map_err(|e| format!("{e} after {sent} MiB"))?;
    }
    wire.read_response("PUT").ok_or_else(|| format!("no answer: {:?}", wire.ended()))
}

fn whole_refusal(answer: &Response) {
    assert_eq!((answer.status, answer.body.complete), (403, true));
    assert_eq!(answer.cause(), Some("anonymous-access-denied"));
    assert!(answer.text().contains("<Code>AccessDenied</Code>"));
}

fn every_round_gets_the_refusal(upstream: &Upstream, size: usize) {
    let proxy = Proxy::before(upstream, "");
    let failed: Vec<String> =
        (0..ROUNDS).filter_map(|_| blocking_upload(&proxy, size).map(|a| whole_refusal(&a)).err()).collect();
    assert!(failed.is_empty(), "{} of {ROUNDS} failed: {failed:?}", failed.len());
}

#[test]
fn a_client_that_writes_before_it_reads_gets_the_refusal() {
    every_round_gets_the_refusal(&reading(), SIZE);
}

#[test]
fn an_upstream_that_closes_at_once_is_no_502() {
    every_round_gets_the_refusal(&closing(), SIZE);
}

#[test]
fn a_small_upload_to_an_upstream_that_closes_at_once_is_no_502() {
    every_round_gets_the_refusal(&closing(), 1 << 20);
}

/// A client that reads while it writes sees the refusal long before it is done.
#[test]
fn a_client_that_reads_while_it_writes_gets_the_refusal_early() {
    let upstream = reading();
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(put_head(SIZE, ""));
    wire.send(vec![b'x'; 1 << 20]);
    let since = Instant::now();
    whole_refusal(&wire.read_response("PUT").unwrap());
    assert!(since.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_chunked_upload_gets_the_refusal_too() {
    let upstream = closing();
    let proxy = Proxy::before(&upstream, "");
    for _ in 0..10 {
        let mut wire = proxy.connect();
        wire.send(format!("PUT /key HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n"));
        let mut block = b"100000\r\n".to_vec();
        block.resize((1 << 20) + 8, b'x');
        block.extend_from_slice(b"\r\n");
        for _ in 0..8 {
            wire.send(&block);
        }
        wire.send("0\r\n\r\n");
        whole_refusal(&wire.read_response("PUT").unwrap());
    }
}

/// The rest of a refused upload is read and thrown away, but not from a client that has fallen silent.
#[test]
fn a_client_that_falls_silent_after_the_refusal_is_let_go() {
    let upstream = reading();
    let proxy = Proxy::before(&upstream, "");
    let mut wire: Wire<TcpStream> = proxy.connect();
    wire.send(put_head(SIZE, ""));
    whole_refusal(&wire.read_response("PUT").unwrap());
    let since = Instant::now();
    assert!(wire.ends_within(Duration::from_secs(9)), "still open after {:?}", since.elapsed());
}

/// What was left of a refused upload is never taken for the next request.
#[test]
fn the_rest_of_a_refused_upload_is_no_request() {
    let upstream = Upstream::start(|mut wire, number, seen| {
        if number == 0 {
            wire.read_head().unwrap();
            wire.send(refusal(DENIED));
            wire.discard(usize::MAX);
        } else if let Some(request) = wire.read_request() {
            seen.keep(request);
            wire.send(crate::harness::ok("smuggled"));
        }
    });
    let proxy = Proxy::before(&upstream, "");
    let planted = format!("GET /smuggled HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    let mut wire = proxy.connect();
    wire.send(put_head(planted.len() + 10, ""));
    whole_refusal(&wire.read_response("PUT").unwrap());
    let _ = wire.try_send(&planted);
    wire.read_timeout(millis(500));
    assert!(wire.read_response("GET").is_none());
    assert!(upstream.requests().is_empty());
}
