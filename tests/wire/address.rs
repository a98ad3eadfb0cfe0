//! Never an open proxy: only COS names go on; whatever else is asked for is refused, and nothing is dialled.

use crate::harness::{HOST, Proxy, Upstream, get, ok};

const REGION: &str = "cos.ap-guangzhou.myqcloud.com";

/// Names that are no COS names, however they are dressed up. `TRAP` stands for a live listener's address.
fn strangers(trap: &Upstream) -> Vec<String> {
    let port = trap.address.port();
    let mut names: Vec<String> = [
        "example.com",
        "myqcloud.com",
        "localhost",
        "evilmyqcloud.com",
        "cos.ap-guangzhou.evilmyqcloud.com",
        "a-1250000000.cos.ap-guangzhou.myqcloud.com.evil.example",
        "a-1250000000.cos.ap-guangzhou.myqcloud.co",
        "a-1250000000.cos.ap-guangzhou.myqcloud.comx",
        "a-1250000000.cos.ap-guangzhou.myqcloud.com.cn",
        "a-1250000000.cos.ap_guangzhou.myqcloud.com",
        "a-1250000000.cos..myqcloud.com",
        ".cos.ap-guangzhou.myqcloud.com",
        "a-1250000000.cos.ap-guangzhou.tencentcos.com",
        "a-1250000000.cvm.ap-guangzhou.myqcloud.com",
        "metadata.tencentyun.com",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0",
        "169.254.0.23",
        "169.254.169.254",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[fe80::1%25lo]",
        "a-1250000000.cos.ap-guangzhou.myqcloud%2ecom",
    ]
    .map(str::to_owned)
    .to_vec();
    names.extend([
        format!("{HOST}."),
        format!("{HOST}.:80"),
        format!("{HOST}:22"),
        format!("{HOST}:{port}"),
        format!("{HOST}:0"),
        format!("{HOST}:00080000"),
        format!("{HOST}:65616"),
        format!("user@{HOST}"),
        format!("user:pass@{HOST}"),
        format!("{HOST}@127.0.0.1:{port}"),
        format!("{HOST}:80@127.0.0.1:{port}"),
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
    ]);
    names
}

/// Whatever is dialled lands on the trap, TLS or not.
fn trapped() -> (Upstream, Proxy, Proxy) {
    let trap = Upstream::answering(ok("trapped"));
    let default_way = Proxy::start(&format!("upstream.connect_to = \"{}\"", trap.address));
    let to_origin = Proxy::before(&trap, "");
    (trap, default_way, to_origin)
}

#[test]
fn strangers_in_host_are_421_and_never_dialled() {
    let (trap, default_way, to_origin) = trapped();
    for name in strangers(&trap) {
        for proxy in [&default_way, &to_origin] {
            let answer = proxy.exchange(format!("GET /k HTTP/1.1\r\nHost: {name}\r\n\r\n"));
            assert_eq!(answer.status, 421, "{name}");
            assert_eq!(answer.proxy_error(), Some("http_request_denied"), "{name}");
            assert!(answer.text().contains("<Code>Coswhy"), "{name}");
        }
    }
    assert_eq!(trap.connections(), 0);
}

#[test]
fn strangers_in_an_absolute_form_are_403_and_never_dialled() {
    let (trap, default_way, to_origin) = trapped();
    for name in strangers(&trap) {
        for proxy in [&default_way, &to_origin] {
            let answer = proxy.exchange(format!("GET http://{name}/k HTTP/1.1\r\nHost: {HOST}\r\n\r\n"));
            // What is no URI at all is a bad request.
            assert!(answer.status == 403 || answer.status == 400, "{name}: {}", answer.status);
            if answer.status == 403 {
                assert_eq!(answer.proxy_error(), Some("http_request_denied"), "{name}");
            }
        }
    }
    for uri in ["ftp://h/k", "file:///etc/passwd", "gopher://h/k", "http:///k", "http://@/k"] {
        let uri = uri.replace("//h", &format!("//{HOST}"));
        let answer = to_origin.exchange(format!("GET {uri} HTTP/1.1\r\nHost: {HOST}\r\n\r\n"));
        assert!(matches!(answer.status, 400 | 403 | 421), "{uri}: {}", answer.status);
    }
    assert_eq!(trap.connections(), 0);
}

