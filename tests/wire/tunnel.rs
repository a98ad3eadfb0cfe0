//! CONNECT: looked into under a CA of the user's own, else tunnelled blindly where that is allowed.

use std::net::SocketAddr;

use h2::client::Builder;
use rustls::version::TLS13;

use crate::harness::{
    Authority, Ca, DENIED, Directory, HOST, Http2, Proxy, TlsUpstream, Tunnel, Upstream, Wire, asking,
    free_port, get, millis, ok, read_all, refusal, run, within,
};

const OTHER: &str = "other-1250000000.cos.ap-guangzhou.myqcloud.com";
const REGION: &str = "cos.ap-guangzhou.myqcloud.com";

fn at(name: &str) -> String {
    format!("{name}:443")
}

fn asked(host: &str, target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n")
}

#[test]
fn a_refusal_inside_is_explained() {
    let (upstream, ca) = (Upstream::answering(refusal(DENIED)), Ca::new(&[]));
    let proxy = Proxy::before(&upstream, &ca.settings());
    let mut wire = Tunnel::to(&proxy, &at(HOST)).https(ca.client(&["http/1.1"]), HOST);
    for _ in 0..2 {
        wire.send(get("/key?acl", ""));
        let answer = wire.read_response("GET").unwrap();
        assert_eq!((answer.status, answer.cause()), (403, Some("anonymous-access-denied")));
    }
    assert_eq!(upstream.requests()[1].head.first, "GET /key?acl HTTP/1.1");
    assert_eq!(upstream.requests()[1].head.all("host"), [HOST]);
    let outcomes: Vec<_> =
        proxy.log(3).iter().map(|line| line["outcome"].as_str().unwrap().to_owned()).collect();
    assert_eq!(outcomes, ["intercepted", "diagnosed", "diagnosed"]);
}

#[test]
fn http_2_is_spoken_inside_where_the_client_offers_it() {
    let (upstream, ca) = (Upstream::answering(ok("inside")), Ca::new(&[]));
    let proxy = Proxy::before(&upstream, &ca.settings());
    let stream = Tunnel::to(&proxy, &at(HOST)).open();
    stream.set_nonblocking(true).unwrap();
    run(async {
        let stream = tokio::net::TcpStream::from_std(stream).unwrap();
        let mut client = Http2::over(stream, ca.client(&["h2"]), &Builder::new()).await;
        let answer = client.ask(asking("GET", "/key")).await.unwrap();
        assert_eq!(read_all(answer.into_body()).await.unwrap(), b"inside");
        // Another host on the same connection is not the tunnel's.
        let other = http::Request::get(format!("https://{OTHER}/key")).version(http::Version::HTTP_2);
        assert_eq!(client.ask(other.body(()).unwrap()).await.unwrap().status(), 421);
        let nested = http::Request::connect(at(HOST)).version(http::Version::HTTP_2).body(()).unwrap();
        assert_eq!(client.ask(nested).await.unwrap().status(), 403);
    });
    assert_eq!(upstream.requests().len(), 1);
}

/// The certificate vouches for the name of the tunnel, and for no request to another.
#[test]
fn a_request_inside_is_for_the_tunnels_name() {
    let (upstream, ca) = (Upstream::answering(ok("ok")), Ca::new(&[]));
    let settings = format!("{}[[map]]\nhost = \"files.internal\"\nregion = \"ap-x\"\n", ca.settings());
    let proxy = Proxy::before(&upstream, &settings);
    for (host, status) in [
        (HOST, 200),
        (&at(HOST), 200),
        (OTHER, 421),
        ("files.internal", 421),
        ("example.com", 421),
        (&format!("{HOST}:80"), 421),
    ] {
        let mut wire = Tunnel::to(&proxy, &at(HOST)).https(ca.client(&[]), HOST);
        wire.send(asked(host, "/key"));
        assert_eq!(wire.read_response("GET").unwrap().status, status, "{host}");
    }
    let mut wire = Tunnel::to(&proxy, &at(HOST)).https(ca.client(&[]), HOST);
    wire.send(format!("CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n"));
    assert_eq!(wire.read_response("GET").unwrap().status, 403);
    assert_eq!(upstream.requests().len(), 2);
}

#[test]
fn only_allowed_buckets_are_asked_for_inside() {
    let (upstream, ca) = (Upstream::answering(ok("ok")), Ca::new(&[]));
    let settings = format!("{}upstream.allowed_buckets = [\"examplebucket-1250000000\"]", ca.settings());
    let proxy = Proxy::before(&upstream, &settings);
    let inside = |name: &str, target: &str| {
        let mut wire = Tunnel::to(&proxy, &at(name)).https(ca.client(&[]), name);
        wire.send(asked(name, target));
        wire.read_response("GET").unwrap().status
    };
    assert_eq!(inside(HOST, "/key"), 200);
    assert_eq!(inside(REGION, "/examplebucket-1250000000/key"), 200);
    assert_eq!(inside(REGION, "/other-1250000000/key"), 421);
    assert_eq!(inside(REGION, "/"), 421);
    assert_eq!(inside(OTHER, "/key"), 421);
    assert_eq!(upstream.requests().len(), 2);
}

