//! The way out through another proxy: CONNECT for https (RFC 9110, section 9.3.6), absolute form for http
//! (RFC 9112, section 3.2.2), and what a client is told when that proxy is in the way.

use rustls::version::TLS13;

use crate::harness::{
    Authority, Directory, ForwardProxy, HOST, Proxy, Response, TlsUpstream, Upstream, free_port, get, ok,
};

const FAR: i32 = 2090;
const TOKEN: &str = "Basic dTpodW50ZXIyLWh1bnRlcjI=";

struct Setting {
    upstream: TlsUpstream,
    trust: String,
    _files: Directory,
}

/// COS, by https.
fn cos() -> Setting {
    let (files, authority) = (Directory::new(), Authority::new());
    let trust = format!("runtime.threads = 1\nupstream.ca_file = \"{}\"", authority.file(&files).display());
    let upstream = TlsUpstream::start(authority.server(HOST, FAR, &[&TLS13]), ok("secret"), 200);
    Setting { upstream, trust, _files: files }
}

fn through(url: &str) -> String {
    format!("upstream.proxy = \"{url}\"")
}

fn failed(answer: &Response, error: &str, said: &[&str]) {
    assert_eq!((answer.status, answer.proxy_error()), (502, Some(error)), "{}", answer.text());
    for words in said {
        assert!(answer.text().contains(words), "{words:?} is not in {}", answer.text());
    }
}

#[test]
fn https_goes_through_a_tunnel() {
    let cos = cos();
    let corporate = ForwardProxy::to(cos.upstream.address);
    let proxy = Proxy::start(&format!("{}\n{}", cos.trust, through(&corporate.url())));
    for _ in 0..3 {
        let answer = proxy.exchange(get("/k?acl", "Proxy-Authorization: Basic Y2xpZW50\r\n"));
        assert_eq!((answer.status, answer.text().as_str()), (200, "secret"));
        assert!(answer.get("x-proxy").is_none());
    }
    assert_eq!(corporate.asked(), [format!("CONNECT {HOST}:443 HTTP/1.1")], "one tunnel serves all three");
    let tunnel = &corporate.requests()[0].head;
    assert_eq!(tunnel.all("host"), [format!("{HOST}:443")]);
    assert!(!tunnel.has("proxy-authorization"));
    assert_eq!(cos.upstream.handshakes()[0].name.as_deref(), Some(HOST));
    let request = &cos.upstream.requests()[0].head;
    assert_eq!((request.first.as_str(), request.all("host")), ("GET /k?acl HTTP/1.1", vec![HOST]));
    assert!(!request.has("proxy-authorization"));
}

#[test]
fn a_hundred_clients_at_once_go_through_tunnels() {
    let cos = cos();
    let corporate = ForwardProxy::to(cos.upstream.address);
    let proxy = Proxy::start(&format!("{}\n{}", cos.trust, through(&corporate.url())));
    std::thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| assert_eq!(proxy.exchange(get("/k", "")).status, 200));
        }
    });
    assert_eq!(cos.upstream.requests().len(), 100);
    assert!(corporate.asked().iter().all(|line| *line == format!("CONNECT {HOST}:443 HTTP/1.1")));
}

/// The Host that the client signed is what the other proxy puts into Host, letter by letter.
#[test]
fn http_goes_in_absolute_form() {
    let upstream = Upstream::answering(ok("open"));
    let corporate = ForwardProxy::asking(upstream.address, Some(TOKEN));
    let settings = format!(
        "upstream.allowed_hosts = [{{ host = \"img.example.com\", scheme = \"http\" }}]\n\
         upstream.proxy_authorization = \"{TOKEN}\"\n{}",
        through(&corporate.url())
    );
    let proxy = Proxy::start(&settings);
    for _ in 0..2 {
        let answer = proxy.exchange("GET /a%2fb?x=%7e HTTP/1.1\r\nHost: IMG.example.com\r\n\r\n");
        assert_eq!((answer.status, answer.text().as_str()), (200, "open"));
    }
    assert_eq!(corporate.asked(), ["GET http://IMG.example.com/a%2fb?x=%7e HTTP/1.1"; 2]);
    let sent = &upstream.requests()[0].head;
    assert_eq!(
        (sent.first.as_str(), sent.all("host")),
        ("GET /a%2fb?x=%7e HTTP/1.1", vec!["IMG.example.com"])
    );
}

