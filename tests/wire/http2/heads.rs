//! What of a request's head and of an answer's goes over from one version to the other.

use bytes::Bytes;
use http::Request;

use crate::harness::{DENIED, Front, HOST, Http2, Upstream, asking, ok, read_all, refusal, run};

fn with(name: &'static str, value: &'static str) -> Request<()> {
    let mut request = asking("GET", "/key");
    request.headers_mut().append(name, value.parse().unwrap());
    request
}

#[test]
fn a_request_arrives_as_one_of_http_1_1() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::open(&front).await;
        let mut request = asking("GET", "/a%2Fb//c?x=&y=%20&acl");
        request.headers_mut().append("x-cos-acl", "private".parse().unwrap());
        request.headers_mut().append("cookie", "a=1".parse().unwrap());
        request.headers_mut().append("cookie", "b=2".parse().unwrap());
        assert_eq!(client.ask(request).await.unwrap().status(), 200);
    });
    let head = upstream.request().head;
    assert_eq!(head.first, "GET /a%2Fb//c?x=&y=%20&acl HTTP/1.1");
    assert_eq!(head.all("host"), [HOST]);
    assert_eq!(head.all("x-cos-acl"), ["private"]);
    // RFC 9113, section 8.2.3: crumbs are one field in HTTP/1.1.
    assert_eq!(head.all("cookie"), ["a=1; b=2"]);
    assert!(head.get("transfer-encoding").is_none() && head.get("connection").is_none(), "{head:?}");
}

#[test]
fn a_refusal_is_diagnosed() {
    let upstream = Upstream::answering(refusal(DENIED));
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::open(&front).await;
        let answer = client.ask(asking("GET", "/key")).await.unwrap();
        assert_eq!(answer.status(), 403);
        let diagnosis = answer.headers()["x-cos-diagnosis"].to_str().unwrap().to_owned();
        assert!(diagnosis.starts_with("anonymous-access-denied;confidence=certain"), "{diagnosis}");
        // Fields that belong to a connection of HTTP/1.1 have no place here (RFC 9113, section 8.2.2).
        assert!(answer.headers().get("connection").is_none());
        let length: usize = answer.headers()["content-length"].to_str().unwrap().parse().unwrap();
        let body = read_all(answer.into_body()).await.unwrap();
        assert_eq!(body.len(), length);
        assert!(String::from_utf8(body).unwrap().contains("<Diagnosis>"));
    });
    assert_eq!(front.proxy.log_line()["cause"], "anonymous-access-denied");
}

#[test]
fn the_authority_is_what_a_request_means() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "upstream.allowed_buckets = [\"*-1250000000\"]");
    let ask = async |uri: &str, host: Option<&'static str>| {
        let mut client = Http2::open(&front).await;
        let mut request = Request::get(uri).version(http::Version::HTTP_2).body(()).unwrap();
        if let Some(host) = host {
            request.headers_mut().insert("host", host.parse().unwrap());
        }
        client.ask(request).await.unwrap().status().as_u16()
    };
    run(async {
        assert_eq!(ask(&format!("https://{HOST}/k"), None).await, 200);
        assert_eq!(ask(&format!("https://{HOST}:443/k"), None).await, 200);
        assert_eq!(ask(&format!("https://{HOST}/k"), Some(HOST)).await, 200);
        // RFC 9113, section 8.3.1
        assert_eq!(
            ask(&format!("https://{HOST}/k"), Some("other-1250000000.cos.ap-guangzhou.myqcloud.com")).await,
            400
        );
        assert_eq!(ask("https://example.com/k", None).await, 421);
        assert_eq!(ask("https://example.com/k", Some("example.com")).await, 421);
        assert_eq!(ask("https://other-1250000001.cos.ap-guangzhou.myqcloud.com/k", None).await, 421);
        assert_eq!(ask(&format!("https://{HOST}:8443/k"), None).await, 421);
        assert_eq!(ask(&format!("ftp://{HOST}/k"), None).await, 421);
    });
    assert_eq!(upstream.requests().len(), 3);
}

/// A name whose way is known from the request before must not open one for the next name, nor the next bucket.
#[test]
fn each_request_of_a_connection_is_judged_by_itself() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "upstream.allowed_buckets = [\"examplebucket-1250000000\"]");
    run(async {
        let mut client = Http2::open(&front).await;
        for (uri, status) in [
            (format!("https://{HOST}/k"), 200),
            ("https://other-1250000000.cos.ap-guangzhou.myqcloud.com/k".to_owned(), 421),
            ("https://cos.ap-guangzhou.myqcloud.com/other-1250000000/k".to_owned(), 421),
            (format!("https://{HOST}/k"), 200),
        ] {
            let request = Request::get(&uri).version(http::Version::HTTP_2).body(()).unwrap();
            assert_eq!(client.ask(request).await.unwrap().status().as_u16(), status, "{uri}");
        }
    });
}

