//! The upstream pool: a kept connection that has died costs no client an error, and no request is sent twice
//! that may not be (RFC 9110, 9.2.2).

use crate::harness::{HOST, Proxy, Upstream, get, millis, ok, put_head};

/// Answers one request a connection without saying that it will close, then does so after `pause`.
fn closing_after_each(pause: u64) -> Upstream {
    Upstream::start(move |mut wire, _, seen| {
        if let Some(request) = wire.read_request() {
            seen.keep(request);
            wire.send(ok("ok"));
            std::thread::sleep(millis(pause));
        }
    })
}

/// Answers the first request of each connection; takes the second and resets.
fn resetting_at_the_second() -> Upstream {
    Upstream::start(|mut wire, _, seen| {
        let Some(request) = wire.read_request() else { return };
        seen.keep(request);
        wire.send(ok("ok"));
        if wire.read_head().is_some() {
            wire.reset();
        }
    })
}

/// Answers the first request of each connection; takes the second and closes without a word.
fn closing_at_the_second() -> Upstream {
    Upstream::start(|mut wire, _, seen| {
        let Some(request) = wire.read_request() else { return };
        seen.keep(request);
        wire.send(ok("ok"));
        if let Some(request) = wire.read_request() {
            seen.keep(request);
        }
    })
}

fn all_succeed(upstream: &Upstream, rounds: usize, request: &str) {
    let proxy = Proxy::before(upstream, "");
    let mut wire = proxy.connect();
    let method = request.split(' ').next().unwrap();
    let mut statuses = Vec::new();
    for _ in 0..rounds {
        wire.send(request);
        let answer = wire.read_response(method).unwrap_or_else(|| panic!("no answer: {:?}", wire.ended()));
        statuses.push(answer.status);
    }
    let wrong: Vec<_> = statuses.iter().filter(|s| **s != 200).collect();
    assert!(wrong.is_empty(), "{} of {rounds} failed: {wrong:?}", wrong.len());
}

#[test]
fn connections_closed_while_idle_cause_no_502() {
    for pause in [0, 1, 5] {
        all_succeed(&closing_after_each(pause), 200, &get("/key", ""));
    }
}

#[test]
fn connections_closed_under_a_get_cause_no_502() {
    all_succeed(&closing_at_the_second(), 200, &get("/key", ""));
}

#[test]
fn connections_reset_under_a_get_cause_no_502() {
    all_succeed(&resetting_at_the_second(), 200, &get("/key", ""));
}

#[test]
fn an_empty_put_and_a_delete_are_tried_again() {
    all_succeed(&closing_at_the_second(), 20, &put_head(0, ""));
    let delete = format!("DELETE /key HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    all_succeed(&closing_at_the_second(), 20, &delete);
}

/// All idle connections of the pool may have died at once.
#[test]
fn a_whole_pool_of_dead_connections_causes_no_502() {
    let upstream = Upstream::start(|mut wire, _, _| {
        if wire.read_request().is_some() {
            std::thread::sleep(millis(100));
            wire.send(ok("ok"));
            if wire.read_head().is_some() {
                wire.reset();
            }
        }
    });
    let proxy = Proxy::before(&upstream, "");
    for _ in 0..3 {
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| assert_eq!(proxy.exchange(get("/key", "")).status, 200));
            }
        });
    }
}

#[test]
fn uploads_after_an_idle_close_cause_no_502() {
    let upstream = closing_after_each(1);
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    for round in 0..40 {
        wire.send(put_head(5, "") + "hello");
        assert_eq!(wire.read_response("PUT").unwrap().status, 200, "round {round}");
        std::thread::sleep(millis(20));
    }
}

/// The upstream may have acted on it: it must not act twice.
#[test]
fn a_post_that_was_sent_is_not_sent_again() {
    let upstream = closing_at_the_second();
    let proxy = Proxy::before(&upstream, "runtime.threads = 1");
    assert_eq!(proxy.exchange(get("/warm", "")).status, 200);
    let answer = proxy.exchange(format!("POST /key HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 0\r\n\r\n"));
    assert_eq!(answer.status, 502);
    assert!(answer.proxy_error().is_some());
    let posts = upstream.requests().iter().filter(|r| r.head.first.starts_with("POST")).count();
    assert_eq!(posts, 1);
}

/// What has begun to leave cannot be sent again: it is not kept.
#[test]
fn a_put_whose_body_has_begun_is_not_sent_again() {
    let upstream = Upstream::start(|mut wire, _, seen| {
        let Some(request) = wire.read_request() else { return };
        seen.keep(request);
        wire.send(ok("ok"));
        if let Some(head) = wire.read_head() {
            wire.read_up_to(10);
            seen.keep(crate::harness::Request { head, body: Default::default() });
            wire.reset();
        }
    });
    let proxy = Proxy::before(&upstream, "runtime.threads = 1");
    assert_eq!(proxy.exchange(get("/warm", "")).status, 200);
    let mut wire = proxy.connect();
    wire.send(put_head(20, "") + "0123456789");
    let answer = wire.read_response("PUT").unwrap_or_else(|| panic!("no answer: {:?}", wire.ended()));
    assert_eq!(answer.status, 502);
    assert_eq!(upstream.requests().iter().filter(|r| r.head.first.starts_with("PUT")).count(), 1);
}

#[test]
fn an_upstream_that_never_answers_is_asked_twice_at_most() {
    let upstream = Upstream::start(|mut wire, _, seen| {
        if let Some(request) = wire.read_request() {
            seen.keep(request);
        }
    });
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(get("/key", ""));
    assert_eq!(answer.status, 502);
    assert!(upstream.requests().len() <= 2, "{}", upstream.requests().len());
}

#[test]
fn a_connection_that_the_upstream_keeps_is_used_again() {
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, "runtime.threads = 1");
    for _ in 0..20 {
        assert_eq!(proxy.exchange(get("/key", "")).status, 200);
    }
    assert_eq!(upstream.connections(), 1);
}

#[test]
fn a_connection_that_the_upstream_gives_up_is_not_used_again() {
    let upstream = Upstream::start(|mut wire, _, _| {
        while wire.read_request().is_some() {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    let proxy = Proxy::before(&upstream, "");
    for _ in 0..5 {
        assert_eq!(proxy.exchange(get("/key", "")).status, 200);
    }
    assert_eq!(upstream.connections(), 5);
}

#[test]
fn an_unused_connection_is_closed_after_the_idle_timeout() {
    let (sender, closed) = std::sync::mpsc::channel();
    let upstream = Upstream::start(move |mut wire, _, _| {
        if wire.read_request().is_some() {
            wire.send(ok("ok"));
            let _ = sender.send(wire.ends_within(millis(4000)));
        }
    });
    let proxy = Proxy::before(&upstream, "upstream.idle_timeout = \"500ms\"");
    assert_eq!(proxy.exchange(get("/key", "")).status, 200);
    assert_eq!(closed.recv(), Ok(true));
}

#[test]
fn no_more_than_max_idle_connections_are_kept() {
    let upstream = Upstream::by(|_| {
        std::thread::sleep(millis(150));
        ok("ok")
    });
    let proxy = Proxy::before(&upstream, "runtime.threads = 1\nupstream.max_idle = 2");
    for _ in 0..2 {
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| assert_eq!(proxy.exchange(get("/key", "")).status, 200));
            }
        });
        std::thread::sleep(millis(50));
    }
    assert_eq!(upstream.connections(), 10, "6, then 2 kept and 4 new");
}
