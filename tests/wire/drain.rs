//! Leaving: on SIGTERM what is in flight ends, nothing new begins, and the process says that all was well.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::harness::{Proxy, Upstream, Wire, get, millis, ok, within};

const SECONDS: Duration = Duration::from_secs(5);

/// Takes `pause` over each answer.
fn slow(pause: u64) -> Upstream {
    Upstream::by(move |_| {
        std::thread::sleep(millis(pause));
        ok("in time")
    })
}

#[test]
fn an_idle_coswhy_ends_at_once() {
    let mut proxy = Proxy::before(&slow(0), "");
    proxy.terminate();
    assert_eq!(proxy.wait(SECONDS).and_then(|s| s.code()), Some(0));
}

#[test]
fn a_request_in_flight_is_served_and_new_connections_are_not() {
    let upstream = slow(1000);
    let mut proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(get("/k", ""));
    std::thread::sleep(millis(200));
    proxy.terminate();
    let closed = || TcpStream::connect(proxy.address).is_err();
    assert!(within(millis(600), closed), "new connections are refused");
    let answer = wire.read_response("GET").expect("the answer");
    assert_eq!(answer.text(), "in time");
    assert!(wire.ends_within(millis(1000)), "and its connection is closed");
    assert_eq!(proxy.wait(SECONDS).and_then(|s| s.code()), Some(0));
    assert_eq!(proxy.log(1)[0]["outcome"], "forwarded");
}

#[test]
fn idle_kept_connections_do_not_hold_it_up() {
    let upstream = slow(0);
    let mut proxy = Proxy::before(&upstream, "");
    let mut kept = proxy.connect();
    kept.send(get("/k", ""));
    assert_eq!(kept.read_response("GET").unwrap().status, 200);
    let fresh = proxy.connect();
    let since = Instant::now();
    proxy.terminate();
    assert_eq!(proxy.wait(SECONDS).and_then(|s| s.code()), Some(0));
    assert!(since.elapsed() < millis(2000), "{:?}", since.elapsed());
    drop(fresh);
}

#[test]
fn readyz_says_503_and_new_connections_are_taken_during_the_delay() {
    let upstream = slow(0);
    let mut proxy = Proxy::before(&upstream, "listener.drain_delay = \"1500ms\"");
    assert!(proxy.ready());
    assert_eq!(proxy.ask_admin("/healthz").map(|a| a.status), Some(200));
    proxy.terminate();
    let unready = || proxy.ask_admin("/readyz").map(|a| a.status) == Some(503);
    assert!(within(millis(500), unready), "not ready any more");
    assert_eq!(proxy.exchange(get("/k", "")).status, 200);
    assert_eq!(proxy.wait(SECONDS).and_then(|s| s.code()), Some(0));
}

#[test]
fn what_outlasts_the_drain_timeout_is_broken_off() {
    let upstream = slow(8000);
    let mut proxy = Proxy::before(&upstream, "listener.drain_timeout = \"500ms\"");
    let mut wire: Wire<TcpStream> = proxy.connect();
    wire.send(get("/k", ""));
    std::thread::sleep(millis(200));
    proxy.terminate();
    let status = proxy.wait(millis(3000)).expect("it ends");
    assert_eq!(status.code(), Some(0));
    assert!(wire.ends_within(millis(500)));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let upstream = slow(8000);
    let mut proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(get("/k", ""));
    std::thread::sleep(millis(200));
    proxy.terminate();
    assert!(proxy.wait(millis(400)).is_none(), "the first lets it finish");
    proxy.terminate();
    assert!(proxy.wait(millis(1000)).is_some(), "the second does not");
}

#[test]
fn an_answer_under_way_is_finished() {
    let upstream = Upstream::start(|mut wire, _, _| {
        if wire.read_request().is_some() {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
            for _ in 0..10 {
                std::thread::sleep(millis(100));
                wire.send("x");
            }
        }
    });
    let mut proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(get("/k", ""));
    std::thread::sleep(millis(300));
    proxy.terminate();
    assert_eq!(wire.read_response("GET").unwrap().text(), "xxxxxxxxxx");
    assert_eq!(proxy.wait(SECONDS).and_then(|s| s.code()), Some(0));
}
