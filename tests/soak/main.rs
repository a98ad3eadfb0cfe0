//! How coswhy holds out: many requests, each with a fate of its own; idle connections; reloads and rotations each second;
//! SIGTERM in the middle of it. No body may be another's or a part pass for the whole, no line of the log be lost, and
//! memory, descriptors and work in hand are in the end what they were.
//!
//!     COSWHY_BIN=target/release/coswhy cargo test --test soak -- --ignored --nocapture
//!
//! `COSWHY_SOAK=full` makes a million requests beside 5,000 idle connections; without it a short form runs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

#[path = "../wire/harness/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the wire tests use all of it")]
mod harness;

mod chaos;
mod client;
mod disturbance;
mod figures;
mod ledger;
mod plan;

use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use disturbance::Disturbance;
use figures::Figures;
use harness::{Proxy, Wire, within};
use ledger::Ledger;

const CLIENTS: usize = 32;
/// Numbers that are kept for what is asked while coswhy ends.
const LAST: usize = 100_000;

struct Size {
    requests: usize,
    idle: usize,
}

impl Size {
    fn wanted() -> Self {
        match std::env::var("COSWHY_SOAK").as_deref() {
            Ok("full") => Self { requests: 1_000_000, idle: 5_000 },
            _ => Self { requests: 60_000, idle: 500 },
        }
    }

    /// Until then the allocator takes what it needs, and the ring fills.
    fn warm_up(&self) -> usize {
        (self.requests / 2).min(100_000)
    }
}

const SETTINGS: &str = r#"
listener.idle_timeout = "1h"
listener.max_connections = 10000
upstream.response_timeout = "1s"
upstream.body_timeout = "1s"
upstream.idle_timeout = "1s"
diagnosis.warn_header = true
"#;

#[test]
#[ignore = "tens of thousands of requests; run with an optimised coswhy"]
fn nothing_is_lost_and_nothing_is_left() {
    let size = Size::wanted();
    let upstream = chaos::start();
    let mut proxy = Proxy::before(&upstream, SETTINGS);
    let ledger = Ledger::new(size.requests + 2 * size.idle + LAST);
    let began = Instant::now();

    let at_rest = Figures::of(&proxy);
    let mut idle = idle(&proxy, &ledger, size.requests, size.idle);
    ask_all(&proxy, &ledger, 0..size.warm_up());
    settle(&proxy, size.idle, at_rest.descriptors);
    let before = Figures::of(&proxy);

    let disturbance = Disturbance::new(&proxy, &ledger);
    thread::scope(|scope| {
        scope.spawn(|| disturbance.run());
        ask_all(&proxy, &ledger, size.warm_up()..size.requests);
        disturbance.end();
    });
    let served = began.elapsed();

    // Those that slept through all of it are as good as new.
    for (number, wire) in idle.iter_mut().enumerate() {
        let number = size.requests + size.idle + number;
        assert!(client::ask_calmly(wire, &ledger, number).is_some(), "an idle connection was lost: {number}");
    }
    settle(&proxy, size.idle, at_rest.descriptors);
    let calm = || Figures::of(&proxy).memory < before.memory + (8 << 20);
    within(Duration::from_secs(15), calm);
    let after = Figures::of(&proxy);
    println!(
        "{size}",
        size = format_args!(
            "{} requests and {} idle connections in {:.0} s",
            size.requests,
            size.idle,
            served.as_secs_f64()
        )
    );
    println!("answers by status: {:?}", ledger.statuses());
    println!(
        "{} reloads, {} of them of broken settings, {} rotations of the log",
        disturbance.reloads.load(Relaxed),
        disturbance.broken.load(Relaxed),
        disturbance.rotations.load(Relaxed)
    );
    println!("at rest: {at_rest}\nafter {} requests: {before}\nafter all: {after}", size.warm_up());
    assert!(after.memory < before.memory + (8 << 20), "memory grew");
    assert_eq!(after.in_flight, 0, "requests are still in flight");
    assert_eq!(after.dropped, 0, "log lines were dropped");

    drop(idle);
    settle(&proxy, 0, at_rest.descriptors);
    let (refused, took) = end(&mut proxy, &ledger, size.requests + 2 * size.idle);
    println!(
        "SIGTERM with {CLIENTS} clients at work: ended after {took:.1?}, {refused} requests found the door closed"
    );

    ledger.read(&proxy.directory.path("log"));
    ledger.settle();
    println!("{} answers, {} lines in the log", ledger.answers(), ledger.lines());
}

/// Connections that have been used once and are kept open.
fn idle(proxy: &Proxy, ledger: &Ledger, first: usize, count: usize) -> Vec<Wire<TcpStream>> {
    let open = |number| {
        let mut wire = proxy.connect();
        assert!(client::ask_calmly(&mut wire, ledger, number).is_some(), "{number}: no answer");
        wire
    };
    (first..first + count).map(open).collect()
}

fn ask_all(proxy: &Proxy, ledger: &Ledger, numbers: std::ops::Range<usize>) {
    let next = AtomicUsize::new(numbers.start);
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut wire = None;
                loop {
                    let number = next.fetch_add(1, Relaxed);
                    if number >= numbers.end {
                        return;
                    }
                    wire = client::ask(proxy, wire, ledger, number);
                }
            });
        }
    });
}

/// Waits until no more is open than the idle connections and what there was at the start.
fn settle(proxy: &Proxy, idle: usize, at_rest: usize) {
    let most = at_rest + idle + 2;
    let settled = || figures::descriptors(proxy) <= most && Figures::of(proxy).in_flight == 0;
    assert!(
        within(Duration::from_secs(20), settled),
        "{}, at most {most} descriptors wanted",
        Figures::of(proxy)
    );
}

/// SIGTERM while clients ask: whatever is answered is answered whole. How many requests found the connection closed,
/// and how long coswhy took to end.
fn end(proxy: &mut Proxy, ledger: &Ledger, first: usize) -> (usize, Duration) {
    let next = AtomicUsize::new(first);
    let refused = AtomicUsize::new(0);
    let address = proxy.address;
    let mut told = Instant::now();
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_secs(5)) {
                    let mut wire = Wire::over(stream);
                    loop {
                        let number = next.fetch_add(1, Relaxed);
                        assert!(number < first + LAST, "coswhy does not end");
                        let Some(answer) = client::ask_calmly(&mut wire, ledger, number) else {
                            // Closed while idle, before it was read (RFC 9112, 9.6).
                            ledger.left(number);
                            refused.fetch_add(1, Relaxed);
                            break;
                        };
                        if answer.get("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
                            break;
                        }
                    }
                }
            });
        }
        thread::sleep(Duration::from_secs(1));
        told = Instant::now();
        proxy.terminate();
    });
    let status = proxy.wait(Duration::from_secs(35)).expect("coswhy ends");
    assert!(status.success(), "{status}: {}", proxy.errors());
    (refused.load(Relaxed), told.elapsed())
}
