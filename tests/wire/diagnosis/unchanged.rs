//! What passes with the header alone, byte for byte as it came.

use super::{diagnosed, lengths_agree};
use crate::harness::{DENIED, Proxy, Upstream, get, millis, refusal};

#[test]
fn untouched_leaves_the_body_to_the_byte() {
    let with = String::from_utf8(refusal(DENIED)).unwrap().replace("Server: t", "ETag: \"abc\"\r\nServer: t");
    let answer = diagnosed(with, "Accept: application/json\r\n", "diagnosis.body = \"untouched\"");
    assert_eq!(answer.cause(), Some("anonymous-access-denied"));
    assert_eq!(answer.text(), DENIED);
    assert_eq!((answer.get("etag"), answer.get("content-type")), (Some("\"abc\""), Some("application/xml")));
    assert!(!answer.get("vary").unwrap_or_default().to_lowercase().contains("accept"));
    lengths_agree(&answer);
}

#[test]
fn a_body_that_is_no_cos_error_passes_unchanged() {
    let bodies = [
        ("text/html", "<html><head><title>403 Forbidden</title></head><body>nginx</body></html>"),
        ("text/plain", "denied"),
        ("application/json", "{\"error\":\"denied\"}"),
        ("application/xml", "<Other><Code>AccessDenied</Code></Other>"),
        ("application/xml", ""),
        ("application/xml", "<Error><Code>Acce"),
    ];
    for (kind, body) in bodies {
        let answer = format!(
            "HTTP/1.1 403 Forbidden\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nServer: nginx\r\n\r\n{body}",
            body.len()
        );
        let got = diagnosed(answer, "", "");
        assert_eq!(got.text(), body, "{kind}");
        assert_eq!(got.get("content-type"), Some(kind));
        assert!(got.head.has("x-cos-diagnosis"), "{kind}");
        lengths_agree(&got);
    }
}

#[test]
fn a_body_over_64_kib_passes_unchanged() {
    let body = DENIED.replace("</Error>", &format!("<Pad>{}</Pad></Error>", "p".repeat(70_000)));
    for fields in ["", "Accept: application/json\r\n"] {
        let answer = diagnosed(refusal(&body), fields, "");
        assert!(answer.head.has("x-cos-diagnosis"));
        assert!(answer.text() == body, "the body is as it was");
    }
    let chunked = format!(
        "HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nServer: tencent-cos\r\nTransfer-Encoding: chunked\r\n\r\n\
         {:x}\r\n{body}\r\n0\r\n\r\n",
        body.len()
    );
    let answer = diagnosed(chunked, "", "");
    assert!(answer.head.has("x-cos-diagnosis") && answer.text() == body);
}

/// What has come in 2 s goes on, and the rest as it comes.
#[test]
fn a_body_that_takes_more_than_two_seconds_passes_unchanged() {
    let upstream = Upstream::start(|mut wire, _, _| {
        if wire.read_request().is_some() {
            let whole = refusal(DENIED);
            let (first, rest) = whole.split_at(whole.len() - 100);
            wire.send(first);
            std::thread::sleep(millis(3000));
            let _ = wire.try_send(rest);
            wire.read_to_end();
        }
    });
    let proxy = Proxy::before(&upstream, "");
    let mut wire = proxy.connect();
    wire.send(get("/key", ""));
    let since = std::time::Instant::now();
    assert!(wire.fill().is_none());
    assert!(since.elapsed() < millis(2700), "the head came after {:?}", since.elapsed());
    let answer = wire.read_response("GET").unwrap();
    assert!(answer.head.has("x-cos-diagnosis"));
    assert_eq!(answer.text(), DENIED);
    lengths_agree(&answer);
}

/// gzip with a single stored block (RFC 1951, 3.2.4; RFC 1952): no compressor needed to write one.
fn gzip(data: &[u8]) -> Vec<u8> {
    let crc = !data.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
    });
    let length = u16::try_from(data.len()).unwrap();
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1];
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&(!length).to_le_bytes());
    out.extend_from_slice(data);
    out.extend_from_slice(&crc.to_le_bytes());
    out.extend_from_slice(&u32::from(length).to_le_bytes());
    out
}

/// Either passed on in its coding, or explained without it: never one with the other's Content-Encoding.
#[test]
fn a_compressed_refusal_stays_readable() {
    let body = gzip(DENIED.as_bytes());
    let mut answer = format!(
        "HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\
         Server: tencent-cos\r\nx-cos-request-id: NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend_from_slice(&body);
    for fields in ["Accept-Encoding: gzip\r\n", "Accept-Encoding: gzip\r\nAccept: application/json\r\n"] {
        let got = diagnosed(answer.clone(), fields, "");
        assert!(got.head.has("x-cos-diagnosis"));
        if got.get("content-encoding") == Some("gzip") {
            assert!(got.body.data == body, "the coded body is as it was");
        } else {
            assert!(got.text().contains("AccessDenied"));
        }
        lengths_agree(&got);
    }
}

#[test]
fn success_passes_as_it_came() {
    let body = DENIED;
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let got = diagnosed(answer, "Accept: application/json\r\n", "");
    assert_eq!(got.text(), body);
    assert!(!got.head.has("x-cos-diagnosis") && !got.head.has("vary"));
}
