//! TLS in front: which protocol and certificate a client gets, and what it may ask for by https.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use rustls::version::TLS12;

use crate::harness::Http2;
use crate::harness::{
    Front, HOST, Https, Proxy, Upstream, Wire, asking, free_port, get, millis, ok, read_all, run, within,
};

fn alpn(wire: &Https) -> Option<&str> {
    wire.inner().conn.alpn_protocol().map(|name| std::str::from_utf8(name).unwrap())
}

/// The names on the certificate that this connection got.
fn names(wire: &Https) -> Vec<String> {
    let chain = wire.inner().conn.peer_certificates().unwrap();
    let (_, certificate) = x509_parser::parse_x509_certificate(&chain[0]).unwrap();
    let names = certificate.subject_alternative_name().unwrap().unwrap();
    let name = |name: &x509_parser::extensions::GeneralName<'_>| match name {
        x509_parser::extensions::GeneralName::DNSName(name) => (*name).to_owned(),
        other => panic!("{other:?}"),
    };
    names.value.general_names.iter().map(name).collect()
}

#[test]
fn the_protocol_is_what_both_know() {
    let upstream = Upstream::answering(ok("by https"));
    let front = Front::before(&upstream, "");
    for offered in [&["http/1.1"][..], &[]] {
        let mut wire = front.connect(HOST, offered);
        wire.send(get("/key", ""));
        let answer = wire.read_response("GET").unwrap();
        assert_eq!((answer.status, answer.text().as_str()), (200, "by https"));
        assert_eq!(alpn(&wire), offered.first().copied());
    }
    run(async {
        let mut client = Http2::open(&front).await;
        let answer = client.ask(asking("GET", "/key")).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.version()), (200, http::Version::HTTP_2));
        assert_eq!(read_all(answer.into_body()).await.unwrap(), b"by https");
    });
}

#[test]
fn a_connection_serves_one_request_after_the_other() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "");
    let mut wire = front.connect(HOST, &["http/1.1"]);
    for _ in 0..3 {
        wire.send(get("/key?acl", ""));
        assert_eq!(wire.read_response("GET").unwrap().status, 200);
    }
    assert_eq!(upstream.requests()[2].head.first, "GET /key?acl HTTP/1.1");
    assert_eq!(upstream.connections(), 1);
}

#[test]
fn the_certificate_is_the_one_with_the_name() {
    let files = crate::harness::Directory::new();
    let other = crate::harness::Authority::new();
    let (cert, key) = other.pair(&files, "other", &["files.example.com", "*.wild.example.com"]);
    let more = format!("[[tls.certificates]]\ncert = \"{}\"\nkey = \"{}\"", cert.display(), key.display());
    let upstream = Upstream::answering(ok(""));
    let front = Front::before(&upstream, &more);
    let shown = |name: &str| {
        let mut wire = front.connect(name, &[]);
        // The other authority is not trusted, but what it vouched for is shown all the same.
        let _ = wire.try_send(get("/key", ""));
        (wire.read_response("GET").is_some(), wire.inner().conn.peer_certificates().is_some())
    };
    assert_eq!(shown(HOST), (true, true));
    assert_eq!(shown("localhost"), (true, true));
    for name in ["files.example.com", "a.wild.example.com"] {
        assert!(!shown(name).0, "{name}");
        assert!(
            within(millis(2000), || front.proxy.log_now().iter().any(|line| line["outcome"] == "client-tls")),
            "{:?}",
            front.proxy.log_now()
        );
    }
    // A name that none has gets the first, and it is the client that refuses it.
    assert!(!shown("elsewhere.example.com").0);
}

#[test]
fn new_certificates_are_taken_while_connections_go_on() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "");
    let mut before = front.connect(HOST, &[]);
    before.send(get("/1", ""));
    assert_eq!(before.read_response("GET").unwrap().status, 200);
    front.authority.pair(&front.files, "cert", &[HOST, "new.example.com"]);
    let fresh = || {
        let mut wire = front.connect(HOST, &[]);
        wire.send(get("/2", ""));
        wire.read_response("GET").unwrap();
        names(&wire)
    };
    assert!(within(Duration::from_secs(8), || fresh().contains(&"new.example.com".to_owned())));
    before.send(get("/3", ""));
    assert_eq!(before.read_response("GET").unwrap().status, 200);

    // What is no certificate changes nothing, and is complained about by name.
    std::fs::write(&front.cert, "no certificate").unwrap();
    let complained = || front.proxy.log_text().contains("the certificates read before stay in use");
    assert!(within(Duration::from_secs(8), complained), "{}", front.proxy.log_text());
    assert!(front.proxy.log_text().contains(&format!("tls.cert: {}", front.cert.display())));
    assert!(fresh().contains(&"new.example.com".to_owned()));
}

/// Half of a new pair is not a pair.
#[test]
fn a_key_that_is_replaced_later_is_waited_for() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "");
    let elsewhere = crate::harness::Directory::new();
    let (cert, key) = front.authority.pair(&elsewhere, "cert", &[HOST, "new.example.com"]);
    std::fs::copy(cert, &front.cert).unwrap();
    let complained = || front.proxy.log_text().contains("not the key of the certificate");
    assert!(within(Duration::from_secs(8), complained), "{}", front.proxy.log_text());
    std::fs::copy(key, &front.key).unwrap();
    let fresh = || {
        let mut wire = front.connect(HOST, &[]);
        wire.send(get("/", ""));
        wire.read_response("GET").unwrap();
        names(&wire).contains(&"new.example.com".to_owned())
    };
    assert!(within(Duration::from_secs(8), fresh));
}

