//! To COS by https: the default way, driven against an endpoint under an authority made in the test.

use rustls::version::{TLS12, TLS13};

use crate::harness::{
    Authority, DENIED, Directory, HOST, Proxy, Response, TlsUpstream, Upstream, get, millis, ok, refusal,
    within,
};

const FAR: i32 = 2090;

struct Setting {
    upstream: TlsUpstream,
    proxy: Proxy,
    _files: Directory,
}

/// A server with a certificate for `name`; coswhy trusts its authority and dials it whatever the name.
fn between(
    name: &str,
    until: i32,
    versions: &[&'static rustls::SupportedProtocolVersion],
    turns: usize,
) -> Setting {
    let (files, authority) = (Directory::new(), Authority::new());
    let ca = authority.file(&files);
    let upstream = TlsUpstream::start(authority.server(name, until, versions), ok("secret"), turns);
    let proxy = Proxy::start(&trusting(&ca, &upstream));
    Setting { upstream, proxy, _files: files }
}

fn trusting(ca: &std::path::Path, upstream: &TlsUpstream) -> String {
    format!(
        "runtime.threads = 1\nupstream.ca_file = \"{}\"\nupstream.connect_to = \"{}\"",
        ca.display(),
        upstream.address
    )
}

#[test]
fn the_default_way_is_tls_with_the_hosts_name() {
    let s = between(HOST, FAR, &[&TLS12, &TLS13], 10);
    for _ in 0..3 {
        let answer = s.proxy.exchange(get("/k?acl", ""));
        assert_eq!((answer.status, answer.text().as_str()), (200, "secret"));
    }
    let [seen] = &s.upstream.handshakes()[..] else { panic!("one connection serves all three") };
    assert_eq!((seen.name.as_deref(), seen.version), (Some(HOST), Some(rustls::ProtocolVersion::TLSv1_3)));
    assert!(seen.alpn.is_none() || seen.alpn.as_deref() == Some(b"http/1.1"), "{seen:?}");
    let head = &s.upstream.requests()[0].head;
    assert_eq!((head.first.as_str(), head.all("host")), ("GET /k?acl HTTP/1.1", vec![HOST]));
}

#[test]
fn an_absolute_form_with_https_goes_the_same_way() {
    let s = between(HOST, FAR, &[&TLS13], 10);
    for target in [format!("https://{HOST}/k"), format!("https://{HOST}:443/k"), format!("http://{HOST}/k")] {
        assert_eq!(s.proxy.exchange(format!("GET {target} HTTP/1.1\r\nHost: {HOST}\r\n\r\n")).status, 200);
    }
    assert!(s.upstream.requests().iter().all(|r| r.target() == "/k"));
}

#[test]
fn the_name_is_checked_whatever_its_letter_case() {
    let s = between(HOST, FAR, &[&TLS13], 10);
    let answer = s.proxy.exchange(format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", HOST.to_uppercase()));
    assert_eq!(answer.status, 200);
    assert_eq!(s.upstream.requests()[0].head.all("host"), [HOST.to_uppercase()]);
}

#[test]
fn tls_1_2_and_1_3_both_do() {
    for (version, expected) in
        [(&TLS12, rustls::ProtocolVersion::TLSv1_2), (&TLS13, rustls::ProtocolVersion::TLSv1_3)]
    {
        let s = between(HOST, FAR, &[version], 1);
        assert_eq!(s.proxy.exchange(get("/k", "")).status, 200);
        assert_eq!(s.upstream.handshakes()[0].version, Some(expected));
    }
}

#[test]
fn sessions_are_resumed() {
    for version in [&TLS12, &TLS13] {
        let s = between(HOST, FAR, &[version], 1);
        for _ in 0..4 {
            assert_eq!(s.proxy.exchange(get("/k", "")).status, 200);
        }
        let handshakes = s.upstream.handshakes();
        assert!(handshakes.len() >= 4);
        assert!(!handshakes[0].resumed && handshakes[1..].iter().all(|h| h.resumed), "{handshakes:?}");
    }
}

/// A connection made for one name is not used for another: the certificate spoke for the first alone.
#[test]
fn a_connection_serves_one_name() {
    let s = between(HOST, FAR, &[&TLS13], 10);
    assert_eq!(s.proxy.exchange(get("/k", "")).status, 200);
    let other = "other-1250000000.cos.ap-guangzhou.myqcloud.com";
    let answer = s.proxy.exchange(format!("GET /k HTTP/1.1\r\nHost: {other}\r\n\r\n"));
    assert_eq!(answer.status, 502);
    let asked = || s.upstream.handshakes().last().unwrap().name.as_deref() == Some(other);
    assert!(within(millis(2000), asked), "{:?}", s.upstream.handshakes());
    assert_eq!(s.upstream.requests().len(), 1);
}

fn refused_by_certificate(answer: &Response, proxy: &Proxy, hint: &str) {
    assert_eq!((answer.status, answer.proxy_error()), (502, Some("tls_certificate_error")));
    let said = (answer.text() + answer.get("proxy-status").unwrap()).to_lowercase();
    assert!(said.contains(hint), "{hint:?} is named: {said}");
    let line = proxy.log_line();
    assert_eq!((line["outcome"].as_str(), line["level"].as_str()), (Some("upstream-tls"), Some("ERROR")));
}

#[test]
fn a_certificate_of_an_unknown_authority_is_502() {
    let s = between(HOST, FAR, &[&TLS13], 1);
    let proxy = Proxy::start(&format!("upstream.connect_to = \"{}\"", s.upstream.address));
    refused_by_certificate(&proxy.exchange(get("/k", "")), &proxy, "ca_file");
    assert!(s.upstream.requests().is_empty());
}

#[test]
fn a_certificate_for_another_name_is_502() {
    let s = between("other.example.com", FAR, &[&TLS13], 1);
    refused_by_certificate(&s.proxy.exchange(get("/k", "")), &s.proxy, "name");
    assert!(s.upstream.requests().is_empty());
}

#[test]
fn an_expired_certificate_is_502() {
    let s = between(HOST, 2021, &[&TLS13], 1);
    refused_by_certificate(&s.proxy.exchange(get("/k", "")), &s.proxy, "expired");
    assert!(s.upstream.requests().is_empty());
}

#[test]
fn an_upstream_that_does_not_speak_tls_is_502() {
    let upstream = Upstream::start(|mut wire, _, _| {
        wire.fill();
        let _ = wire.try_send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
    let proxy = Proxy::start(&format!("upstream.connect_to = \"{}\"", upstream.address));
    let answer = proxy.exchange(get("/k", ""));
    assert_eq!((answer.status, answer.proxy_error()), (502, Some("tls_protocol_error")));
}

/// A handshake that never ends is within the connect timeout.
#[test]
fn a_silent_tls_upstream_is_given_up_in_time() {
    let upstream = Upstream::start(|mut wire, _, _| {
        wire.read_to_end();
    });
    let settings =
        format!("upstream.connect_to = \"{}\"\nupstream.connect_timeout = \"500ms\"", upstream.address);
    let proxy = Proxy::start(&settings);
    let since = std::time::Instant::now();
    let answer = proxy.exchange(get("/k", ""));
    assert!(matches!(answer.status, 502 | 504), "{}", answer.status);
    assert!(since.elapsed() < std::time::Duration::from_secs(3));
}

/// With `upstream.url` the TLS name comes from the URL, and Host stays the bucket's.
#[test]
fn an_https_origin_is_checked_by_its_own_name() {
    let (files, authority) = (Directory::new(), Authority::new());
    let ca = authority.file(&files);
    let config = authority.server("localhost", FAR, &[&TLS13]);
    let upstream = TlsUpstream::start(config, ok("secret"), 1);
    let settings = format!(
        "upstream.ca_file = \"{}\"\nupstream.url = \"https://localhost:{}\"",
        ca.display(),
        upstream.address.port()
    );
    let proxy = Proxy::start(&settings);
    assert_eq!(proxy.exchange(get("/k", "")).status, 200);
    assert_eq!(upstream.handshakes()[0].name.as_deref(), Some("localhost"));
    assert_eq!(upstream.requests()[0].head.all("host"), [HOST]);
}

#[test]
fn a_refusal_over_tls_is_diagnosed() {
    let (files, authority) = (Directory::new(), Authority::new());
    let ca = authority.file(&files);
    let upstream = TlsUpstream::start(authority.server(HOST, FAR, &[&TLS13]), refusal(DENIED), 5);
    let proxy = Proxy::start(&trusting(&ca, &upstream));
    let answer = proxy.exchange(get("/k", ""));
    assert_eq!((answer.status, answer.cause()), (403, Some("anonymous-access-denied")));
}

/// As over plain TCP: the server refuses after the head and closes.
#[test]
fn an_early_refusal_over_tls_reaches_a_blocking_client() {
    let (files, authority) = (Directory::new(), Authority::new());
    let ca = authority.file(&files);
    let upstream = TlsUpstream::refusing_at_once(authority.server(HOST, FAR, &[&TLS13]), refusal(DENIED));
    let proxy = Proxy::start(&trusting(&ca, &upstream));
    for round in 0..10 {
        let mut wire = proxy.connect();
        let size = 8 << 20;
        wire.send(crate::harness::put_head(size, ""));
        for _ in 0..8 {
            wire.send(vec![b'x'; 1 << 20]);
        }
        let answer = wire.read_response("PUT").unwrap_or_else(|| panic!("round {round}: {:?}", wire.ended()));
        assert_eq!((answer.status, answer.body.complete), (403, true), "round {round}");
    }
}
