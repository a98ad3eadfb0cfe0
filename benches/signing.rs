//! What a request pays for being signed anew: its signature verified for what was asked, and made for what is sent.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::hint::black_box;

use coswhy::config::settings::Key;
use coswhy::cos::auth::Auth;
use coswhy::cos::signature::{self, VerifyInput};
use coswhy::cos::sigv4;
use coswhy::proxy::sign::{Asked, Keys, Outcome, Sent};
use criterion::{Criterion, criterion_group, criterion_main};
use http::{HeaderMap, Method};

const HOST: &str = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";
const OWN: &str = "examplebucket-1250000000.cos.ap-guangzhou.localhost:8080";
const SECRET_ID: &str = "AKIDbenchOnly00000000000000000000001";
const SECRET_KEY: &str = "benchOnlySecretKey00000000000001";
const NOW: i64 = 1_554_781_160;

fn keys() -> Keys {
    let key = Key {
        secret_id: SECRET_ID.into(),
        secret_key: Some(toml::Value::from(SECRET_KEY).try_into().unwrap()),
        ..Key::default()
    };
    Keys::new(&[key]).unwrap()
}

fn signed(target: &str, host: &str, mut headers: HeaderMap, unsigned: &str) -> HeaderMap {
    headers.insert("host", host.parse().unwrap());
    let auth = Auth::from_header(unsigned, &headers);
    let input = VerifyInput { method: "GET", target, headers: &headers, host: Some(host), auth: &auth };
    let signature = if unsigned.starts_with("AWS4") {
        sigv4::sign(&input, SECRET_KEY)
    } else {
        signature::sign(&input, SECRET_KEY)
    };
    headers.insert("authorization", unsigned.replace("SIGNATURE", &signature).parse().unwrap());
    headers
}

fn bench(c: &mut Criterion, name: &str, target: &str, host: &str, headers: &HeaderMap) {
    let (keys, sent) = (keys(), Sent { host: HOST, target: "/small" });
    let asked =
        Asked { method: &Method::GET, host, any_port: true, is_own: true, target, headers, is_form: false };
    assert!(matches!(keys.sign(&asked, &sent, NOW), Outcome::Anew { .. }), "{name}");
    c.bench_function(name, |b| b.iter(|| keys.sign(black_box(&asked), &sent, NOW)));
}

fn qsign(c: &mut Criterion) {
    let time = format!("{};{}", NOW - 60, NOW + 600);
    let unsigned = signature::authorization(SECRET_ID, &time, ("host", ""), "SIGNATURE");
    let headers = signed("/small", OWN, HeaderMap::new(), &unsigned);
    bench(c, "sign anew/q-sign", "/small", OWN, &headers);
}

fn version_4(c: &mut Criterion) {
    let (target, host) = ("/examplebucket-1250000000/small", "127.0.0.1:8080");
    let mut headers = HeaderMap::new();
    headers.insert("x-amz-date", "20190409T033920Z".parse().unwrap());
    headers.insert("x-amz-content-sha256", "UNSIGNED-PAYLOAD".parse().unwrap());
    let unsigned = format!(
        "AWS4-HMAC-SHA256 Credential={SECRET_ID}/20190409/ap-guangzhou/s3/aws4_request, \
         SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=SIGNATURE"
    );
    let headers = signed(target, host, headers, &unsigned);
    bench(c, "sign anew/SigV4", target, host, &headers);
}

criterion_group!(benches, qsign, version_4);
criterion_main!(benches);
