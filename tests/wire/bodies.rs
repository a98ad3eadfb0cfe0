//! Bodies: the framing that came is the framing that goes, both ways (RFC 9112, 6 and 7).

use crate::harness::{HOST, Proxy, Upstream, get, ok, put_head};

#[test]
fn content_length_stays_content_length() {
    let upstream = Upstream::answering(ok("hello"));
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(put_head(5, "") + "world");
    assert_eq!((answer.head.all("content-length"), answer.text().as_str()), (vec!["5"], "hello"));
    assert!(!answer.head.has("transfer-encoding"));
    let seen = upstream.request();
    assert_eq!(
        (seen.head.all("content-length"), seen.body.data.as_slice()),
        (vec!["5"], b"world".as_slice())
    );
    assert!(!seen.head.has("transfer-encoding"));
}

#[test]
fn an_empty_put_stays_empty_with_its_length() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    proxy.exchange(put_head(0, ""));
    assert_eq!(upstream.request().head.all("content-length"), ["0"]);
}

/// RFC 9110, 8.6 wants a length of a client; a proxy makes none up where it signed nothing.
#[test]
fn a_post_without_length_or_body_gains_none() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    proxy.exchange(format!("POST /key?uploads HTTP/1.1\r\nHost: {HOST}\r\n\r\n"));
    let head = upstream.request().head;
    assert!(!head.has("content-length") && !head.has("transfer-encoding"), "{:?}", head.fields);
}

#[test]
fn chunked_stays_chunked() {
    let upstream = Upstream::answering(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5;ext=1\r\ndefgh\r\n0\r\n\r\n",
    );
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(format!(
        "PUT /key HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nA\r\ncdefghijkl\r\n0\r\n\r\n"
    ));
    assert!(answer.head.chunked() && !answer.head.has("content-length"));
    assert_eq!((answer.text().as_str(), answer.body.complete), ("abcdefgh", true));
    let seen = upstream.request();
    assert!(seen.head.chunked() && !seen.head.has("content-length"));
    assert_eq!((seen.body.data.as_slice(), seen.body.complete), (b"abcdefghijkl".as_slice(), true));
}

#[test]
fn trailers_pass_both_ways() {
    let upstream = Upstream::answering(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n1\r\na\r\n0\r\nx-sum: down\r\n\r\n",
    );
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(format!(
        "PUT /key HTTP/1.1\r\nHost: {HOST}\r\nTE: trailers\r\nConnection: TE\r\nTrailer: x-sum\r\n\
         Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx-sum: up\r\n\r\n"
    ));
    let lower = |lines: &[String]| lines.iter().map(|l| l.to_lowercase()).collect::<Vec<_>>();
    assert_eq!(lower(&answer.body.trailers), ["x-sum: down"]);
    let seen = upstream.request();
    assert_eq!(lower(&seen.body.trailers), ["x-sum: up"]);
    assert_eq!((seen.head.get("trailer"), answer.get("trailer")), (Some("x-sum"), Some("x-sum")));
}

/// A body that ends with the connection has no framing of its own; it arrives whole all the same.
#[test]
fn a_body_that_ends_with_the_connection_arrives_whole() {
    let upstream = Upstream::once("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end");
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(get("/key", ""));
    assert_eq!((answer.text().as_str(), answer.body.complete), ("until the end", true));
}

#[test]
fn head_keeps_the_length_and_has_no_body() {
    let upstream = Upstream::answering("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nETag: \"e\"\r\n\r\n");
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    for _ in 0..2 {
        wire.send(format!("HEAD /key HTTP/1.1\r\nHost: {HOST}\r\n\r\n"));
        let answer = wire.read_response("HEAD").unwrap();
        assert_eq!((answer.status, answer.get("content-length")), (200, Some("1234")));
    }
    assert_eq!(upstream.connections(), 1);
}

#[test]
fn head_of_a_chunked_answer_has_no_body() {
    let upstream = Upstream::answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    for _ in 0..2 {
        wire.send(format!("HEAD /key HTTP/1.1\r\nHost: {HOST}\r\n\r\n"));
        assert_eq!(wire.read_response("HEAD").unwrap().status, 200);
    }
}

#[test]
fn answers_without_body_keep_the_connection_in_step() {
    let upstream = Upstream::by(|request| match request.target() {
        "/204" => b"HTTP/1.1 204 No Content\r\nETag: \"e\"\r\n\r\n".to_vec(),
        "/304" => b"HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\n\r\n".to_vec(),
        "/304-with-length" => b"HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\n\r\n".to_vec(),
        _ => ok("after"),
    });
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    for (target, status) in [("/204", 204), ("/304", 304), ("/304-with-length", 304), ("/x", 200)] {
        wire.send(get(target, ""));
        let answer = wire.read_response("GET").unwrap_or_else(|| panic!("no answer to {target}"));
        assert_eq!(answer.status, status);
        if status == 204 || target == "/304" {
            assert!(!answer.head.has("content-length") && !answer.head.has("transfer-encoding"), "{target}");
            assert_eq!(answer.get("etag"), Some("\"e\""));
        }
    }
    assert_eq!(upstream.connections(), 1);
}

#[test]
fn a_part_passes_with_its_range() {
    let upstream = Upstream::answering(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-4/10\r\nContent-Length: 3\r\n\r\ncde",
    );
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(get("/key", "Range: bytes=2-4\r\n"));
    assert_eq!((answer.status, answer.get("content-range")), (206, Some("bytes 2-4/10")));
    assert_eq!(answer.text(), "cde");
    assert_eq!(upstream.request().head.get("range"), Some("bytes=2-4"));
}

#[test]
fn a_get_with_a_body_keeps_it() {
    let upstream = Upstream::answering(ok(""));
    let proxy = Proxy::before(&upstream, "");
    proxy.exchange(get("/key", "Content-Length: 3\r\n") + "abc");
    assert_eq!(upstream.request().body.data, b"abc");
}

/// Any byte, at sizes around the buffers' edges.
#[test]
fn bytes_arrive_as_they_were() {
    let upstream = Upstream::by(|request| {
        let mut answer =
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", request.body.data.len()).into_bytes();
        answer.extend_from_slice(&request.body.data);
        answer
    });
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    for length in [1, 8191, 8192, 8193, 65_535, 65_536, 400_001, 1 << 20] {
        let body: Vec<u8> = (0..length).map(|i: usize| (i.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
        let mut request = put_head(length, "").into_bytes();
        request.extend_from_slice(&body);
        let mut writer = wire.try_clone();
        let sending = std::thread::spawn(move || writer.send(request));
        let answer = wire.read_response("PUT").unwrap();
        sending.join().unwrap();
        assert!(answer.body.data == body, "{length} bytes come back as they were");
    }
}
