//! Request smuggling: a message that could be read in two ways is refused with 400 and the connection closed, or
//! goes on in a form that can be read in one way only (RFC 9112, 11.2). Nothing of it arrives as a second request.

use std::net::TcpStream;

use crate::harness::{HOST, Proxy, Request, Upstream, Wire, get, millis, ok, text};

/// What a lenient upstream would take for a request of its own.
fn planted() -> String {
    format!("GET /smuggled HTTP/1.1\r\nHost: {HOST}\r\nX-Planted: 1\r\n\r\n")
}

/// Sends `attack` and, behind it, an honest request; then looks at everything that arrived.
fn attack(proxy: &Proxy, upstream: &Upstream, attack: &[u8]) -> Option<u16> {
    let before = upstream.requests().len();
    let mut wire: Wire<TcpStream> = proxy.connect();
    wire.read_timeout(millis(400));
    let _ = wire.try_send(attack);
    let status = wire.read_response("GET").map(|answer| answer.status);
    if status == Some(400) {
        wire.read_timeout(millis(2000));
        wire.read_to_end();
        assert_ne!(wire.ended(), Some(crate::harness::End::Silent), "open after 400: {:?}", text(attack));
    }
    for request in &upstream.requests()[before..] {
        unambiguous(request, attack);
    }
    status
}

fn unambiguous(request: &Request, attack: &[u8]) {
    let said = || format!("{:?} arrived as {:?}", text(attack), text(&request.head.bytes));
    assert!(!request.target().contains("smuggled"), "{}", said());
    assert!(request.head.bytes.iter().all(|b| *b != 0), "{}", said());
    let whole = text(&request.head.bytes);
    let rest = whole.replace("\r\n", "");
    assert!(!rest.contains('\r') && !rest.contains('\n'), "{}", said());
    assert_eq!(request.head.all("host").len(), 1, "{}", said());
    let (lengths, codings) = (request.head.all("content-length"), request.head.all("transfer-encoding"));
    assert!(lengths.len() + codings.len() <= 1, "{}", said());
    assert!(lengths.iter().all(|l| l.bytes().all(|b| b.is_ascii_digit())), "{}", said());
    assert!(codings.iter().all(|c| c.eq_ignore_ascii_case("chunked")), "{}", said());
    for (name, _) in &request.head.fields {
        assert!(name.bytes().all(|b| b.is_ascii_graphic()), "{}", said());
    }
}

fn none_gets_through(attacks: &[String]) {
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, "listener.header_timeout = \"1s\"\nlistener.body_timeout = \"1s\"");
    for bytes in attacks {
        attack(&proxy, &upstream, bytes.as_bytes());
    }
    assert_eq!(proxy.exchange(get("/after", "")).status, 200);
}

/// Those that RFC 9112 says must be refused.
fn all_are_400(attacks: &[String]) {
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, "");
    for bytes in attacks {
        assert_eq!(attack(&proxy, &upstream, bytes.as_bytes()), Some(400), "{bytes:?}");
    }
    assert!(upstream.requests().is_empty());
}

fn post(fields: &str, body: &str) -> String {
    format!("POST /k HTTP/1.1\r\nHost: {HOST}\r\n{fields}\r\n\r\n{body}")
}

#[test]
fn content_length_beside_transfer_encoding() {
    let planted = planted();
    let chunked = format!("0\r\n\r\n{planted}");
    let (all, short) = (chunked.len(), 5);
    let cl_te = format!("{:x}\r\n{planted}\r\n0\r\n\r\n", planted.len());
    none_gets_through(&[
        post(&format!("Content-Length: {all}\r\nTransfer-Encoding: chunked"), &chunked),
        post(&format!("Transfer-Encoding: chunked\r\nContent-Length: {all}"), &chunked),
        post(&format!("Content-Length: {short}\r\nTransfer-Encoding: chunked"), &chunked),
        post("Content-Length: 4\r\nTransfer-Encoding: chunked", &cl_te),
        post(&format!("content-length: {all}\r\ntransfer-encoding: CHUNKED"), &chunked),
    ]);
}

#[test]
fn unlike_content_lengths() {
    let planted = planted();
    let all = planted.len();
    let mut attacks: Vec<String> =
        [format!("0\r\nContent-Length: {all}"), format!("{all}\r\nContent-Length: 0")]
            .map(|l| post(&format!("Content-Length: {l}"), &planted))
            .to_vec();
    let odd =
        ["0, 5", "5, 5, 6", "+0", "-1", "0x0", "0 0", "", "1e1", "99999999999999999999", "\u{b}5", "5;", "٠"];
    attacks.extend(odd.map(|length| post(&format!("Content-Length: {length}"), &planted)));
    all_are_400(&attacks);
}

