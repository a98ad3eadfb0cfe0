//! Refusals after coswhy rewrote the address: whose doing they are.

use std::time::{SystemTime, UNIX_EPOCH};

use coswhy::cos::auth::Auth;
use coswhy::cos::request_id;
use coswhy::cos::signature::{self, VerifyInput};
use http::HeaderMap;

use super::element;
use crate::harness::{HOST, Proxy, Response, Upstream, refusal};

const OWN: &str = "examplebucket-1250000000.cos.ap-guangzhou.localhost:8080";
const SECRET_ID: &str = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
const SECRET_KEY: &str = "wireTestsOwnSecretKey00000000001";

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// A GET of `/key`, signed for `host` by the tests' SecretId.
fn signed(host: &str, secret_key: &str, list: &str, start: i64) -> String {
    let time = format!("{start};{}", start + 600);
    let unsigned = signature::authorization(SECRET_ID, &time, (list, ""), "");
    let mut headers = HeaderMap::new();
    headers.insert("host", host.parse().unwrap());
    headers.insert("date", "Tue, 24 Nov 2026 05:00:00 GMT".parse().unwrap());
    let auth = Auth::from_header(&unsigned, &headers);
    let input = VerifyInput { method: "GET", target: "/key", headers: &headers, host: None, auth: &auth };
    let made = signature::sign(&input, secret_key);
    format!(
        "GET /key HTTP/1.1\r\nHost: {host}\r\nDate: Tue, 24 Nov 2026 05:00:00 GMT\r\nAuthorization: {}\r\n\r\n",
        signature::authorization(SECRET_ID, &time, (list, ""), &made)
    )
}

fn mismatch(format_string: &str) -> Vec<u8> {
    refusal(format!(
        "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>SignatureDoesNotMatch</Code>\n\
         \t<Message>The Signature you specified is invalid.</Message>\n\t<StringToSign>sha1\n1;2\nx\n</StringToSign>\n\
         \t<FormatString>{format_string}</FormatString>\n\t<Resource>{HOST}/key</Resource>\n\
         \t<RequestId>NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=</RequestId>\n</Error>\n"
    ))
}

fn refused(request: &str, settings: &str, answer: Vec<u8>) -> (Response, serde_json::Value) {
    let upstream = Upstream::answering(answer);
    let proxy = Proxy::before(&upstream, settings);
    let answer = proxy.exchange(request);
    (answer, proxy.log_line())
}

fn keys(secret_key: &str) -> String {
    format!("[[keys]]\nsecret_id = \"{SECRET_ID}\"\nsecret_key = \"{secret_key}\"\n")
}

fn confidence(answer: &Response) -> String {
    element(answer)["diagnosis"]["confidence"].as_str().unwrap().to_owned()
}

#[test]
fn what_the_client_signed_is_found_with_its_key_and_shown_beside_what_cos_computed() {
    let meant = "examplebucket-1250000000.cos.accelerate.myqcloud.com";
    let request = signed(meant, SECRET_KEY, "host", now()).replace(meant, HOST);
    let seen = format!("get\n/key\n\nhost={HOST}\n");
    let (answer, line) = refused(&request, &keys(SECRET_KEY), mismatch(&seen));
    assert_eq!((answer.status, answer.cause()), (403, Some("signature-host-mismatch")));
    assert_eq!(confidence(&answer), "certain");
    let difference = &element(&answer)["diagnosis"]["difference"][0];
    assert_eq!((&difference["client"], &difference["cos"]), (&meant.into(), &HOST.into()));
    assert_eq!(difference["differs_at"], meant.find("ccelerate").unwrap());
    assert!(!format!("{line} {}", answer.text()).contains(SECRET_KEY));
}

