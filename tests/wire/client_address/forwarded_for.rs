//! `X-Forwarded-For`, from proxies that are named and from anybody.

use super::NAMED;
use crate::harness::{Proxy, Upstream, Wire, get, ok};

const SETTING: &str = "listener.trusted_proxies = [\"127.0.0.2\", \"10.0.0.0/8\"]";

/// The client in the log of a request from here with these fields.
fn client(proxy: &Proxy, from: [u8; 4], fields: &str) -> String {
    let before = proxy.log_now().len();
    let mut wire = Wire::connect_from(from, proxy.address);
    wire.send(get("/key", fields));
    assert_eq!(wire.read_response("GET").unwrap().status, 200);
    proxy.log(before + 1)[before]["client"].as_str().unwrap().to_owned()
}

#[test]
fn a_named_proxy_is_believed_and_its_header_goes_on() {
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, SETTING);
    for (fields, expected) in [
        ("X-Forwarded-For: 192.0.2.7\r\n", "192.0.2.7"),
        ("X-Forwarded-For: 198.51.100.1, 192.0.2.7, 10.1.2.3\r\n", "192.0.2.7"),
        ("X-Forwarded-For: 192.0.2.7\r\nx-forwarded-for: 10.1.2.3\r\n", "192.0.2.7"),
        ("X-Forwarded-For: 192.0.2.7:4711\r\n", "192.0.2.7:4711"),
        ("X-Forwarded-For: [2001:db8::7]:4711\r\n", "[2001:db8::7]:4711"),
        ("X-Forwarded-For: 2001:db8::7\r\n", "2001:db8::7"),
    ] {
        assert_eq!(client(&proxy, NAMED, fields), expected, "{fields}");
        let sent = upstream.requests().pop().unwrap().head;
        let sent: String = sent.fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        assert!(sent.to_lowercase().contains(&fields.to_lowercase()), "{sent}");
    }
    assert!(client(&proxy, NAMED, "").starts_with("127.0.0.2:"));
}

#[test]
fn who_is_not_named_cannot_pose_as_another() {
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, SETTING);
    for fields in [
        "X-Forwarded-For: 192.0.2.7\r\n",
        "X-Forwarded-For: 192.0.2.7, 127.0.0.2\r\nForwarded: for=192.0.2.7\r\n",
    ] {
        assert!(client(&proxy, [127, 0, 0, 1], fields).starts_with("127.0.0.1:"), "{fields}");
    }
    // Behind a named proxy it is the entry of that proxy that counts, whatever its client wrote before.
    for fields in [
        "X-Forwarded-For: 10.0.0.9, 127.0.0.2, 192.0.2.7\r\n",
        "X-Forwarded-For: 127.0.0.2\r\nX-Forwarded-For: 192.0.2.7, 10.0.0.1\r\n",
        "X-Forwarded-For: \u{ff}\",, ;;, 192.0.2.7\r\nForwarded: for=203.0.113.9\r\n",
    ] {
        assert_eq!(client(&proxy, NAMED, fields), "192.0.2.7", "{fields}");
    }
}

#[test]
fn garbage_leaves_the_last_that_is_known() {
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, SETTING);
    let thousands = format!("X-Forwarded-For: 192.0.2.7{}\r\n", ", 10.0.0.1".repeat(6000));
    for (fields, expected) in [
        ("X-Forwarded-For: unknown\r\n", "127.0.0.2:"),
        ("X-Forwarded-For: \"192.0.2.7\"\r\n", "127.0.0.2:"),
        ("X-Forwarded-For: 192.0.2.7, <script>, 10.0.0.1\r\n", "10.0.0.1"),
        ("X-Forwarded-For: ,,,,\r\n", "127.0.0.2:"),
        ("X-Forwarded-For: 192.0.2.777\r\n", "127.0.0.2:"),
        (&thousands, "10.0.0.1"),
    ] {
        assert!(client(&proxy, NAMED, fields).starts_with(expected), "{fields}");
    }
}