#[test]
fn connect_has_no_tunnel_in_http_2() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::open(&front).await;
        let request =
            Request::connect(format!("{HOST}:443")).version(http::Version::HTTP_2).body(()).unwrap();
        assert_eq!(client.ask(request).await.unwrap().status(), 403);
        assert_eq!(client.ask(asking("GET", "/key")).await.unwrap().status(), 200);
    });
}

#[test]
fn answers_without_a_body_end_with_their_head() {
    let upstream = Upstream::by(|request| match request.head.first.split(' ').next().unwrap() {
        "HEAD" => b"HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nETag: \"e\"\r\n\r\n".to_vec(),
        "DELETE" => b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
        _ => b"HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\n\r\n".to_vec(),
    });
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::open(&front).await;
        for (method, status) in [("HEAD", 200), ("DELETE", 204), ("GET", 304)] {
            let answer = client.ask(asking(method, "/key")).await.unwrap();
            assert_eq!(answer.status().as_u16(), status);
            if method == "HEAD" {
                assert_eq!(answer.headers()["content-length"], "1234");
            }
            assert!(answer.body().is_end_stream() || read_all(answer.into_body()).await.unwrap().is_empty());
        }
    });
}

#[test]
fn chunks_become_data_and_trailers_stay_trailers() {
    let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n\
                  3\r\nabc\r\n2\r\nde\r\n0\r\nx-sum: 5\r\n\r\n";
    let upstream = Upstream::answering(answer);
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::open(&front).await;
        let answer = client.ask(with("te", "trailers")).await.unwrap();
        assert!(answer.headers().get("transfer-encoding").is_none());
        let mut body = answer.into_body();
        let mut data = Vec::new();
        while let Some(more) = body.data().await {
            data.extend_from_slice(&more.unwrap());
        }
        assert_eq!(data, b"abcde");
        assert_eq!(body.trailers().await.unwrap().unwrap()["x-sum"], "5");
    });
    assert_eq!(upstream.request().head.all("te"), ["trailers"]);
}

#[test]
fn an_upload_keeps_its_length_or_goes_in_chunks() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::open(&front).await;
        for sized in [true, false] {
            let mut request = asking("PUT", "/key");
            if sized {
                request.headers_mut().insert("content-length", "10".parse().unwrap());
            }
            let (answer, mut body) = client.send(request, true).await.unwrap();
            body.send_data(Bytes::from_static(b"01234"), false).unwrap();
            body.send_data(Bytes::from_static(b"56789"), true).unwrap();
            assert_eq!(answer.await.unwrap().status(), 200);
        }
    });
    let [sized, chunked] = &upstream.requests()[..] else { panic!("two requests") };
    assert_eq!(sized.head.all("content-length"), ["10"]);
    assert_eq!(chunked.head.all("transfer-encoding"), ["chunked"]);
    for request in [sized, chunked] {
        assert!(request.body.complete);
        assert_eq!(request.body.data, b"0123456789");
    }
}

/// Where a request's end comes in a frame of its own there is no body all the same.
#[test]
fn an_empty_body_is_no_body() {
    let upstream = Upstream::answering(ok("ok"));
    let front = Front::before(&upstream, "");
    run(async {
        let mut client = Http2::open(&front).await;
        for method in ["GET", "PUT"] {
            let (answer, mut body) = client.send(asking(method, "/key"), true).await.unwrap();
            body.send_data(Bytes::new(), true).unwrap();
            assert_eq!(answer.await.unwrap().status(), 200);
        }
    });
    assert!(upstream.requests().iter().all(|request| request.body.complete && request.body.data.is_empty()));
}

/// A client that waits for 100 (Continue) hears nothing and sends all the same; the upstream that refuses at once is
/// heard before.
#[test]
fn an_expectation_holds_the_body_back() {
    let upstream = Upstream::start(|mut wire, number, seen| {
        if number == 0 {
            let _ = wire.read_head();
            let _ = wire.try_send(refusal(DENIED));
            return;
        }
        if let Some(request) = wire.read_request() {
            seen.keep(request);
            wire.send(ok("ok"));
        }
    });
    let front = Front::before(&upstream, "upstream.expect_timeout = \"200ms\"");
    run(async {
        let mut client = Http2::open(&front).await;
        for status in [403, 200] {
            let mut request = asking("PUT", "/key");
            request.headers_mut().insert("expect", "100-continue".parse().unwrap());
            request.headers_mut().insert("content-length", "5".parse().unwrap());
            let (answer, mut body) = client.send(request, true).await.unwrap();
            if status == 200 {
                body.send_data(Bytes::from_static(b"hello"), true).unwrap();
            }
            assert_eq!(answer.await.unwrap().status(), status);
        }
    });
    assert_eq!(upstream.request().body.data, b"hello");
}
