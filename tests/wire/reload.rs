//! Reloads: new requests go by the new settings, those under way by the old ones, and nothing is dropped between them.

mod load;
mod parts;
mod refused;

use std::time::Duration;

use crate::harness::{Proxy, Upstream, get, millis, ok, within};

#[test]
fn the_next_request_on_an_open_connection_goes_by_the_new_settings() {
    let (old, new) = (Upstream::answering(ok("old")), Upstream::answering(ok("new")));
    let proxy = Proxy::before(&old, "");
    let mut wire = proxy.connect();
    let mut ask = || {
        wire.send(get("/key", ""));
        wire.read_response("GET").unwrap().text()
    };
    assert_eq!((ask(), ask()), ("old".to_owned(), "old".to_owned()));
    assert_eq!(proxy.change(&new, "")["changed"], serde_json::json!(["upstream.url"]));
    assert_eq!((ask(), ask()), ("new".to_owned(), "new".to_owned()));
    assert_eq!((old.requests().len(), new.requests().len()), (2, 2));
}

#[test]
fn a_request_under_way_ends_by_the_settings_it_began_with() {
    let upstream = Upstream::by(|_| {
        std::thread::sleep(millis(600));
        ok("in time")
    });
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(get("/key", ""));
    assert!(within(Duration::from_secs(5), || upstream.connections() == 1));
    proxy.change(&upstream, "upstream.response_timeout = \"100ms\"");
    assert_eq!(wire.read_response("GET").unwrap().text(), "in time");
    wire.send(get("/key", ""));
    assert_eq!(wire.read_response("GET").unwrap().status, 504, "the one after it has a tenth of a second");
}

#[test]
fn connections_to_the_upstream_are_kept() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "runtime.threads = 1");
    for warn in [false, true, false] {
        proxy.exchange(get("/key", ""));
        proxy.change(&upstream, &format!("runtime.threads = 1\ndiagnosis.warn_header = {warn}"));
    }
    proxy.exchange(get("/key", ""));
    assert_eq!(upstream.connections(), 1);
}

#[test]
fn what_needs_a_restart_is_named_and_the_rest_applied() {
    let (old, new) = (Upstream::answering(ok("old")), Upstream::answering(ok("new")));
    let proxy = Proxy::before(&old, "");
    let told = proxy.change(&new, "runtime.threads = 7\nlog.format = \"pretty\"\nadmin.ring = 3");
    let names = serde_json::json!(["admin.ring", "log.format", "runtime.threads"]);
    assert_eq!((&told["needs_restart"], &told["changed"]), (&names, &serde_json::json!(["upstream.url"])));
    assert_eq!(proxy.exchange(get("/key", "")).text(), "new");
    let lines = proxy.own_lines(1, "until a restart these settings stay as they are");
    assert!(lines.len() == 1 && lines[0].contains("admin.ring, log.format, runtime.threads"), "{lines:?}");
}

#[test]
fn sighup_reloads_too() {
    let (old, new) = (Upstream::answering(ok("old")), Upstream::answering(ok("new")));
    let proxy = Proxy::before(&old, "");
    proxy.configure(&format!("upstream.url = \"http://{}\"", new.address));
    proxy.hang_up();
    assert!(within(Duration::from_secs(5), || proxy.exchange(get("/key", "")).text() == "new"));
}

#[test]
fn the_log_level_changes() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    let spans = || proxy.own_lines(0, "span ended").len();
    proxy.exchange(get("/key", ""));
    proxy.log(1);
    assert_eq!(spans(), 0);
    proxy.change(&upstream, "log.level = \"coswhy=debug\"");
    proxy.exchange(get("/key", ""));
    assert!(within(Duration::from_secs(5), || spans() > 0));
    proxy.change(&upstream, "log.level = \"warn\"");
    std::thread::sleep(millis(200));
    let before = spans();
    proxy.exchange(get("/key", ""));
    proxy.log(3);
    assert_eq!(spans(), before);
}
