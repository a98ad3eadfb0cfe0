//! Names with addresses in both families, and literals of either (RFC 8305).

use std::net::TcpListener;

use crate::harness::{HOST, Proxy, Upstream, free_port, get, ok};

#[test]
fn a_name_is_reached_at_the_address_that_listens() {
    let upstream = Upstream::answering(ok("there"));
    let proxy = Proxy::start(&format!("upstream.url = \"http://localhost:{}\"", upstream.address.port()));
    let answer = proxy.exchange(get("/k", ""));
    assert_eq!((answer.status, answer.text().as_str()), (200, "there"));
    assert_eq!(upstream.request().head.all("host"), [HOST]);
}

/// A server at `[::1]`, where this machine has that address: it answers each connection once.
fn on_ipv6(port: u16) -> Option<()> {
    let listener = TcpListener::bind(("::1", port)).ok()?;
    std::thread::spawn(move || {
        for stream in listener.incoming().take(2) {
            let mut wire = crate::harness::Wire::over(stream.unwrap());
            wire.read_request();
            let _ = wire.try_send(ok("six"));
        }
    });
    Some(())
}

#[test]
fn ipv6_literals_are_dialled() {
    let port = free_port();
    if on_ipv6(port).is_none() {
        return;
    }
    for settings in [
        format!("upstream.url = \"http://[::1]:{port}\""),
        format!("upstream.url = \"http://cos.example.com\"\nupstream.connect_to = \"[::1]:{port}\""),
    ] {
        let answer = Proxy::start(&settings).exchange(get("/k", ""));
        assert_eq!((answer.status, answer.text().as_str()), (200, "six"), "{settings}");
    }
}

#[test]
fn every_address_that_was_tried_is_named() {
    let port = free_port();
    let proxy = Proxy::start(&format!("upstream.url = \"http://localhost:{port}\""));
    let answer = proxy.exchange(get("/k", ""));
    assert_eq!((answer.status, answer.proxy_error()), (502, Some("connection_refused")));
    let said = answer.text();
    assert!(said.contains("cannot connect to localhost at ") && said.contains(&format!(":{port}")), "{said}");
}
