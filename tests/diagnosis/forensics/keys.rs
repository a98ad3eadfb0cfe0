//! Keys and ways of computing that are wrong, and a signature that is right.

use coswhy::cos::signature::{sign_key, signature, string_to_sign};
use coswhy::diagnosis::Confidence;
use coswhy::diagnosis::facts::Facts;
use ulid::Ulid;

use super::{ENGINE, HOST, ID, OTHER_SECRET, SECRET, Signed, TIME, fact, found, keys};

#[test]
fn wrong_keys_and_ways_of_computing_are_found() {
    let good = Signed::upload();
    let string = string_to_sign(TIME, good.http_string().as_bytes());
    let with = |key: &str| signature(key, TIME, &string);
    let secret = "signature-secret-wrong";
    let raw: Vec<u8> = (0..40)
        .step_by(2)
        .map(|at| u8::from_str_radix(&sign_key(SECRET, TIME)[at..at + 2], 16).unwrap())
        .collect();
    let cases = [
        ("key-blank", secret, with(&format!("{SECRET}\n"))),
        ("key-blank", secret, with(&format!("{SECRET} "))),
        ("key-blank", secret, with(&format!("\"{SECRET}\""))),
        ("key-of-another", secret, with(OTHER_SECRET)),
        ("key-is-secret-id", secret, with(ID)),
        ("sign-key", secret, hmac_sha1(&raw, string.as_bytes())),
        ("sign-key", secret, hmac_sha1(SECRET.as_bytes(), string.as_bytes())),
        ("string-form", "signature-mismatch", signature(SECRET, TIME, string.trim_end())),
        ("string-form", "signature-mismatch", {
            signature(SECRET, TIME, &string_to_sign(TIME, good.http_string().trim_end().as_bytes()))
        }),
    ];
    for (distortion, cause, signature) in cases {
        let signed = Signed { signature: Some(signature), ..good.clone() };
        let (said, confidence, by) = found(&signed.exchange(&good.http_string()));
        assert_eq!((said.as_str(), confidence, by.as_str()), (cause, Confidence::Certain, distortion));
    }
    let other_time = "1554781000;1554784700";
    let signed =
        Signed { time: other_time, signature: Some(signature(SECRET, TIME, &string)), ..good.clone() };
    let (said, confidence, by) = found(&signed.exchange(&good.http_string()));
    assert_eq!(
        (said.as_str(), confidence, by.as_str()),
        ("signature-mismatch", Confidence::Certain, "times")
    );
}

fn hmac_sha1(key: &[u8], text: &[u8]) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_signature_of_another_key_is_likely_the_key_and_never_certain() {
    let good = Signed::upload();
    let string = string_to_sign(TIME, good.http_string().as_bytes());
    let signed = Signed {
        signature: Some(signature("somebodyElsesSecretKey0000000000", TIME, &string)),
        ..good.clone()
    };
    let exchange = signed.exchange(&good.http_string());
    let (said, confidence, _) = found(&exchange);
    assert_eq!((said.as_str(), confidence), ("signature-secret-wrong", Confidence::Likely));
    let tried: usize = fact(&Facts::with_keys(&exchange, &keys()), "signature.tried").parse().unwrap();
    assert!((200..=500).contains(&tried), "{tried}");
}

#[test]
fn a_signature_that_is_right_here_is_wrong_for_the_key_that_cos_has() {
    let good = Signed::upload();
    let (said, confidence, _) = found(&good.exchange(&good.http_string()));
    assert_eq!((said.as_str(), confidence), ("signature-secret-wrong", Confidence::Certain));
    let untold = Signed { told: false, ..good };
    let (said, confidence, _) = found(&untold.exchange(""));
    assert_eq!((said.as_str(), confidence), ("signature-secret-wrong", Confidence::Likely));
}

#[test]
fn a_signature_that_is_right_and_a_string_that_is_not_show_the_way_certainly() {
    let good = Signed::upload();
    for (from, to, cause) in [
        (HOST, "photos-1250000000.cos.ap-shanghai.myqcloud.com", "signature-host-mismatch"),
        ("text%2Fplain", "text%2Fplain%3B%20charset%3Dutf-8", "signature-header-changed"),
        ("/dir/café a+b.txt", "/dir/café a b.txt", "signature-path-encoding"),
        ("uploadid=1%2Fx%20Y", "uploadid=1", "signature-params-mismatch"),
        ("put\n", "post\n", "signature-method-mismatch"),
    ] {
        let computed = good.http_string().replace(from, to);
        assert_ne!(computed, good.http_string());
        let (said, confidence, _) = found(&good.exchange(&computed));
        assert_eq!((said.as_str(), confidence), (cause, Confidence::Certain), "{to}");
    }
}

#[test]
fn nothing_of_the_key_and_no_token_is_told() {
    let mut signed = Signed::upload();
    signed.headers.push(("x-cos-security-token", "tokenTokenTokenTokenTokenToken"));
    signed.header_list = "content-length;content-type;host;x-cos-meta-a;x-cos-security-token";
    let exchange = signed.exchange(&signed.http_string());
    let diagnosis = ENGINE.diagnose_with(&exchange, &keys(), Ulid::nil());
    let explanation = diagnosis.explanation(coswhy::config::settings::Language::En);
    let shown = format!("{explanation:?} {:?}", diagnosis.header_value());
    for secret in [SECRET, OTHER_SECRET, "tokenTokenToken"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}