#[test]
fn without_the_key_the_rewrite_is_the_cause_and_the_ways_out_are_told() {
    let request = signed(OWN, SECRET_KEY, "host", now());
    let seen = format!("get\n/key\n\nhost={HOST}\n");
    let (answer, line) = refused(&request, "", mismatch(&seen));
    assert_eq!((answer.status, answer.cause()), (403, Some("caused-by-proxy")));
    assert_eq!(confidence(&answer), "certain");
    assert_eq!((line["signing"].as_str(), line["cause"].as_str()), (Some("no-key"), Some("caused-by-proxy")));
    let explained = element(&answer);
    assert_eq!(explained["cos"]["bucket"], "examplebucket-1250000000");
    assert_eq!(explained["request"]["host"], OWN);
    let fixes = explained["diagnosis"]["fixes"].to_string();
    assert!(fixes.contains("SignHost=False") && fixes.contains("[[keys]]"), "{fixes}");

    // the same without the string that shows it
    let bare = super::denied("SignatureDoesNotMatch", "The Signature you specified is invalid.");
    let (answer, _) = refused(&request, "", bare);
    assert_eq!((answer.cause(), confidence(&answer).as_str()), (Some("caused-by-proxy"), "likely"));
}

#[test]
fn what_does_not_verify_is_the_client_s_own() {
    for (path, request) in [
        ("/key", signed(OWN, "anotherSecretKey0000000000000001", "host", now())),
        ("/another", signed(OWN, SECRET_KEY, "host", now()).replacen("GET /key", "GET /another", 1)),
    ] {
        let seen = mismatch(&format!("get\n{path}\n\nhost={HOST}\n"));
        let (answer, line) = refused(&request, &keys(SECRET_KEY), seen);
        assert_eq!(line["signing"], "does-not-verify");
        assert_eq!(
            (answer.cause(), confidence(&answer).as_str()),
            (Some("signature-secret-wrong"), "likely")
        );
    }
}

#[test]
fn a_signature_that_covers_nothing_of_it_is_not_blamed_on_the_rewrite() {
    let request = signed(OWN, SECRET_KEY, "date", now());
    let (answer, line) = refused(&request, "", mismatch("get\n/key\n\ndate=Tue%2C%2024\n"));
    assert_eq!(line["signing"], "not-covered");
    assert_ne!(answer.cause(), Some("caused-by-proxy"));
}

#[test]
fn what_has_expired_is_told_so() {
    let request = signed(OWN, SECRET_KEY, "host", now() - 4000);
    let expired = String::from_utf8(super::denied("AccessDenied", "Request has expired")).unwrap();
    let id = request_id::make(now(), 1, 2, 3);
    let expired = expired.replace("NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=", &id);
    let (answer, line) = refused(&request, &keys(SECRET_KEY), expired.into());
    assert_eq!(line["signing"], "expired");
    assert_eq!(answer.cause(), Some("signature-expired"));
}

#[test]
fn signed_anew_and_refused_for_its_key_is_a_wrong_secret() {
    let request = signed(OWN, SECRET_KEY, "host", now());
    let (answer, line) =
        refused(&request, &keys(SECRET_KEY), mismatch(&format!("get\n/key\n\nhost={HOST}\n")));
    assert_eq!(line["signing"], "anew");
    assert_eq!((answer.cause(), confidence(&answer).as_str()), (Some("signature-secret-wrong"), "likely"));
}

/// Path style: the path is signed too.
#[test]
fn path_style_without_the_key_shows_in_the_path() {
    let map = "[[map]]\nhost = \"*\"\nregion = \"ap-guangzhou\"\n";
    let request = signed("127.0.0.1:8080", SECRET_KEY, "host", now()).replacen(
        "GET /key",
        "GET /examplebucket-1250000000/key",
        1,
    );
    let (answer, line) = refused(&request, map, mismatch(&format!("get\n/key\n\nhost={HOST}\n")));
    assert_eq!(line["signing"], "no-key");
    assert_eq!((answer.cause(), confidence(&answer).as_str()), (Some("caused-by-proxy"), "certain"));
    let explained = element(&answer);
    assert_eq!(explained["cos"]["key"], "key");
    assert!(!explained["diagnosis"]["fixes"].to_string().contains("SignHost"));
}
