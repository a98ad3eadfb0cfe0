//! What S3 clients sign otherwise.

use coswhy::cos::auth::Auth;
use coswhy::cos::signature::VerifyInput;
use coswhy::cos::sigv4::{Reading, SigningKey};
use coswhy::diagnosis::{Confidence, Exchange};
use http::HeaderMap;

use super::{HOST, ID, SECRET, exchange, found, map};

/// The signature of a version 4 request that `signed` describes, on one that `sent` does.
fn sigv4(
    sent: &[(&str, &str)],
    target: &str,
    signed: impl Fn(&mut HeaderMap, &mut String, &mut Auth),
) -> Exchange {
    let scope = "20190409/ap-guangzhou/s3/aws4_request";
    let value = |signature: &str| {
        format!(
            "AWS4-HMAC-SHA256 Credential={ID}/{scope}, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature={signature}"
        )
    };
    let mut headers = map(sent);
    headers.insert("authorization", value("00").parse().unwrap());
    let (mut other, mut other_target) = (headers.clone(), target.to_owned());
    let mut auth = Auth::from_request(&headers, None, None);
    signed(&mut other, &mut other_target, &mut auth);
    let input =
        VerifyInput { method: "PUT", target: &other_target, headers: &other, host: None, auth: &auth };
    let signature = SigningKey::derive(SECRET, &auth).sign(&input, Reading::default());
    headers.insert("authorization", value(&signature).parse().unwrap());
    exchange("PUT", target, headers, None)
}

#[test]
fn what_s3_clients_sign_otherwise_is_found_too() {
    let sent = [
        ("host", HOST),
        ("content-type", "text/plain"),
        ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
        ("x-amz-date", "20190409T033920Z"),
    ];
    let target = "/dir/a%20b.txt?partNumber=1&uploadId=1%2Fx";
    let set = |headers: &mut HeaderMap, name: &'static str, value: &str| {
        headers.insert(name, value.parse().unwrap());
    };
    type Signing<'a> = &'a dyn Fn(&mut HeaderMap, &mut String, &mut Auth);
    let cases: [(&str, &str, Signing<'_>); 7] = [
        ("none", "signature-secret-wrong", &|_, _, _| ()),
        ("host", "signature-host-mismatch", &|h, _, _| {
            set(h, "host", "photos-1250000000.cos.accelerate.myqcloud.com");
        }),
        ("content-type-charset", "signature-header-changed", &|h, _, _| {
            set(h, "content-type", "text/plain; charset=utf-8");
        }),
        ("payload-hash", "signature-mismatch", &|h, _, _| {
            set(
                h,
                "x-amz-content-sha256",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            );
        }),
        ("path-encoded-twice", "signature-path-encoding", &|_, t, _| *t = target.replace("%20", "%2520")),
        ("param-left-out", "signature-params-mismatch", &|_, t, _| *t = target.replace("partNumber=1&", "")),
        ("region", "signature-mismatch", &|_, _, auth| auth.region_scope = Some("us-east-1".into())),
    ];
    for (distortion, cause, signed) in cases {
        let exchange = sigv4(&sent, target, signed);
        let (said, confidence, by) = found(&exchange);
        if distortion == "none" {
            assert_eq!((said.as_str(), confidence), (cause, Confidence::Likely));
        } else {
            assert_eq!((said.as_str(), confidence, by.as_str()), (cause, Confidence::Certain, distortion));
        }
    }
}