#[test]
fn http_on_the_port_of_https_is_told_so() {
    let upstream = Upstream::answering(ok(""));
    let front = Front::before(&upstream, "");
    let mut wire = Wire::connect(front.address);
    wire.send(get("/key", ""));
    let answer = wire.read_response("GET").unwrap();
    assert_eq!((answer.status, answer.get("connection")), (400, Some("close")));
    assert!(answer.text().contains("This port speaks https"), "{}", answer.text());
    assert_eq!(front.proxy.log_line()["outcome"], "bad-request");
}

#[test]
fn garbage_and_silence_end_the_connection_alone() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "listener.header_timeout = \"300ms\"");
    let mut garbage = TcpStream::connect(front.address).unwrap();
    garbage.write_all(b"\x16\x03\x01\x00\x05hello").unwrap();
    let silent = TcpStream::connect(front.address).unwrap();
    // A look whether the port is open leaves no line.
    drop(TcpStream::connect(front.address).unwrap());
    assert!(Wire::over(garbage).ends_within(Duration::from_secs(3)));
    assert!(Wire::over(silent).ends_within(Duration::from_secs(3)));
    let mut outcomes: Vec<_> =
        front.proxy.log(2).iter().map(|line| line["outcome"].as_str().unwrap().to_owned()).collect();
    outcomes.sort();
    assert_eq!(outcomes, ["client-timeout", "client-tls"]);
    let mut wire = front.connect(HOST, &[]);
    wire.send(get("/key", ""));
    assert_eq!(wire.read_response("GET").unwrap().status, 200);
}

#[test]
fn a_client_that_knows_tls_1_2_alone_is_served() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "");
    let stream = TcpStream::connect(front.address).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let trusting =
        rustls::ClientConfig::builder_with_provider(provider).with_protocol_versions(&[&TLS12]).unwrap();
    let config = trusting.with_root_certificates(front.authority.roots()).with_no_client_auth();
    let name = rustls::pki_types::ServerName::try_from(HOST).unwrap();
    let client = rustls::ClientConnection::new(std::sync::Arc::new(config), name).unwrap();
    let mut wire = Wire::new(rustls::StreamOwned::new(client, stream));
    wire.send(get("/key", ""));
    assert_eq!(wire.read_response("GET").unwrap().status, 200);
}

/// The address rules are the same, with the port that https has.
#[test]
fn the_address_rules_hold_by_https() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "upstream.allowed_buckets = [\"*-1250000000\"]");
    let asked = |host: &str| {
        let mut wire = front.connect(HOST, &["http/1.1"]);
        wire.send(format!("GET /key HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        wire.read_response("GET").unwrap().status
    };
    assert_eq!(asked(HOST), 200);
    assert_eq!(asked(&format!("{HOST}:443")), 200);
    for refused in
        [&format!("{HOST}:80"), "example.com", "other-1250000001.cos.ap-guangzhou.myqcloud.com", "127.0.0.1"]
    {
        assert_eq!(asked(refused), 421, "{refused}");
    }
    assert_eq!(upstream.requests().len(), 2);
}

#[test]
fn an_https_proxy_is_a_proxy() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "");
    let mut wire = front.connect("localhost", &["http/1.1"]);
    wire.send(format!("GET http://{HOST}/key HTTP/1.1\r\nHost: {HOST}\r\n\r\n"));
    assert_eq!(wire.read_response("GET").unwrap().status, 200);
    wire.send("GET http://example.com/key HTTP/1.1\r\nHost: example.com\r\n\r\n");
    assert_eq!(wire.read_response("GET").unwrap().status, 403);
}

#[test]
fn a_name_that_leads_back_to_the_port_of_https_is_a_loop() {
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let (authority, files) = (crate::harness::Authority::new(), crate::harness::Directory::new());
    let (cert, key) = authority.pair(&files, "cert", &[HOST]);
    let proxy = Proxy::start(&format!(
        "upstream.connect_to = \"{address}\"\ntls.listen = \"{address}\"\ntls.cert = \"{}\"\ntls.key = \"{}\"",
        cert.display(),
        key.display()
    ));
    let answer = proxy.exchange(get("/key", ""));
    assert_eq!((answer.status, answer.proxy_error()), (502, Some("proxy_loop_detected")));
}

#[test]
fn a_port_that_is_taken_ends_the_start_by_name() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let (authority, files) = (crate::harness::Authority::new(), crate::harness::Directory::new());
    let (cert, key) = authority.pair(&files, "cert", &[HOST]);
    let mut proxy = Proxy::spawn(
        SocketAddr::from(([127, 0, 0, 1], free_port())),
        &format!(
            "tls.listen = \"{address}\"\ntls.cert = \"{}\"\ntls.key = \"{}\"",
            cert.display(),
            key.display()
        ),
    );
    let status = proxy.wait(Duration::from_secs(5)).expect("it does not start");
    assert_eq!(status.code(), Some(1));
    assert!(
        proxy.errors().contains(&format!("tls.listen: cannot listen on {address}")),
        "{}",
        proxy.errors()
    );
}
