//! The body: the same XML with one more element.

use super::{denied, diagnosed, element, lengths_agree};
use crate::harness::{DENIED, Proxy, Upstream, get, millis, refusal};

#[test]
fn the_element_comes_last_and_the_rest_stays() {
    let answer = diagnosed(refusal(DENIED), "", "");
    lengths_agree(&answer);
    let json = element(&answer);
    assert_eq!(json["type"], "urn:coswhy:cause:anonymous-access-denied");
    assert_eq!(json["status"], 403);
    assert!(json["instance"].as_str().unwrap().starts_with("urn:ulid:"));
    let text = answer.text();
    let (before, _) = text.split_once("<Diagnosis>").unwrap();
    let (original, _) = DENIED.split_once("</Error>").unwrap();
    assert!(before.trim_end().starts_with(original.trim_end()), "{before}");
    assert_eq!(answer.get("content-type"), Some("application/xml"));
}

/// A byte order mark takes no part in the text, but counts where the element is put in.
#[test]
fn the_element_comes_last_after_a_byte_order_mark_too() {
    for marks in ["\u{feff}", "\u{feff}\u{feff}"] {
        let answer = diagnosed(refusal(format!("{marks}{DENIED}")), "", "");
        let text = answer.text();
        let (before, rest) = text.split_once("<Diagnosis>").unwrap();
        let (_, after) = rest.split_once("</Diagnosis>").unwrap();
        let (original, end) = DENIED.split_once("</Error>").unwrap();
        assert_eq!(before.trim_end(), format!("{marks}{}", original.trim_end()));
        assert_eq!(after.trim(), format!("</Error>{end}").trim());
    }
}

#[test]
fn what_cos_said_about_itself_stays() {
    let answer = diagnosed(refusal(DENIED), "", "");
    let stays = [
        "Content-Type: application/xml",
        "Date: Tue, 09 Apr 2019 03:39:20 GMT",
        "Server: tencent-cos",
        "x-cos-request-id: NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=",
        "x-cos-trace-id: OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAxODc=",
    ];
    let lines = answer.head.lines();
    for line in stays {
        assert!(lines.iter().any(|l| l == line), "{line:?} in {lines:?}");
    }
    let odd = String::from_utf8(refusal(DENIED)).unwrap().replace("x-cos-request-id", "X-Cos-Request-ID");
    let answer = diagnosed(odd, "", "");
    assert!(answer.head.lines().iter().any(|l| l.starts_with("X-Cos-Request-ID: ")));
    assert_eq!(answer.head.all("x-cos-request-id").len(), 1);
    assert_eq!(answer.head.all("date").len(), 1);
}

/// They spoke for the body as it was.
#[test]
fn what_was_computed_over_the_old_body_is_gone() {
    let with = String::from_utf8(refusal(DENIED)).unwrap().replace(
        "Server: tencent-cos\r\n",
        "Server: tencent-cos\r\nETag: \"abc\"\r\nContent-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==\r\nAccept-Ranges: bytes\r\n",
    );
    let answer = diagnosed(with, "", "");
    element(&answer);
    lengths_agree(&answer);
    assert!(!answer.head.has("etag") && !answer.head.has("content-md5"), "{:?}", answer.head.fields);
}

#[test]
fn a_chunked_refusal_is_explained_too() {
    let answer = format!(
        "HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nTransfer-Encoding: chunked\r\n\
         Server: tencent-cos\r\nx-cos-request-id: NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=\r\n\r\n\
         10\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
        &DENIED[..16],
        DENIED.len() - 16,
        &DENIED[16..]
    );
    let answer = diagnosed(answer, "", "");
    element(&answer);
    lengths_agree(&answer);
    let framings = answer.head.all("content-length").len() + answer.head.all("transfer-encoding").len();
    assert_eq!(framings, 1);
}

#[test]
fn a_refusal_that_ends_with_the_connection_is_explained_too() {
    let upstream = Upstream::once(format!(
        "HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nServer: tencent-cos\r\n\
         x-cos-request-id: NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=\r\n\r\n{DENIED}"
    ));
    let proxy = Proxy::before(&upstream, "");
    let answer = proxy.exchange(get("/key", ""));
    element(&answer);
    lengths_agree(&answer);
}

/// Keys and messages are written by strangers.
#[test]
fn markup_in_a_key_does_not_break_the_element() {
    let upstream = Upstream::answering(refusal(DENIED));
    let proxy = Proxy::before(&upstream, "");
    let target = "/%3C/Diagnosis%3E%3CCode%3Ex&amp;]]%3E%0A?a=%3Cb%3E&c=<d>".replace("<d>", "%26");
    let answer = proxy.exchange(get(&target, "Referer: http://x/<&>]]>\r\nOrigin: </Error>\r\n"));
    element(&answer);
    assert_eq!(answer.text().matches("</Error>").count(), 1);
}

#[test]
fn a_very_long_key_leaves_the_element_within_its_size() {
    let upstream = Upstream::answering(refusal(DENIED));
    let proxy = Proxy::before(&upstream, "");
    let target = format!("/{}?{}", "%E4%B8%AD".repeat(280), "p=%3C%3E&".repeat(600));
    let fields: String = (0..60).map(|i| format!("x-cos-meta-{i}: {}\r\n", "v".repeat(60))).collect();
    element(&proxy.exchange(get(&target, &fields)));
}

/// A refusal in several pieces within the two seconds is still explained.
#[test]
fn a_refusal_in_pieces_is_explained() {
    let upstream = Upstream::start(|mut wire, _, _| {
        if wire.read_request().is_some() {
            for piece in denied("AccessDenied", "Access Denied.").chunks(70) {
                wire.send(piece);
                std::thread::sleep(millis(30));
            }
            wire.read_to_end();
        }
    });
    let proxy = Proxy::before(&upstream, "");
    element(&proxy.exchange(get("/key", "")));
}
