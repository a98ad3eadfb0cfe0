//! `[[route]]`: requests of some buckets or hosts go to another origin, which brings its own CA and its own patience.

use rustls::version::TLS13;

use crate::harness::{Authority, Directory, HOST, Proxy, TlsUpstream, Upstream, millis, ok};

const FAR: i32 = 2090;

fn request(host: &str, target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n")
}

#[test]
fn the_first_route_that_fits_is_taken() {
    let [photos, internal, cdn, rest] =
        ["photos", "internal", "cdn", "rest"].map(|name| Upstream::answering(ok(name)));
    let settings = format!(
        "upstream.url = \"http://{}\"\nupstream.allowed_hosts = [\"*.example.com\", \
         {{ host = \"img.test\", bucket = \"photos-1250000000\" }}]\nruntime.threads = 1\n\
         [[route]]\nbucket = \"photos-*\"\nurl = \"http://{}\"\n\
         [[route]]\nhost = \"*.cos-internal.ap-guangzhou.myqcloud.com\"\nurl = \"http://{}\"\n\
         [[route]]\nhost = \"CDN.example.com\"\nurl = \"http://{}\"\n",
        rest.address, photos.address, internal.address, cdn.address
    );
    let proxy = Proxy::start(&settings);
    // on one connection, so that nothing is remembered from the request before
    let mut wire = proxy.connect();
    let path_style = "cos.ap-guangzhou.myqcloud.com";
    for (host, target, expected) in [
        ("photos-1250000000.cos.ap-guangzhou.myqcloud.com", "/k", "photos"),
        (path_style, "/photos-1250000000/k", "photos"),
        (path_style, "/other-1250000000/k", "rest"),
        (path_style, "/photos-1250000000/k", "photos"),
        (path_style, "/photos%2D1250000000/k", "rest"),
        (path_style, "/", "rest"),
        ("photos-1250000000.cos-internal.ap-guangzhou.myqcloud.com", "/k", "photos"),
        ("other-1250000000.cos-internal.ap-guangzhou.myqcloud.com", "/k", "internal"),
        ("cdn.example.com", "/k", "cdn"),
        ("x.cdn.example.com", "/k", "rest"),
        ("img.test", "/k", "photos"),
        (HOST, "/k", "rest"),
        ("PHOTOS-1250000000.cos.ap-guangzhou.myqcloud.com", "/k", "photos"),
        ("photos-1250000000.cos.ap-guangzhou.localhost", "/k", "photos"),
        ("cos.ap-guangzhou.localhost", "/photos-1250000000/k", "photos"),
        ("cos.ap-guangzhou.localhost", "/other-1250000000/k", "rest"),
    ] {
        wire.send(request(host, target));
        let answer = wire.read_response("GET").unwrap();
        assert_eq!((answer.status, answer.text().as_str()), (200, expected), "{host}{target}");
    }
    let hosts: Vec<_> = cdn.requests().iter().map(|r| r.head.get("host").unwrap().to_owned()).collect();
    assert_eq!(hosts, ["cdn.example.com"], "Host stays");
}

struct Secure {
    upstream: TlsUpstream,
    ca: String,
    _files: Directory,
}

/// An origin with a CA of its own.
fn secure(body: &str) -> Secure {
    let (files, authority) = (Directory::new(), Authority::new());
    let ca = authority.file(&files).display().to_string();
    let upstream = TlsUpstream::start(authority.server("localhost", FAR, &[&TLS13]), ok(body), 200);
    Secure { upstream, ca, _files: files }
}

fn to(bucket: &str, secure: &Secure, ca: Option<&Secure>) -> String {
    let ca = ca.map(|ca| format!("ca_file = \"{}\"\n", ca.ca)).unwrap_or_default();
    let port = secure.upstream.address.port();
    format!("[[route]]\nbucket = \"{bucket}\"\nurl = \"https://localhost:{port}\"\n{ca}")
}

fn bucket(name: &str) -> String {
    request(&format!("{name}-1250000000.cos.ap-guangzhou.myqcloud.com"), "/k")
}

#[test]
fn a_routes_ca_is_trusted_on_that_route_alone() {
    let (one, two, everyone) = (secure("one"), secure("two"), secure("everyone"));
    let settings = [
        format!("upstream.ca_file = \"{}\"\n", everyone.ca),
        to("a-*", &one, Some(&one)),
        to("b-*", &two, Some(&two)),
        to("c-*", &two, Some(&one)),
        to("d-*", &everyone, None),
        to("e-*", &everyone, Some(&one)),
        to("f-*", &one, None),
    ];
    let proxy = Proxy::start(&settings.concat());
    for (name, expected) in [("a", "one"), ("b", "two"), ("d", "everyone")] {
        let answer = proxy.exchange(bucket(name));
        assert_eq!((answer.status, answer.text().as_str()), (200, expected), "{name}");
    }
    for name in ["c", "e", "f"] {
        let answer = proxy.exchange(bucket(name));
        assert_eq!((answer.status, answer.proxy_error()), (502, Some("tls_certificate_error")), "{name}");
    }
    let handshake = &one.upstream.handshakes()[0];
    assert_eq!(handshake.name.as_deref(), Some("localhost"), "the TLS name is the URL's");
    assert_eq!(one.upstream.requests()[0].head.all("host"), ["a-1250000000.cos.ap-guangzhou.myqcloud.com"]);
}