/// A proxy would replace the Host that was signed by the origin's own name: a tunnel keeps it.
#[test]
fn http_to_another_address_than_hosts_goes_through_a_tunnel() {
    let upstream = Upstream::answering(ok("there"));
    let corporate = ForwardProxy::to(upstream.address);
    let settings = format!("upstream.url = \"http://cos.internal:8080\"\n{}", through(&corporate.url()));
    assert_eq!(Proxy::start(&settings).exchange(get("/k", "")).status, 200);
    assert_eq!(corporate.asked(), ["CONNECT cos.internal:8080 HTTP/1.1"]);
    assert_eq!(upstream.request().head.all("host"), [HOST]);
}

#[test]
fn authorization_goes_to_the_proxy_alone_and_into_no_log() {
    let cos = cos();
    let corporate = ForwardProxy::asking(cos.upstream.address, Some(TOKEN));
    let settings = format!("{}\n{}", cos.trust, through(&corporate.url()));
    let proxy = Proxy::start(&format!("{settings}\nupstream.proxy_authorization = \"{TOKEN}\""));
    assert_eq!(proxy.exchange(get("/k", "")).status, 200);
    assert_eq!(corporate.requests()[0].head.all("proxy-authorization"), [TOKEN]);
    assert!(!cos.upstream.requests()[0].head.has("proxy-authorization"));

    let wrong = Proxy::start(&format!("{settings}\nupstream.proxy_authorization = \"Basic {}\"", "d3Jvbmc="));
    let said = ["does not accept the authorization", "407, Basic", "upstream.proxy_authorization"];
    failed(&wrong.exchange(get("/k", "")), "proxy_configuration_error", &said);
    for (proxy, secret) in [(&proxy, "dTpodW50"), (&wrong, "d3Jvbmc")] {
        let log = proxy.log_line().to_string() + &proxy.log_text() + &proxy.errors();
        assert!(!log.contains(secret), "{log}");
    }
}

#[test]
fn a_proxy_that_asks_for_authorization_is_named() {
    let cos = cos();
    let corporate = ForwardProxy::asking(cos.upstream.address, Some(TOKEN));
    let proxy = Proxy::start(&format!("{}\n{}", cos.trust, through(&corporate.url())));
    let address = corporate.address().to_string();
    let said = [&address, "asks for authorization (407, Basic)", "upstream.proxy_authorization"];
    failed(&proxy.exchange(get("/k", "")), "proxy_configuration_error", &said);

    // without a tunnel too: the client is not asked in the other proxy's name
    let settings = "upstream.allowed_hosts = [{ host = \"img.example.com\", scheme = \"http\" }]";
    let proxy = Proxy::start(&format!("{settings}\n{}", through(&corporate.url())));
    let answer = proxy.exchange("GET /k HTTP/1.1\r\nHost: img.example.com\r\n\r\n");
    failed(&answer, "proxy_configuration_error", &said);
    assert!(answer.get("proxy-authenticate").is_none());
}

#[test]
fn a_proxy_that_refuses_is_told_with_its_status() {
    for (answer, error, status) in [
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno!", "connection_refused", "403 Forbidden"),
        ("HTTP/1.0 502 Bad Gateway\r\n\r\n", "destination_unavailable", "502 Bad Gateway"),
        (
            "HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n",
            "connection_timeout",
            "504 Gateway Timeout",
        ),
    ] {
        let corporate = ForwardProxy::refusing(answer);
        let proxy = Proxy::start(&through(&corporate.url()));
        let address = corporate.address().to_string();
        failed(
            &proxy.exchange(get("/k", "")),
            error,
            &[status, &address, &format!("{HOST}:443"), "upstream.proxy"],
        );
        assert_eq!(proxy.log_line()["outcome"], "upstream-unreachable");
    }
}

#[test]
fn what_answers_connect_by_something_else_is_no_proxy() {
    let corporate = ForwardProxy::refusing("SSH-2.0-OpenSSH_9.9\r\n");
    let proxy = Proxy::start(&through(&corporate.url()));
    failed(
        &proxy.exchange(get("/k", "")),
        "connection_terminated",
        &["did not answer CONNECT", "upstream.proxy"],
    );
}

