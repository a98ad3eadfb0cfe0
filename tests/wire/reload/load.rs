//! Many reloads: none loses a request or a line of the log, and none leaves anything behind.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::harness::{Proxy, Upstream, get, millis, ok};

#[test]
fn reloads_under_load_lose_nothing() {
    let (one, other) = (Upstream::answering(ok("answer")), Upstream::answering(ok("answer")));
    let proxy = Proxy::before(&one, "");
    let done = AtomicBool::new(false);
    let asked = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut wire = proxy.connect();
                    let mut asked = 0;
                    while !done.load(Relaxed) {
                        wire.send(get("/key", ""));
                        assert_eq!(wire.read_response("GET").expect("an answer").text(), "answer");
                        asked += 1;
                    }
                    asked
                })
            })
            .collect();
        for turn in 0..20 {
            proxy.change(if turn % 2 == 0 { &other } else { &one }, "");
            std::thread::sleep(millis(50));
        }
        done.store(true, Relaxed);
        clients.into_iter().map(|client| client.join().unwrap()).sum::<usize>()
    });
    assert!(asked > 100, "{asked}");
    assert_eq!(one.requests().len() + other.requests().len(), asked);
    assert_eq!(proxy.log(asked).iter().filter(|line| line["outcome"] == "forwarded").count(), asked);
}

#[test]
fn reloads_at_one_time_take_their_turns() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..8).map(|_| scope.spawn(|| proxy.ask_to_reload("").status)).collect();
        for asked in asking {
            assert_eq!(asked.join().unwrap(), 200);
        }
    });
    assert_eq!(proxy.own_lines(8, "have been reloaded").len(), 8);
}

#[test]
fn nothing_grows_with_reloads() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    // Connections that do not ask again keep what they saw last; that is one of few.
    let mut idle: Vec<_> = (0..4).map(|_| proxy.connect()).collect();
    let mut turn = |count: usize| {
        for number in 0..count {
            let map = format!("[[map]]\nhost = \"host-{number}.internal\"\nregion = \"ap-guangzhou\"");
            proxy.change(&upstream, &map);
            let wire = &mut idle[number % 4];
            wire.send(get("/key", ""));
            assert_eq!(wire.read_response("GET").unwrap().status, 200);
        }
    };
    turn(20);
    let (memory, descriptors) = (proxy.memory(), proxy.descriptors());
    turn(200);
    let grown = proxy.memory().saturating_sub(memory);
    assert!(grown < 4 * 1024 * 1024, "{grown} bytes more after 200 reloads");
    assert!(
        proxy.descriptors() <= descriptors + 4,
        "{} files open, {descriptors} before",
        proxy.descriptors()
    );
}
