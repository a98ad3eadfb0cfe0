//! The request target: byte for byte (RFC 9112, 3.2), in each of its forms.

use crate::harness::{HOST, Proxy, Upstream, get, ok};

/// Each on the same kept connection, so that one that is misread shows in the next.
#[test]
fn targets_pass_byte_for_byte() {
    let targets = [
        "/",
        "/key",
        "/a%2Fb",
        "/a%2fb",
        "/%41%7e",
        "/a%00b",
        "//",
        "//a//b//",
        "/a/../b",
        "/../../etc",
        "/./a/.",
        "/a%2e%2e/b",
        "/?",
        "/?acl",
        "/?acl=",
        "/key?a=&b",
        "/key?a=&b&&c==d&",
        "/key?response-content-type=text%2Fplain&prefix=a/b",
        "/key?x=%zz&y=%",
        "/a+b%20c?d+e=%2B",
        "/~'()*!$&,;=:@",
        "/key?list-type=2?prefix=?",
        "/%E4%B8%AD%E6%96%87",
        "/%e4%b8%ad",
        "/a;v=1/b",
        "/[a]|b\\c^d",
        "/{a}\"b\"",
        "/http://other.example/",
        "/*",
    ];
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    for target in targets {
        wire.send(get(target, ""));
        let answer = wire.read_response("GET").unwrap_or_else(|| panic!("no answer to {target}"));
        assert_eq!(answer.status, 200, "{target}");
    }
    let seen = upstream.requests();
    assert_eq!(seen.len(), targets.len());
    for (target, request) in targets.iter().zip(&seen) {
        assert_eq!(request.head.first, format!("GET {target} HTTP/1.1"));
    }
}

#[test]
fn a_long_target_passes() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    let target = format!("/{}?q-signature={}", "k".repeat(850), "s".repeat(6000));
    assert_eq!(proxy.exchange(get(&target, "")).status, 200);
    assert_eq!(upstream.request().target(), target);
}

#[test]
fn methods_pass_as_they_are() {
    let upstream = Upstream::answering("HTTP/1.1 204 No Content\r\n\r\n");
    let proxy = Proxy::before(&upstream, "");
    let methods = ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "M-SEARCH", "get"];
    for method in methods {
        let answer =
            proxy.exchange(format!("{method} /k HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 0\r\n\r\n"));
        assert_eq!(answer.status, 204, "{method}");
    }
    let seen: Vec<String> = upstream.requests().iter().map(|r| r.head.first.clone()).collect();
    assert_eq!(seen, methods.map(|m| format!("{m} /k HTTP/1.1")));
}

#[test]
fn options_asterisk_stays_asterisk() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    assert_eq!(proxy.exchange(format!("OPTIONS * HTTP/1.1\r\nHost: {HOST}\r\n\r\n")).status, 200);
    assert_eq!(upstream.request().head.first, "OPTIONS * HTTP/1.1");
}

#[test]
fn absolute_form_becomes_origin_form_byte_for_byte() {
    let cases = [
        ("", "/"),
        ("/", "/"),
        ("?acl", "/?acl"),
        ("/%2F//x/../y?acl", "/%2F//x/../y?acl"),
        ("//double?a=&b", "//double?a=&b"),
        ("/http://a@b/", "/http://a@b/"),
        ("#fragment", "/"),
        ("/#fragment", "/"),
        ("?acl#fragment", "/?acl"),
    ];
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    for (given, expected) in cases {
        let answer = proxy.exchange(format!("GET http://{HOST}{given} HTTP/1.1\r\nHost: {HOST}\r\n\r\n"));
        assert_eq!(answer.status, 200, "{given}");
        let request = upstream.requests().pop().unwrap();
        assert_eq!(request.head.first, format!("GET {expected} HTTP/1.1"), "{given}");
        assert_eq!(request.head.all("host"), [HOST], "{given}");
    }
}

/// RFC 9112, 3.2.2: the target's authority replaces Host.
#[test]
fn an_absolute_forms_authority_replaces_host() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    let request = format!("GET http://{HOST}/k HTTP/1.1\r\nHost: other.example\r\nX-A: 1\r\n\r\n");
    assert_eq!(proxy.exchange(request).status, 200);
    let head = upstream.request().head;
    assert_eq!(head.all("host"), [HOST]);
    assert_eq!(head.get("x-a"), Some("1"));
}

#[test]
fn host_stays_as_it_was_written() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    let mixed = "ExampleBucket-1250000000.COS.ap-Guangzhou.MyQCloud.com";
    for host in [HOST, mixed, &format!("{HOST}:80")] {
        let answer = proxy.exchange(format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert_eq!(answer.status, 200, "{host}");
        assert_eq!(upstream.requests().pop().unwrap().head.all("host"), [host]);
    }
}