#[test]
fn a_dead_proxy_is_named_with_its_setting() {
    let address = format!("127.0.0.1:{}", free_port());
    let proxy = Proxy::start(&through(&format!("http://{address}")));
    failed(&proxy.exchange(get("/k", "")), "connection_refused", &[&address, "Look at upstream.proxy."]);
    let proxy = Proxy::start(&through("http://proxy.invalid:3128"));
    failed(&proxy.exchange(get("/k", "")), "dns_error", &["proxy.invalid:3128", "Look at upstream.proxy."]);
}

#[test]
fn a_silent_proxy_is_given_up_in_time() {
    let silent = Upstream::start(|mut wire, _, _| {
        wire.read_to_end();
    });
    let settings = through(&format!("http://{}", silent.address));
    let proxy = Proxy::start(&format!("upstream.connect_timeout = \"400ms\"\n{settings}"));
    let since = std::time::Instant::now();
    let said = [silent.address.to_string(), "400ms".into(), "Look at upstream.proxy.".into()];
    let said = said.each_ref().map(String::as_str);
    failed(&proxy.exchange(get("/k", "")), "connection_timeout", &said);
    assert!(since.elapsed() < std::time::Duration::from_secs(5));
}

#[test]
fn coswhy_as_its_own_proxy_is_a_loop() {
    let port = free_port();
    let own = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let proxy = Proxy::listening(own, &through(&format!("http://localhost:{port}")));
    failed(
        &proxy.exchange(get("/k", "")),
        "proxy_loop_detected",
        &["leads back to this proxy", "upstream.proxy"],
    );
    assert_eq!(proxy.log_line()["outcome"], "loop");
}

#[test]
fn the_environment_names_the_proxy_and_what_it_is_not_for() {
    let cos = cos();
    let corporate = ForwardProxy::asking(cos.upstream.address, Some(TOKEN));
    let url = format!("http://u:hunter2-hunter2@{}", corporate.address());
    let settings = format!("{}\nupstream.proxy = \"env\"", cos.trust);
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let proxy = Proxy::with_environment(&[(name, &url), ("NO_PROXY", "example.com")], &settings);
        assert_eq!(proxy.exchange(get("/k", "")).status, 200, "{name}");
        assert!(!(proxy.log_text() + &proxy.errors()).contains("hunter2"));
    }
    assert_eq!(corporate.asked().len(), 3);

    // not asked for by default
    let direct = format!("{}\nupstream.connect_to = \"{}\"", cos.trust, cos.upstream.address);
    let proxy = Proxy::with_environment(&[("HTTPS_PROXY", &url)], &direct);
    assert_eq!(proxy.exchange(get("/k", "")).status, 200);
    // and where NO_PROXY has what is dialled, not used
    let variables = [("HTTPS_PROXY", url.as_str()), ("NO_PROXY", "10.0.0.1, 127.0.0.0/8")];
    let proxy = Proxy::with_environment(&variables, &format!("{direct}\nupstream.proxy = \"env\""));
    assert_eq!(proxy.exchange(get("/k", "")).status, 200);
    assert_eq!(corporate.asked().len(), 3);

    let dead = format!("http://127.0.0.1:{}", free_port());
    let proxy = Proxy::with_environment(&[("https_proxy", &dead)], &settings);
    failed(&proxy.exchange(get("/k", "")), "connection_refused", &["Look at https_proxy."]);
}

#[test]
fn a_variable_that_is_no_http_proxy_keeps_it_from_starting() {
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], free_port()));
    let variables = [("ALL_PROXY", "socks5://u:hunter2@127.0.0.1:1080")];
    let mut proxy = Proxy::spawn_with(address, &variables, "upstream.proxy = \"env\"");
    let status = proxy.wait(std::time::Duration::from_secs(10)).expect("it ends");
    assert!(!status.success());
    assert!(
        proxy.errors().contains("ALL_PROXY") && !proxy.errors().contains("hunter2"),
        "{}",
        proxy.errors()
    );
}