#[test]
fn connect_to_strangers_is_403_and_never_dialled() {
    let (trap, default_way, to_origin) = trapped();
    for name in strangers(&trap) {
        let authority =
            if name.rsplit(']').next().unwrap().contains(':') { name.clone() } else { format!("{name}:443") };
        for proxy in [&default_way, &to_origin] {
            let answer = proxy.exchange(format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n"));
            assert!(answer.status == 403 || answer.status == 400, "{authority}: {}", answer.status);
        }
    }
    assert_eq!(trap.connections(), 0);
}

/// A name that may be asked for, in a request that a server before or behind this one may read otherwise.
#[test]
fn a_malformed_connect_is_400_and_never_dialled() {
    let (trap, default_way, _) = trapped();
    for request in [
        format!("CONNECT https://{HOST}:443/ HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n"),
        format!("CONNECT https://{HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n"),
        format!("CONNECT {HOST}:443/ HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n"),
        "CONNECT /k HTTP/1.1\r\nHost: h\r\n\r\n".to_owned(),
        format!("CONNECT {HOST}:443 HTTP/1.1\r\n\r\n"),
        format!("CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\nHost: {HOST}:443\r\n\r\n"),
    ] {
        let answer = default_way.exchange(&request);
        assert_eq!(answer.status, 400, "{request}");
        assert_eq!(answer.get("connection"), Some("close"), "{request}");
    }
    assert_eq!(trap.connections(), 0);
    // HTTP/1.0 knows no Host.
    for request in [
        format!("CONNECT {HOST}:443 HTTP/1.0\r\n\r\n"),
        format!("CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}\r\n\r\n"),
    ] {
        let mut wire = default_way.connect();
        wire.send(&request);
        let status = wire.read_line().unwrap();
        assert_eq!(status.split(' ').nth(1), Some("200"), "{request}");
    }
}

/// Each would be two names to two readers.
#[test]
fn malformed_hosts_are_refused_and_never_dialled() {
    let (trap, default_way, _) = trapped();
    for suffix in
        ["/x", "?x", "#x", "\\x", " x", "\tx", ",x", "%00", ":", ":80:80", ":8a", ": 80", "\u{3002}x"]
    {
        let mut wire = default_way.connect();
        wire.send(format!("GET /k HTTP/1.1\r\nHost: {HOST}{suffix}\r\n\r\n"));
        let answer = wire.read_response("GET").unwrap();
        assert!(matches!(answer.status, 400 | 421), "{suffix:?}: {}", answer.status);
    }
    assert_eq!(default_way.exchange("GET /k HTTP/1.1\r\nHost:\r\n\r\n").status / 100, 4);
    assert_eq!(trap.connections(), 0);
}

#[test]
fn every_kind_of_cos_name_goes_on() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    for host in [
        HOST,
        "examplebucket-1250000000.cos.ap-guangzhou.tencentcos.cn",
        "examplebucket-1250000000.cos-internal.ap-guangzhou.myqcloud.com",
        "examplebucket-1250000000.cos.accelerate.myqcloud.com",
        "examplebucket-1250000000.cos-website.ap-guangzhou.myqcloud.com",
        "examplebucket-1250000000.pic.ap-guangzhou.myqcloud.com",
        "examplebucket-1250000000.ci.ap-guangzhou.myqcloud.com",
        "examplebucket-1250000000.file.myqcloud.com",
        "EXAMPLEBUCKET-1250000000.Cos.AP-guangzhou.MYQCLOUD.com",
    ] {
        let answer = proxy.exchange(format!("GET /k HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert_eq!(answer.status, 200, "{host}");
        let answer = proxy.exchange(format!("GET http://{host}/k HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert_eq!(answer.status, 200, "{host}");
    }
    let answer =
        proxy.exchange(format!("GET /examplebucket-1250000000/k HTTP/1.1\r\nHost: {REGION}\r\n\r\n"));
    assert_eq!(answer.status, 200);
    assert_eq!(upstream.requests().pop().unwrap().target(), "/examplebucket-1250000000/k");
}

#[test]
fn custom_domains_pass_where_they_are_allowed() {
    let upstream = Upstream::answering(ok(""));
    let proxy =
        Proxy::before(&upstream, "upstream.allowed_hosts = [\"files.example.com\", \"*.cdn.example.com\"]");
    let status = |host: &str| proxy.exchange(format!("GET /k HTTP/1.1\r\nHost: {host}\r\n\r\n")).status;
    for host in ["files.example.com", "FILES.example.COM", "a.cdn.example.com", HOST] {
        assert_eq!(status(host), 200, "{host}");
    }
    for host in
        ["example.com", "cdn.example.com", "xfiles.example.com", "files.example.com.", "a.files.example.com"]
    {
        assert_eq!(status(host), 421, "{host}");
    }
}

/// The operator's word on a domain is a word on its bucket.
#[test]
fn a_custom_domain_passes_only_with_its_bucket() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(
        &upstream,
        "upstream.allowed_buckets = [\"one-1250000000\"]\nupstream.allowed_hosts = [\
         { host = \"one.example.com\", bucket = \"one-1250000000\" }, \
         { host = \"two.example.com\", bucket = \"two-1250000000\" }, \"unsaid.example.com\"]",
    );
    let status = |host: &str| proxy.exchange(format!("GET /k HTTP/1.1\r\nHost: {host}\r\n\r\n")).status;
    assert_eq!(status("one.example.com"), 200);
    assert_eq!(status("two.example.com"), 421);
    assert_eq!(status("unsaid.example.com"), 200);
}

#[test]
fn a_copy_stays_inside_the_buckets_that_are_allowed() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "upstream.allowed_buckets = [\"examplebucket-1250000000\"]");
    let copied = |source: &str| {
        proxy.exchange(format!(
            "PUT /k HTTP/1.1\r\nHost: {HOST}\r\nx-cos-copy-source: {source}\r\nContent-Length: 0\r\n\r\n"
        ))
    };
    assert_eq!(copied(&format!("{HOST}/a/../b")).status, 200);
    assert_eq!(copied("/examplebucket-1250000000/a").status, 200);
    for source in [
        "/other-1250000000/a",
        "/examplebucket-1250000000/../other-1250000000/a",
        &format!("{REGION}/examplebucket-1250000000/..%2fother-1250000000/a"),
    ] {
        assert_eq!(copied(source).status, 421, "{source}");
    }
    let own = copied("examplebucket-1250000000.cos.ap-guangzhou.localhost:8080/a");
    assert_eq!(own.status, 421);
    assert!(own.text().contains("an address of this proxy"), "{}", own.text());
}

#[test]
fn buckets_pass_where_they_are_allowed() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "upstream.allowed_buckets = [\"*-1250000000\", \"one-1259999999\"]");
    let ask =
        |host: &str, target: &str| proxy.exchange(format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
    for bucket in ["examplebucket-1250000000", "ONE-1259999999", "a-1250000000"] {
        assert_eq!(ask(&format!("{bucket}.{REGION}"), "/k").status, 200, "{bucket}");
    }
    assert_eq!(ask(REGION, "/examplebucket-1250000000/k").status, 200);
    assert_eq!(ask(REGION, "/examplebucket-1250000000").status, 200);
    let before = upstream.requests().len();
    for bucket in
        ["other-1251111111", "two-1259999999", "one-12599999990", "examplebucket-1250000000-1251111111"]
    {
        let answer = ask(&format!("{bucket}.{REGION}"), "/k");
        assert_eq!((answer.status, answer.proxy_error()), (421, Some("http_request_denied")), "{bucket}");
    }
    let targets = [
        "/",
        "//k",
        "/?prefix=examplebucket-1250000000",
        "/examplebucket%2D1250000000/k",
        "/examplebucket-125000000%30/k",
        "/other-1251111111/k",
        "/./examplebucket-1250000000/k",
        "/../examplebucket-1250000000/k",
        "/examplebucket-1250000000/../other-1251111111/k",
        "/examplebucket-1250000000%2F..%2Fother-1251111111/k",
        // a server that resolves dots would find the other bucket in these
        "/examplebucket-1250000000/%2e%2E/other-1251111111/k",
        "/examplebucket-1250000000/a//../.%2e/other-1251111111/k",
        "/examplebucket-1250000000/x%2f..%2F../other-1251111111/k",
        "/examplebucket-1250000000/..",
    ];
    for target in targets {
        assert_eq!(ask(REGION, target).status, 421, "{target}");
    }
    assert_eq!(ask("service.cos.myqcloud.com", "/").status, 421);
    assert_eq!(upstream.requests().len(), before);
    // a key may hold dots that stay inside its bucket, and a bucket in Host cannot be left
    for target in [
        "/examplebucket-1250000000/a/../k",
        "/examplebucket-1250000000/a/..b/...",
        "/examplebucket-1250000000/./k",
    ] {
        assert_eq!(ask(REGION, target).status, 200, "{target}");
    }
    assert_eq!(ask(&format!("examplebucket-1250000000.{REGION}"), "/../../other-1251111111/k").status, 200);
    let absolute = format!("GET http://other-1251111111.{REGION}/k HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    assert_eq!(proxy.exchange(absolute).status, 403);
}

#[test]
fn the_service_host_passes_where_any_bucket_may() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "upstream.allowed_buckets = [\"*\"]");
    let request = "GET / HTTP/1.1\r\nHost: service.cos.myqcloud.com\r\n\r\n";
    assert_eq!(proxy.exchange(request).status, 200);
}

