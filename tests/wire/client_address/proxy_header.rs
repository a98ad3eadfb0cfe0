//! The PROXY protocol on both listeners.

use std::net::Shutdown;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};

use super::NAMED;
use crate::harness::{Front, HOST, Proxy, Upstream, Wire, get, millis, ok};

const SETTING: &str = "listener.proxy_protocol = [\"127.0.0.2/31\"]\nlistener.header_timeout = \"400ms\"";
const LINE: &str = "PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\r\n";

/// Version 2 of the same, with this much added.
fn binary(added: usize) -> Vec<u8> {
    let mut header = b"\r\n\r\n\0\r\nQUIT\n\x21\x11".to_vec();
    header.extend(u16::try_from(12 + added).unwrap().to_be_bytes());
    header.extend([192, 0, 2, 7, 198, 51, 100, 1, 200, 34, 1, 187]);
    header.extend(vec![7; added]);
    header
}

#[test]
fn the_client_is_whom_the_balancer_tells_of() {
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, SETTING);
    let local = b"\r\n\r\n\0\r\nQUIT\n\x20\x00\x00\x00".to_vec();
    let six = b"PROXY TCP6 2001:db8::7 2001:db8::1 51234 443\r\n".to_vec();
    for (header, client) in [
        (LINE.into(), "192.0.2.7:51234"),
        (six, "[2001:db8::7]:51234"),
        (binary(0), "192.0.2.7:51234"),
        (binary(3000), "192.0.2.7:51234"),
        (b"PROXY UNKNOWN\r\n".to_vec(), "127.0.0.2:"),
        (local, "127.0.0.2:"),
    ] {
        let before = proxy.log_now().len();
        let mut wire = Wire::connect_from(NAMED, proxy.address);
        wire.send([&header, get("/one", "").as_bytes()].concat());
        assert_eq!(wire.read_response("GET").unwrap().text(), "ok");
        // it stands once, before everything
        wire.send(get("/two", ""));
        assert_eq!(wire.read_response("GET").unwrap().text(), "ok");
        for line in &proxy.log(before + 2)[before..] {
            assert!(line["client"].as_str().unwrap().starts_with(client), "{line}");
        }
    }
    let targets: Vec<_> = upstream.requests().iter().map(|request| request.target().to_owned()).collect();
    assert_eq!(targets, ["/one", "/two"].repeat(6));
}

#[test]
fn it_may_come_in_pieces() {
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, "listener.proxy_protocol = [\"127.0.0.2\"]");
    for header in [LINE.into(), binary(1000)] {
        let mut wire = Wire::connect_from(NAMED, proxy.address);
        let whole = [&header, get("/key", "").as_bytes()].concat();
        for piece in whole.chunks(whole.len() / 7) {
            wire.send(piece);
            std::thread::sleep(millis(15));
        }
        assert_eq!(wire.read_response("GET").unwrap().text(), "ok");
    }
    for line in proxy.log(2) {
        assert_eq!(line["client"], "192.0.2.7:51234", "{line}");
    }
}

#[test]
fn it_comes_before_tls() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, SETTING);
    let mut socket = Wire::connect_from(NAMED, front.address);
    socket.send(binary(16));
    let name = ServerName::try_from(HOST).unwrap();
    let client = ClientConnection::new(Arc::new(front.authority.client(&[])), name).unwrap();
    let mut wire = Wire::new(StreamOwned::new(client, socket.inner().try_clone().unwrap()));
    wire.send(get("/key", ""));
    assert_eq!(wire.read_response("GET").unwrap().text(), "ok");
    assert_eq!(front.proxy.log_line()["client"], "192.0.2.7:51234");
    // and is missed where it does not come
    let mut bare = Wire::connect_from(NAMED, front.address);
    bare.send(b"\x16\x03\x01\x00\x05hello");
    assert!(bare.ends_within(Duration::from_secs(3)));
    assert_eq!(front.proxy.log(2)[1]["outcome"], "bad-request");
}

#[test]
fn who_is_not_named_is_not_believed() {
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, SETTING);
    let request = get("/key", "");
    for header in [LINE.into(), binary(0)] {
        let mut wire = proxy.connect();
        wire.send([&header, request.as_bytes()].concat());
        assert_eq!(wire.read_response("GET").unwrap().status, 400);
        assert!(wire.ends_within(Duration::from_secs(3)));
    }
    assert_eq!(proxy.exchange(&request).status, 200);
    for line in proxy.log(3) {
        assert!(line["client"].as_str().unwrap().starts_with("127.0.0.1:"), "{line}");
    }
    assert_eq!(upstream.requests().len(), 1);
}

#[test]
fn who_is_named_must_send_one() {
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, SETTING);
    let too_long = [b"\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff".as_slice(), &[0; 5000]].concat();
    let endless = [b"PROXY UNKNOWN ".as_slice(), &[b'x'; 5000]].concat();
    let request = get("/key", "").into_bytes();
    for bytes in
        [request.clone(), too_long, endless, [b"PROXY TCP4 1 2 3 4\r\n", request.as_slice()].concat()]
    {
        let mut wire = Wire::connect_from(NAMED, proxy.address);
        wire.send(&bytes);
        let answer = wire.read_response("GET").unwrap();
        assert_eq!((answer.status, answer.get("connection")), (400, Some("close")));
        assert!(answer.text().contains("PROXY protocol"), "{}", answer.text());
    }
    // One that stops inside is waited for as long as for a head; one that says nothing and goes leaves no line.
    let mut slow = Wire::connect_from(NAMED, proxy.address);
    slow.send(&LINE[..20]);
    assert_eq!(slow.read_response("GET").unwrap().status, 408);
    let mut broken = Wire::connect_from(NAMED, proxy.address);
    broken.send(&binary(0)[..20]);
    broken.inner().shutdown(Shutdown::Write).unwrap();
    assert_eq!(broken.read_response("GET").unwrap().status, 400);
    drop(Wire::connect_from(NAMED, proxy.address));
    let outcomes: Vec<_> =
        proxy.log(6).iter().map(|line| line["outcome"].as_str().unwrap().to_owned()).collect();
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "bad-request").count(), 5, "{outcomes:?}");
    assert!(upstream.requests().is_empty());
}

/// Connections that say nothing hold no more than their place, for as long as a head may take.
#[test]
fn silent_connections_are_let_go() {
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, SETTING);
    let mut held: Vec<_> = (0..50).map(|_| Wire::connect_from(NAMED, proxy.address)).collect();
    for wire in &mut held {
        assert!(wire.ends_within(Duration::from_secs(5)));
    }
    assert_eq!(proxy.exchange(get("/key", "")).status, 200);
}
