//! Requests as S3's clients sign them.

use base64::Engine as _;
use coswhy::cos::auth::{Auth, Scheme};
use coswhy::cos::signature::VerifyInput;
use coswhy::cos::{sigv2, sigv4, time};
use coswhy::simulator::keys;
use hmac::{Hmac, KeyInit as _, Mac as _};

use crate::client::{BUCKET, Call, call, simulator};

const OWNER: (&str, &str) = keys::OWNER;

fn v4(call: Call, now: i64) -> Call {
    let date = time::format_amz_date(now);
    let call = call.header("x-amz-date", &date).header("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    let names = ["host", "x-amz-content-sha256", "x-amz-date"];
    let auth = Auth {
        scheme: Scheme::SigV4,
        sign_time_text: date.clone(),
        header_list: names.iter().map(|name| (*name).to_owned()).collect(),
        region_scope: Some("ap-guangzhou".to_owned()),
        ..Auth::default()
    };
    let map = call.map();
    let input =
        VerifyInput { method: &call.method, target: &call.target, headers: &map, host: None, auth: &auth };
    let signature = sigv4::sign(&input, OWNER.1);
    let value = format!(
        "AWS4-HMAC-SHA256 Credential={}/{}/ap-guangzhou/s3/aws4_request, SignedHeaders={}, Signature={signature}",
        OWNER.0,
        &date[..8],
        names.join(";")
    );
    call.header("Authorization", &value)
}

#[tokio::test]
async fn sigv4_puts_and_gets_in_both_styles() {
    let sim = simulator().await;
    let now = sim.clock.now();
    let put = v4(call("PUT", BUCKET, "/a%20b%2B%E4%B8%AD").body("v4"), now).send(sim.http).await;
    assert_eq!(put.status, 200, "{}", put.text());
    let local = sim.http.to_string();
    let get =
        v4(call("GET", &local, "/examplebucket-1250000000/a%20b%2B%E4%B8%AD"), now).send(sim.http).await;
    assert_eq!(get.text(), "v4");
}

#[tokio::test]
async fn sigv4_is_refused_where_it_does_not_fit() {
    let sim = simulator().await;
    let now = sim.clock.now();
    let mut moved = v4(call("GET", BUCKET, "/hello.txt"), now);
    moved.target = "/other.txt".to_owned();
    let moved = moved.send(sim.http).await;
    assert_eq!(moved.refusal().1, "SignatureDoesNotMatch");
    assert!(moved.error().string_to_sign.unwrap().starts_with("AWS4-HMAC-SHA256\n"));
    for off in [-1000, 1000] {
        let skewed = v4(call("GET", BUCKET, "/hello.txt"), now + off).send(sim.http).await;
        assert_eq!(skewed.refusal().1, "RequestTimeTooSkewed", "{off}");
    }
}

#[tokio::test]
async fn chunked_payloads_are_unwrapped_and_trailers_refused() {
    let sim = simulator().await;
    let put = |hash: &str| {
        call("PUT", BUCKET, "/chunked")
            .header("x-amz-content-sha256", hash)
            .body("3;chunk-signature=0\r\nabc\r\n0;chunk-signature=0\r\n\r\n")
    };
    for hash in ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"] {
        let trailer = put(hash).owned().send(sim.http).await;
        assert_eq!((trailer.status, trailer.refusal().1.as_str()), (400, "NotImplemented"), "{hash}");
    }
    assert_eq!(put("STREAMING-AWS4-HMAC-SHA256-PAYLOAD").owned().send(sim.http).await.status, 200);
    assert_eq!(call("GET", BUCKET, "/chunked").owned().send(sim.http).await.text(), "abc");
}

#[tokio::test]
async fn sigv2_headers_verify() {
    let sim = simulator().await;
    let mut call =
        call("GET", BUCKET, "/hello.txt?acl").header("Date", &time::format_http_date(sim.clock.now()));
    let text = {
        let (map, auth) = (call.map(), Auth::default());
        let input =
            VerifyInput { method: "GET", target: &call.target, headers: &map, host: None, auth: &auth };
        sigv2::string_to_sign(&input, Some("examplebucket-1250000000"))
    };
    assert!(text.ends_with("\n/examplebucket-1250000000/hello.txt?acl"), "{text}");
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(OWNER.1.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    call = call.header("Authorization", &format!("AWS {}:{signature}", OWNER.0));
    assert_eq!(call.send(sim.http).await.status, 200);
    call.target = "/other?acl".to_owned();
    assert_eq!(call.send(sim.http).await.refusal().1, "SignatureDoesNotMatch");
}