#[test]
fn transfer_encodings_that_are_not_chunked() {
    let body = format!("0\r\n\r\n{}", planted());
    let codings = [
        "xchunked",
        "identity",
        "chunked, identity",
        "gzip",
        "chunkedx",
        "x, chunked, gzip",
        "\"chunked\"",
        "chunked;q=1",
        "cow",
        "chunk\u{b}ed",
        "",
    ];
    all_are_400(&codings.map(|c| post(&format!("Transfer-Encoding: {c}"), &body)));
    none_gets_through(
        &[
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: gzip, chunked",
            "X: y\u{b}Transfer-Encoding: chunked",
        ]
        .map(|c| post(c, &body)),
    );
}

#[test]
fn malformed_field_lines() {
    let planted = planted();
    let length = planted.len();
    all_are_400(&[
        post(&format!("Content-Length : {length}"), &planted),
        post(&format!("Content-Length\t: {length}"), &planted),
        post("Transfer-Encoding : chunked", &format!("0\r\n\r\n{planted}")),
        post("X-Fold: a\r\n b", ""),
        post("X-Fold: a\r\n\tTransfer-Encoding: chunked", ""),
        post("X-No-Colon", ""),
        post(": nameless", ""),
        post("X-Cr: a\rb", ""),
        post("X-Nul: a\0b", ""),
        post("X-\0Nul: a", ""),
        post("X Space: a", ""),
        format!("GET /k HTTP/1.1\r\n Host: {HOST}\r\n\r\n"),
        format!("GET /k HTTP/1.1\r\nHost: {HOST}\r\nX: 1\r\rGET /smuggled HTTP/1.1\r\n\r\n"),
    ]);
}

/// A single LF may be taken for a line's end (RFC 9112, 2.2); it never goes on as one.
#[test]
fn bare_line_feeds() {
    let planted = planted();
    none_gets_through(
        &[
            format!("GET /k HTTP/1.1\nHost: {HOST}\n\n"),
            post("X: a\nTransfer-Encoding: chunked", &format!("0\r\n\r\n{planted}")),
            post(&format!("X: a\nContent-Length: {}", planted.len()), &planted),
            post("Transfer-Encoding: chunked", &format!("1\nZ\n0\n\n{planted}")),
            post("Content-Length: 0\n", &planted),
        ]
        .map(|attack| {
            attack.replace("/smuggled HTTP/1.1\r\n", "/smuggled HTTP/1.1\r\nX-Honest: pipelined\r\n")
        })
        .map(|a| {
            // What follows a whole request is an honest pipelined one; only its framing is of interest here.
            a.replace("/smuggled", "/pipelined")
        }),
    );
}

#[test]
fn hosts_that_are_not_exactly_one() {
    all_are_400(&[
        format!("GET /k HTTP/1.1\r\nHost: {HOST}\r\nHost: {HOST}\r\n\r\n"),
        format!(
            "GET /k HTTP/1.1\r\nHost: {HOST}\r\nhost: other-1250000000.cos.ap-guangzhou.myqcloud.com\r\n\r\n"
        ),
        "GET /k HTTP/1.1\r\n\r\n".to_owned(),
        format!("GET http://{HOST}/k HTTP/1.1\r\nHost: {HOST}\r\nHost: x\r\n\r\n"),
    ]);
}

#[test]
fn malformed_request_lines() {
    none_gets_through(
        &[
            "GET /k\0 HTTP/1.1",
            "GET /k HTTP/1.1 HTTP/1.1",
            "GET /a b HTTP/1.1",
            "GET  /k HTTP/1.1",
            "GET\t/k\tHTTP/1.1",
            "GET /k\rx HTTP/1.1",
            "GET /k HTTP/2.0",
            "GET /k HTTP/1.2",
            "GET /k http/1.1",
            "GET /k",
            "G(T /k HTTP/1.1",
            "GET k HTTP/1.1",
            " GET /k HTTP/1.1",
            "PRI * HTTP/2.0",
        ]
        .map(|line| format!("{line}\r\nHost: {HOST}\r\n\r\n")),
    );
}