/// A connection that one route trusts is not there for another route to the same address.
#[test]
fn connections_are_not_mixed_between_routes() {
    let one = secure("one");
    let settings = ["runtime.threads = 1\n".to_owned(), to("a-*", &one, Some(&one)), to("b-*", &one, None)];
    let proxy = Proxy::start(&settings.concat());
    for _ in 0..3 {
        assert_eq!(proxy.exchange(bucket("a")).status, 200);
        assert_eq!(proxy.exchange(bucket("b")).status, 502);
    }
    assert_eq!(one.upstream.requests().len(), 3);
    assert!(
        one.upstream.requests().iter().all(|request| request.head.get("host").unwrap().starts_with("a-"))
    );
}

#[test]
fn http_and_https_routes_stand_side_by_side() {
    let (plain, tls) = (Upstream::answering(ok("plain")), secure("tls"));
    let route = format!("[[route]]\nbucket = \"p-*\"\nurl = \"http://{}\"\n", plain.address);
    let proxy = Proxy::start(&(route + &to("t-*", &tls, Some(&tls))));
    assert_eq!(proxy.exchange(bucket("p")).text(), "plain");
    assert_eq!(proxy.exchange(bucket("t")).text(), "tls");
}

#[test]
fn connect_to_leaves_routes_alone() {
    let (routed, rest) = (Upstream::answering(ok("routed")), Upstream::answering(ok("rest")));
    let settings = format!(
        "upstream.url = \"http://cos.example.com\"\nupstream.connect_to = \"{}\"\n\
         [[route]]\nbucket = \"r-*\"\nurl = \"http://{}\"\n",
        rest.address, routed.address
    );
    let proxy = Proxy::start(&settings);
    assert_eq!(proxy.exchange(bucket("r")).text(), "routed");
    assert_eq!(proxy.exchange(bucket("other")).text(), "rest");
}

/// One connection of a client, and on it a hurried route between patient ones.
#[test]
fn a_routes_response_timeout_is_its_own() {
    let slow = Upstream::by(|_| {
        std::thread::sleep(millis(1500));
        ok("slow")
    });
    let settings = format!(
        "upstream.url = \"http://{0}\"\n\
         [[route]]\nbucket = \"hurried-*\"\nurl = \"http://{0}\"\nresponse_timeout = \"300ms\"\n",
        slow.address
    );
    let proxy = Proxy::start(&settings);
    let mut wire = proxy.connect();
    for (name, expected) in [("patient", 200), ("hurried", 504), ("patient", 200), ("hurried", 504)] {
        wire.send(bucket(name));
        let answer = wire.read_response("GET").unwrap();
        assert_eq!(answer.status, expected, "{name}");
        if expected == 504 {
            assert!(answer.text().contains("response_timeout of its [[route]]"), "{}", answer.text());
        }
    }
    let patient = format!(
        "upstream.url = \"http://{0}\"\nupstream.response_timeout = \"300ms\"\n\
         [[route]]\nbucket = \"patient-*\"\nurl = \"http://{0}\"\nresponse_timeout = \"10s\"\n",
        slow.address
    );
    let proxy = Proxy::start(&patient);
    assert_eq!(proxy.exchange(bucket("patient")).status, 200);
    assert_eq!(proxy.exchange(bucket("other")).status, 504);
}

#[test]
fn a_routes_connect_timeout_is_its_own() {
    let silent = Upstream::start(|mut wire, _, _| {
        wire.read_to_end();
    });
    let settings = format!(
        "[[route]]\nbucket = \"*\"\nurl = \"https://{}\"\nconnect_timeout = \"300ms\"\n",
        silent.address
    );
    let since = std::time::Instant::now();
    let answer = Proxy::start(&settings).exchange(bucket("a"));
    assert_eq!((answer.status, answer.proxy_error()), (502, Some("connection_timeout")));
    assert!(answer.text().contains("300ms"), "{}", answer.text());
    assert!(since.elapsed() < millis(4000), "{:?}", since.elapsed());
}

#[test]
fn a_hundred_clients_at_once_each_get_their_routes_answer() {
    let origins = ["one", "two", "three"].map(|name| (name, Upstream::answering(ok(name))));
    let routes = origins.each_ref().map(|(name, upstream)| {
        format!("[[route]]\nbucket = \"{name}-*\"\nurl = \"http://{}\"\n", upstream.address)
    });
    let proxy = Proxy::start(&routes.concat());
    std::thread::scope(|scope| {
        for n in 0..100 {
            let (name, proxy) = (origins[n % 3].0, &proxy);
            scope.spawn(move || {
                for _ in 0..5 {
                    assert_eq!(proxy.exchange(bucket(name)).text(), name);
                }
            });
        }
    });
}

#[test]
fn custom_domains_go_out_by_the_scheme_they_are_listed_with() {
    let (plain, tls) = (Upstream::answering(ok("plain")), {
        let (files, authority) = (Directory::new(), Authority::new());
        let ca = authority.file(&files).display().to_string();
        let config = authority.server("img.example.com", FAR, &[&TLS13]);
        Secure { upstream: TlsUpstream::start(config, ok("tls"), 10), ca, _files: files }
    });
    let hosts =
        "upstream.allowed_hosts = [\"img.example.com\", { host = \"*.cdn.example.com\", scheme = \"http\" }]";
    let secure = format!(
        "{hosts}\nupstream.connect_to = \"{}\"\nupstream.ca_file = \"{}\"",
        tls.upstream.address, tls.ca
    );
    assert_eq!(Proxy::start(&secure).exchange(request("img.example.com", "/k")).text(), "tls");
    let open = format!("{hosts}\nupstream.connect_to = \"{}\"", plain.address);
    let proxy = Proxy::start(&open);
    assert_eq!(proxy.exchange(request("a.cdn.example.com", "/k")).text(), "plain");
    assert_eq!(plain.request().head.all("host"), ["a.cdn.example.com"]);
    assert_eq!(proxy.exchange(request("cdn.example.com", "/k")).status, 421);
}
