//! Back-pressure: a slow reader slows the writer down, and coswhy holds next to nothing in between.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::harness::{Proxy, Upstream, get, millis, ok, put_head};

const SIZE: usize = 64 * 1024 * 1024;
const TRANSFERS: usize = 4;
/// A connection may cost 1 MiB; threads and allocator caches of the first requests are not theirs.
const ALLOWED: usize = TRANSFERS * 1024 * 1024 + 2 * 1024 * 1024;

/// How far memory grows over what it was, while `transfers` run.
fn growth(proxy: &Proxy, transfers: impl FnOnce() + Send) -> usize {
    let before = proxy.memory();
    let done = Arc::new(AtomicBool::new(false));
    std::thread::scope(|scope| {
        let sampler = scope.spawn({
            let done = Arc::clone(&done);
            move || {
                let mut most = 0;
                while !done.load(Ordering::Relaxed) {
                    most = most.max(proxy.memory());
                    std::thread::sleep(millis(5));
                }
                most
            }
        });
        transfers();
        done.store(true, Ordering::Relaxed);
        sampler.join().unwrap().saturating_sub(before)
    })
}

fn parallel(transfer: impl Fn() + Sync) {
    std::thread::scope(|scope| {
        for _ in 0..TRANSFERS {
            scope.spawn(&transfer);
        }
    });
}

#[test]
fn a_large_put_to_a_slow_upstream_is_not_held_in_memory() {
    let upstream = Upstream::start(|mut wire, _, _| {
        while let Some(head) = wire.read_head() {
            let length = head.content_length().unwrap();
            std::thread::sleep(millis(if length == SIZE { 500 } else { 0 }));
            assert_eq!(wire.discard(length), length);
            wire.send(ok(""));
        }
    });
    let proxy = Proxy::before(&upstream, "");
    let put = |size: usize| {
        let mut wire = proxy.connect();
        wire.send(put_head(size, ""));
        let block = vec![b'x'; 1 << 20];
        for _ in 0..size >> 20 {
            wire.send(&block);
        }
        assert_eq!(wire.read_response("PUT").unwrap().status, 200);
    };
    parallel(|| put(1 << 20));
    let grown = growth(&proxy, || parallel(|| put(SIZE)));
    assert!(grown <= ALLOWED, "grew by {} KiB", grown / 1024);
}

#[test]
fn a_large_get_to_a_slow_client_is_not_held_in_memory() {
    let upstream = Upstream::start(|mut wire, _, _| {
        while let Some(request) = wire.read_request() {
            let size: usize = request.target()[1..].parse().unwrap();
            wire.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n"));
            let block = vec![b'x'; 1 << 20];
            for _ in 0..size >> 20 {
                wire.send(&block);
            }
        }
    });
    let proxy = Proxy::before(&upstream, "");
    let fetch = |size: usize, pause: u64| {
        let mut wire = proxy.connect();
        wire.send(get(&format!("/{size}"), ""));
        assert!(wire.read_head().is_some());
        std::thread::sleep(millis(pause));
        assert_eq!(wire.discard(size), size);
    };
    parallel(|| fetch(1 << 20, 0));
    let grown = growth(&proxy, || parallel(|| fetch(SIZE, 500)));
    assert!(grown <= ALLOWED, "grew by {} KiB", grown / 1024);
}

/// With nobody reading, the sender is stopped long before the end: the sockets' buffers are all there is.
#[test]
fn a_reader_that_stops_stops_the_sender() {
    let upstream = Upstream::start(|mut wire, _, _| {
        if wire.read_head().is_some() {
            std::thread::sleep(millis(3000));
        }
    });
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.write_timeout(millis(700));
    wire.send(put_head(SIZE, ""));
    let block = vec![b'x'; 1 << 20];
    let taken = (0..64).take_while(|_| wire.try_send(&block).is_ok()).count();
    assert!(taken < 40, "{taken} MiB were taken with nobody reading");
}
