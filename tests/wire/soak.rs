//! 100,000 mixed requests with faults on both sides; then memory, descriptors and work in hand are back where they
//! were. Slow without optimisation: `COSWHY_BIN=target/release/coswhy cargo test --test wire -- --ignored soak`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::harness::{
    DENIED, HOST, Proxy, Request, Upstream, Wire, get, millis, ok, put_head, refusal, within,
};

const REQUESTS: usize = 100_000;
/// After so many the allocator has what it will ever have: 300,000 more took no more memory, while 10,000 were too few.
const WARM_UP: usize = 50_000;
const CLIENTS: usize = 16;

/// Does what the target says.
fn obeying() -> Upstream {
    Upstream::start(|mut wire, _, _| {
        while let Some(Request { head, .. }) = wire.read_request() {
            let target = head.first.split(' ').nth(1).unwrap_or_default();
            let sent = match target {
                "/denied" => wire.try_send(refusal(DENIED)),
                "/chunked" => {
                    wire.try_send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")
                }
                "/large" => wire.try_send(ok(&"x".repeat(300_000))),
                "/missing" => wire.try_send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
                "/truncated" => {
                    let _ = wire.try_send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
                    return;
                }
                "/reset" => {
                    wire.reset();
                    return;
                }
                "/garbage" => {
                    let _ = wire.try_send("garbage\r\n\r\n");
                    return;
                }
                "/close-later" => {
                    let _ = wire.try_send(ok("ok"));
                    return;
                }
                "/slow" => {
                    std::thread::sleep(millis(5));
                    wire.try_send(ok("ok"))
                }
                _ => wire.try_send(ok("ok")),
            };
            if sent.is_err() {
                return;
            }
        }
    })
}

/// One request of the mix; whether the connection may be used again.
fn one(wire: &mut Wire<std::net::TcpStream>, number: usize) -> bool {
    let expect = |wire: &mut Wire<_>, method: &str, statuses: &[u16]| {
        let answer =
            wire.read_response(method).unwrap_or_else(|| panic!("{number}: no answer: {:?}", wire.ended()));
        assert!(statuses.contains(&answer.status), "{number}: {}", answer.status);
        answer.body.complete && !answer.get("connection").is_some_and(|v| v.eq_ignore_ascii_case("close"))
    };
    let mut ask = |target: &str, statuses: &[u16]| {
        wire.send(get(target, ""));
        expect(wire, "GET", statuses)
    };
    match number % 50 {
        0 => ask("/truncated", &[200]),
        1 => ask("/reset", &[502]),
        2 => ask("/garbage", &[502]),
        3 | 4 => ask("/close-later", &[200]),
        5 | 6 => ask("/slow", &[200]),
        7 => ask("/large", &[200]),
        8..=12 => ask("/denied", &[403]),
        13 => ask("/missing", &[404]),
        14 | 15 => ask("/chunked", &[200]),
        16 => {
            wire.send(format!("HEAD /k HTTP/1.1\r\nHost: {HOST}\r\n\r\n"));
            expect(wire, "HEAD", &[200])
        }
        17 | 18 => {
            wire.send(put_head(65_536, ""));
            wire.send([b'x'; 65_536]);
            // `/close-later` closes its connection just when the next request takes it from the pool: one whose
            // body has begun is not sent again.
            expect(wire, "PUT", &[200, 502])
        }
        19 => {
            wire.send("GET /k HTTP/1.1\r\nHost: example.com\r\n\r\n");
            expect(wire, "GET", &[421])
        }
        20 => {
            wire.send(format!("GET /k HTTP/1.1\r\nHost: {HOST}\r\nBad Field: x\r\n\r\n"));
            expect(wire, "GET", &[400]);
            false
        }
        // Clients that go away: within a head, within an upload, before the answer, within it.
        21 => {
            wire.send("GET /k HT");
            false
        }
        22 => {
            wire.send(put_head(1 << 20, "") + "some");
            false
        }
        23 => {
            wire.send(get("/slow", ""));
            false
        }
        24 => {
            wire.send(get("/large", ""));
            wire.discard(1);
            false
        }
        _ => ask("/k", &[200]),
    }
}

fn mixed(proxy: &Proxy, requests: usize) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut wire = None;
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= requests {
                        return;
                    }
                    let mut current = wire.take().unwrap_or_else(|| proxy.connect());
                    if one(&mut current, number) {
                        wire = Some(current);
                    } else {
                        // No time-wait: the ports are wanted again.
                        current.reset();
                    }
                }
            });
        }
    });
}

#[test]
#[ignore = "100,000 requests; run with an optimised coswhy"]
fn nothing_is_left_behind() {
    let upstream = obeying();
    let proxy = Proxy::before(&upstream, "upstream.idle_timeout = \"1s\"\nlistener.idle_timeout = \"2s\"");
    let settled = |limit: usize| within(Duration::from_secs(10), || proxy.descriptors() <= limit);
    let at_rest = proxy.descriptors();
    mixed(&proxy, WARM_UP);
    assert!(settled(at_rest + 2), "{} descriptors, {at_rest} at rest", proxy.descriptors());
    let (memory, descriptors) = (proxy.memory(), proxy.descriptors());
    mixed(&proxy, REQUESTS);
    assert!(settled(descriptors), "{} descriptors were {descriptors}", proxy.descriptors());
    let grown = || proxy.memory().saturating_sub(memory);
    assert!(within(Duration::from_secs(15), || grown() < 6 << 20), "grew by {} KiB", grown() / 1024);
    assert!(within(Duration::from_secs(5), || in_flight(&proxy) == 0), "requests are still in flight");
    // One line a request, none twice; a client that resets may take its request along before it is read.
    let expected = REQUESTS + WARM_UP;
    let aborted = expected / 50 * 4;
    let enough = || lines(&proxy) + dropped(&proxy) >= expected - aborted;
    assert!(within(Duration::from_secs(10), enough), "{} of {expected} lines", lines(&proxy));
    assert!(lines(&proxy) <= expected, "{} lines for {expected} requests", lines(&proxy));
    assert_eq!(proxy.exchange(get("/k", "")).status, 200);
}

fn in_flight(proxy: &Proxy) -> usize {
    metric(proxy, "coswhy_in_flight ")
}

fn dropped(proxy: &Proxy) -> usize {
    metric(proxy, "coswhy_log_dropped_total ")
}

fn metric(proxy: &Proxy, name: &str) -> usize {
    let text = proxy.ask_admin("/metrics").unwrap().text();
    text.lines()
        .find_map(|l| l.strip_prefix(name))
        .unwrap_or_else(|| panic!("{name}in {text}"))
        .parse()
        .unwrap()
}

fn lines(proxy: &Proxy) -> usize {
    proxy.log_text().lines().filter(|line| line.contains("\"outcome\"")).count()
}
