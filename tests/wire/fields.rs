//! Header fields: what passes as it is, and what is meant for one hop alone (RFC 9110, 7.6.1).

use crate::harness::{HOST, Proxy, Response, Upstream, get, ok};

fn through(request: &str, answer: &str) -> (crate::harness::Request, Response) {
    let upstream = Upstream::answering(answer);
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(request);
    (upstream.request(), answer)
}

#[test]
fn a_bare_request_gains_nothing() {
    let request = get("/key", "");
    let (seen, _) = through(&request, "HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(String::from_utf8(seen.head.bytes).unwrap(), request);
}

#[test]
fn a_bare_answer_gains_nothing() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let (_, got) = through(&get("/key", ""), answer);
    assert_eq!(String::from_utf8(got.head.bytes).unwrap(), answer.trim_end_matches("ok"));
}

#[test]
fn letter_case_and_values_pass_upstream() {
    let request = format!(
        "GET /key HTTP/1.1\r\nhOsT: {HOST}\r\nx-cos-META-Name: A, b ;c=\"d\"\r\nAUTHORIZATION: q-sign-algorithm=sha1\r\n\
         Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==\r\nx_under.score!#$%&'*+-^`|~: odd\r\nEmpty:\r\nif-None-match: \"a\"\r\n\
         accept-encoding: gzip\r\nRange: bytes=0-1\r\n\r\n"
    );
    let (seen, _) = through(&request, "HTTP/1.1 204 No Content\r\n\r\n");
    let sent = crate::harness::Head::parse(request.into_bytes());
    assert_eq!(seen.head.fields.len(), sent.fields.len());
    for field in &sent.fields {
        assert!(seen.head.fields.contains(field), "{field:?} in {:?}", seen.head.fields);
    }
}

#[test]
fn letter_case_and_values_pass_to_the_client() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-LENGTH: 0\r\nETag: \"x\"\r\nx-cos-Meta-A: 1\r\nX-COS-REQUEST-ID: abc\r\n\
        SERVER: tencent-cos\r\ndate: Tue, 09 Apr 2019 03:39:20 GMT\r\nEmpty:\r\n\r\n";
    let (_, got) = through(&get("/key", ""), answer);
    let sent = crate::harness::Head::parse(answer.as_bytes().to_vec());
    assert_eq!(got.head.fields.len(), sent.fields.len());
    for field in &sent.fields {
        assert!(got.head.fields.contains(field), "{field:?} in {:?}", got.head.fields);
    }
}

#[test]
fn repeated_fields_stay_apart_and_in_order() {
    let fields = "X-R: one\r\nother: 1\r\nX-R: two, three\r\nx-r: four\r\nX-R:\r\n";
    let answer = "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\nset-cookie: b=2\r\nSet-Cookie: a=3\r\n\r\n";
    let (seen, got) = through(&get("/key", fields), answer);
    assert_eq!(seen.head.all("x-r"), ["one", "two, three", "four", ""]);
    assert_eq!(got.head.all("set-cookie"), ["a=1", "b=2", "a=3"]);
}

/// RFC 9110, 5.5: bytes from 0x80 up are opaque data.
#[test]
fn bytes_above_ascii_pass_in_values() {
    let upstream = Upstream::answering(
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nx-b: \xe4\xb8\xad\xff\r\n\r\n".as_slice(),
    );
    let proxy = Proxy::before(&upstream, "");
    let mut request = format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nx-cos-meta-n: ").into_bytes();
    request.extend_from_slice(b"\xe4\xb8\xad\x80\xff\r\n\r\n");
    let answer = proxy.exchange(&request);
    assert!(upstream.request().head.bytes.windows(5).any(|w| w == b"\xe4\xb8\xad\x80\xff"));
    assert!(answer.head.bytes.windows(4).any(|w| w == b"\xe4\xb8\xad\xff"));
}

#[test]
fn hop_by_hop_fields_of_a_request_are_dropped() {
    let fields = "Connection: close, X-Hop , x-other-hop\r\nX-Hop: 1\r\nX-Other-Hop: 1\r\nX-End: 1\r\n\
        Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: Basic c2VjcmV0\r\n\
        Upgrade: websocket\r\nTE: gzip, deflate\r\n";
    let (seen, _) = through(&get("/key", fields), "HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(seen.head.get("x-end"), Some("1"));
    for name in
        ["x-hop", "x-other-hop", "keep-alive", "proxy-connection", "proxy-authorization", "upgrade", "te"]
    {
        assert!(!seen.head.has(name), "{name} is not for the upstream: {:?}", seen.head.fields);
    }
}

#[test]
fn hop_by_hop_fields_of_an_answer_are_dropped() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nX-End: 1\r\n\
        Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nUpgrade: h2c\r\n\r\nok";
    let (_, got) = through(&get("/key", ""), answer);
    assert_eq!(got.get("x-end"), Some("1"));
    for name in ["x-hop", "keep-alive", "proxy-connection", "upgrade"] {
        assert!(!got.head.has(name), "{name} is not for the client: {:?}", got.head.fields);
    }
    assert!(!got.get("connection").unwrap_or_default().to_lowercase().contains("x-hop"));
}

#[test]
fn te_trailers_passes_and_other_codings_do_not() {
    for te in ["trailers", "trailers, deflate;q=0.5", "gzip, trailers"] {
        let (seen, _) = through(
            &get("/key", &format!("TE: {te}\r\nConnection: TE\r\n")),
            "HTTP/1.1 204 No Content\r\n\r\n",
        );
        assert_eq!(seen.head.all("te"), ["trailers"], "{te}");
    }
}

/// Naming a framing or routing field in Connection must not undo the message.
#[test]
fn connection_cannot_take_away_framing_or_host() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    let request = format!(
        "PUT /key HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 5\r\nConnection: content-length, host\r\n\r\nhello"
    );
    let answer = proxy.exchange(request);
    if answer.status == 200 {
        let seen = upstream.request();
        assert_eq!(seen.head.all("host"), [HOST]);
        assert_eq!(seen.body.data, b"hello");
    } else {
        assert_eq!(answer.status, 400);
        assert!(upstream.requests().is_empty());
    }
}

#[test]
fn via_is_added_only_where_it_is_asked_for() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "forward.via = true");
    proxy.exchange(get("/key", "Via: 1.0 first\r\n"));
    let via = upstream.request().head.all("via").join(", ");
    assert!(via.starts_with("1.0 first, 1.1 "), "{via}");

    let (seen, got) = through(&get("/key", ""), "HTTP/1.1 204 No Content\r\n\r\n");
    assert!(!seen.head.has("via") && !got.head.has("via"));
    let (seen, _) = through(&get("/key", "Via: 1.0 first\r\n"), "HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(seen.head.all("via"), ["1.0 first"]);
}

/// A reason phrase is part of what COS said.
#[test]
fn the_reason_phrase_passes() {
    let (_, got) = through(&get("/key", ""), "HTTP/1.1 200 Fine By Me\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(got.head.first, "HTTP/1.1 200 Fine By Me");
}