#[test]
fn a_listener_that_is_not_loopback_needs_allowed_buckets() {
    let any = std::net::SocketAddr::from(([0, 0, 0, 0], crate::harness::free_port()));
    let mut proxy = Proxy::spawn(any, "");
    let status = proxy.wait(std::time::Duration::from_secs(5)).expect("it does not start");
    assert_eq!(status.code(), Some(2));
    assert!(proxy.errors().contains("allowed_buckets"), "{}", proxy.errors());

    let upstream = Upstream::answering(ok(""));
    let any = std::net::SocketAddr::from(([0, 0, 0, 0], crate::harness::free_port()));
    let settings =
        format!("upstream.url = \"http://{}\"\nupstream.allowed_buckets = [\"*\"]", upstream.address);
    assert_eq!(Proxy::listening(any, &settings).exchange(get("/k", "")).status, 200);
}

/// An edited hosts file, or a careless setting, that leads back here is named.
#[test]
fn a_way_back_to_coswhy_itself_is_named() {
    let port = crate::harness::free_port();
    let own = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    for setting in [format!("upstream.connect_to = \"{own}\""), format!("upstream.url = \"http://{own}\"")] {
        let proxy = Proxy::listening(own, &setting);
        let answer = proxy.exchange(get("/k", ""));
        assert_eq!((answer.status, answer.proxy_error()), (502, Some("proxy_loop_detected")), "{setting}");
        assert_eq!(proxy.log_line()["outcome"], "loop");
    }
}

/// Refusing closes nothing that need not be closed, and the next request is served.
#[test]
fn a_refusal_leaves_the_connection_in_step() {
    let upstream = Upstream::answering(ok("served"));
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send("GET /k HTTP/1.1\r\nHost: example.com\r\n\r\n");
    assert_eq!(wire.read_response("GET").unwrap().status, 421);
    wire.send(get("/k", ""));
    assert_eq!(wire.read_response("GET").unwrap().text(), "served");
}