/// There is no certificate to be had for anything else, whatever the spelling.
#[test]
fn other_names_have_no_tunnel() {
    let (upstream, ca) = (Upstream::answering(ok("")), Ca::new(&[]));
    let settings = format!(
        "{}upstream.allowed_hosts = [\"img.example.com\"]\n[[map]]\nhost = \"files.internal\"\nregion = \"ap-x\"\n",
        ca.settings()
    );
    let proxy = Proxy::before(&upstream, &settings);
    for authority in [
        "example.com:443",
        "127.0.0.1:443",
        "[::1]:443",
        "localhost:443",
        "files.internal:443",
        "examplebucket-1250000000.cos.ap-guangzhou.localhost:443",
        &format!("{HOST}:80"),
        &format!("{HOST}:8443"),
        &format!("{HOST}.:443"),
        &format!("{HOST}.example.com:443"),
        &format!("x@{HOST}:443"),
        // Listed, but the CA may not vouch for it.
        "img.example.com:443",
    ] {
        assert_eq!(Tunnel::to(&proxy, authority).refused(), 403, "{authority}");
    }
    assert_eq!(upstream.connections(), 0);
}

#[test]
fn a_listed_domain_is_looked_into_where_the_ca_is_good_for_it() {
    let (upstream, ca) = (Upstream::answering(refusal(DENIED)), Ca::new(&["img.example.com"]));
    let settings = format!("{}upstream.allowed_hosts = [\"img.example.com\"]", ca.settings());
    let proxy = Proxy::before(&upstream, &settings);
    let mut wire = Tunnel::to(&proxy, "img.example.com:443").https(ca.client(&[]), "img.example.com");
    wire.send(asked("img.example.com", "/key"));
    assert_eq!(wire.read_response("GET").unwrap().cause(), Some("anonymous-access-denied"));
}

/// Here it trusts another CA of the same name, as after `coswhy ca new` was run again.
#[test]
fn a_client_that_does_not_trust_the_ca_is_told_of_in_the_log() {
    let (upstream, ca, another) = (Upstream::answering(ok("")), Ca::new(&[]), Ca::new(&[]));
    let proxy = Proxy::before(&upstream, &ca.settings());
    let mut wire = Tunnel::to(&proxy, &at(HOST)).https(another.client(&[]), HOST);
    assert!(wire.try_send(get("/key", "")).is_err());
    drop(wire);
    assert!(within(millis(3000), || proxy.log_text().contains("does not trust the CA")));
    assert_eq!(proxy.log_line()["outcome"], "client-tls");
}

/// A server under TLS behind a coswhy without a CA of its own.
fn blind(settings: &str) -> (TlsUpstream, Proxy, Authority) {
    let (authority, files) = (Authority::new(), Directory::new());
    let upstream = TlsUpstream::start(authority.server(HOST, 2090, &[&TLS13]), ok("unread"), 10);
    let proxy = Proxy::start(&format!(
        "upstream.connect_to = \"{}\"\nupstream.ca_file = \"{}\"\n{settings}",
        upstream.address,
        authority.file(&files).display()
    ));
    (upstream, proxy, authority)
}

#[test]
fn without_a_ca_https_passes_unread() {
    let (upstream, proxy, authority) = blind("");
    let mut wire = Tunnel::to(&proxy, &at(HOST)).https(authority.client(&[]), HOST);
    wire.send(get("/key", ""));
    assert_eq!(wire.read_response("GET").unwrap().text(), "unread");
    drop(wire);
    assert_eq!(upstream.requests().len(), 1);
    let line = proxy.log_line();
    assert_eq!(line["outcome"], "tunnelled");
    assert!(line["bytes_in"].as_u64().unwrap() > 0 && line["bytes_out"].as_u64().unwrap() > 0, "{line}");
}

/// A Host inside TLS can name any bucket.
#[test]
fn strangers_have_no_blind_tunnel_unless_every_bucket_is_allowed() {
    let open = |settings: &str| {
        let address = SocketAddr::from(([0, 0, 0, 0], free_port()));
        let settings = format!("upstream.connect_to = \"127.0.0.1:{}\"\n{settings}", free_port());
        let proxy = Proxy::listening(address, &settings);
        let mut wire = Wire::connect(([127, 0, 0, 1], address.port()).into());
        wire.send(format!("CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n"));
        let answer = wire.read_response("GET").unwrap();
        drop(proxy);
        answer
    };
    let answer = open("upstream.allowed_buckets = [\"*-1250000000\"]");
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("inside https any bucket could be asked for"), "{}", answer.text());
    // Nothing listens there: but it was dialled.
    assert_eq!(open("upstream.allowed_buckets = [\"*\"]").status, 502);
}

#[test]
fn what_the_ca_is_not_good_for_is_tunnelled_where_the_settings_say_so() {
    let ca = Ca::new(&[]);
    let settings = |others: bool| {
        format!(
            "{}intercept.tunnel_others = {others}\nupstream.allowed_hosts = [\"img.example.com\"]\n\
             upstream.connect_to = \"127.0.0.1:{}\"",
            ca.settings(),
            free_port()
        )
    };
    let refused = |others| Tunnel::to(&Proxy::start(&settings(others)), "img.example.com:443").refused();
    assert_eq!(refused(false), 403);
    assert_eq!(refused(true), 502, "it is dialled, and nothing listens there");
    let proxy = Proxy::start(&settings(true));
    assert_eq!(Tunnel::to(&proxy, "example.com:443").refused(), 403, "only what may be asked for at all");
}