#[test]
fn malformed_chunks() {
    let planted = planted();
    let bodies = [
        format!("0x0\r\n\r\n{planted}"),
        format!("-1\r\n\r\n{planted}"),
        format!("1 0\r\n\r\n{planted}"),
        format!("ffffffffffffffff1\r\na\r\n{planted}"),
        format!("10000000000000000\r\n\r\n{planted}"),
        format!("1\r\nab\r\n0\r\n\r\n{planted}"),
        format!("1\r\na0\r\n\r\n{planted}"),
        format!("1;\rext\r\na\r\n0\r\n\r\n{planted}"),
        format!("G\r\n\r\n{planted}"),
        format!("\r\n\r\n{planted}"),
    ];
    none_gets_through(&bodies.map(|body| post("Transfer-Encoding: chunked", &body)));
}

/// Trailers are no place for framing, routing or authentication (RFC 9110, 6.5.1).
#[test]
fn trailers_do_not_become_fields() {
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, "");
    let body = "1\r\na\r\n0\r\nContent-Length: 40\r\nTransfer-Encoding: chunked\r\nHost: x\r\nAuthorization: y\r\n\r\n";
    attack(
        &proxy,
        &upstream,
        post("Transfer-Encoding: chunked\r\nTrailer: host, content-length", body).as_bytes(),
    );
    for request in upstream.requests() {
        assert!(!request.head.has("authorization"));
        let framing = |t: &&String| {
            ["content-length:", "transfer-encoding:", "host:"].iter().any(|n| t.to_lowercase().starts_with(n))
        };
        assert!(!request.body.trailers.iter().any(|t| framing(&t)), "{:?}", request.body.trailers);
    }
}

#[test]
fn an_http_1_0_request_with_transfer_encoding() {
    let body = format!("0\r\n\r\n{}", planted());
    none_gets_through(&[
        format!(
            "POST /k HTTP/1.0\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n{body}"
        ),
        format!(
            "POST /k HTTP/1.0\r\nHost: {HOST}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\
             Connection: keep-alive\r\n\r\n{body}"
        ),
    ]);
}

#[test]
fn a_body_is_never_a_request() {
    let planted = planted();
    none_gets_through(&[
        post(&format!("Content-Length: {}", planted.len()), &planted),
        format!("GET /k HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {}\r\n\r\n{planted}", planted.len()),
        format!("HEAD /k HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {}\r\n\r\n{planted}", planted.len()),
        post("Transfer-Encoding: chunked", &format!("{:x}\r\n{planted}\r\n0\r\n\r\n", planted.len())),
    ]);
}

#[test]
fn another_protocol_on_the_port_harms_nothing() {
    let upstream = Upstream::answering(ok("ok"));
    let proxy = Proxy::before(&upstream, "listener.header_timeout = \"500ms\"");
    let others: [&[u8]; 4] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"\0\0\0\0\0\0\0\0\r\n\r\n",
    ];
    for bytes in others {
        let mut wire = proxy.connect();
        wire.send(bytes);
        assert!(wire.ends_within(millis(3000)), "{bytes:?}");
    }
    assert!(upstream.requests().is_empty());
    assert_eq!(proxy.exchange(get("/after", "")).status, 200);
}

/// What an upstream sends beyond its answer is nobody's answer.
#[test]
fn surplus_of_an_answer_is_not_the_next_answer() {
    let poison = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned";
    let upstream = Upstream::by(move |request| {
        if request.target() == "/first" { [ok("honest"), poison.into()].concat() } else { ok("honest") }
    });
    let proxy = Proxy::before(&upstream, "runtime.threads = 1");
    for pause in [0, 50] {
        assert_eq!(proxy.exchange(get("/first", "")).text(), "honest");
        std::thread::sleep(millis(pause));
        assert_eq!(proxy.exchange(get("/second", "")).text(), "honest", "after {pause} ms");
    }
}

/// RFC 9112, 6.3: an answer with two framings is read by one and passed on with one, or not at all.
#[test]
fn ambiguous_answers_do_not_go_on_as_such() {
    let answers = [
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 50\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: a\r\n Content-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\nok",
    ];
    for answer in answers {
        let upstream = Upstream::once(answer);
        let proxy = Proxy::before(&upstream, "");
        let mut wire = proxy.connect();
        wire.send(get("/key", ""));
        let got = wire.read_response("GET").unwrap_or_else(|| panic!("no answer where it was {answer:?}"));
        let framings = got.head.all("content-length").len() + got.head.all("transfer-encoding").len();
        assert!(framings <= 1, "{answer:?} came as {:?}", got.head.fields);
        assert!(got.status == 502 || got.text() == "ok" || !got.body.complete, "{answer:?} came as {got:?}");
    }
}
