//! AWS Signature Version 4 as S3 clients send it to COS: canonical request, signing, verifying.
//!
//! Source: AWS, "Authenticating Requests (AWS Signature Version 4)" of the S3 API reference.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest as _, Sha256};

use super::auth::{Auth, Place};
use super::signature::{Mismatch, VerifyInput, hex, unhex};

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const ENCODED_PATH: &AsciiSet = &ENCODED.remove(b'/');
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// The request in the form that is hashed.
#[must_use]
pub fn canonical_request(input: &VerifyInput<'_>) -> String {
    let (path, query) = input.target.split_once('?').unwrap_or((input.target, ""));
    let path: Vec<u8> = percent_decode_str(path).collect();
    let list = sorted_list(input.auth);
    format!(
        "{}\n{}\n{}\n{}\n{}\n{}",
        input.method,
        percent_encode(&path, ENCODED_PATH),
        canonical_query(query),
        canonical_headers(input, &list),
        list.join(";"),
        payload_hash(input),
    )
}

/// Algorithm, date, scope and the hash of the canonical request.
#[must_use]
pub fn string_to_sign(auth: &Auth, canonical_request: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256\n{}\n{}\n{}",
        auth.sign_time_text,
        scope(auth),
        hex(&Sha256::digest(canonical_request.as_bytes()))
    )
}

/// The signature of a request by the headers, date and scope of `input.auth`.
#[must_use]
pub fn sign(input: &VerifyInput<'_>, secret_key: &str) -> String {
    let text = string_to_sign(input.auth, &canonical_request(input));
    hex(&mac_of(input.auth, secret_key, &text).finalize().into_bytes())
}

/// Verifies a request's signature, in constant time.
///
/// # Errors
/// The strings that were computed from the request, where they do not give its signature.
pub fn verify(input: &VerifyInput<'_>, secret_key: &str) -> Result<(), Mismatch> {
    let format_string = canonical_request(input);
    let string_to_sign = string_to_sign(input.auth, &format_string);
    let claimed = input.auth.signature.as_deref().and_then(unhex);
    let mac = mac_of(input.auth, secret_key, &string_to_sign);
    match claimed {
        Some(claimed) if mac.verify_slice(&claimed).is_ok() => Ok(()),
        _ => Err(Mismatch { format_string, string_to_sign }),
    }
}

/// The signature of a form's policy: over the base64 as it stands in the form.
#[must_use]
pub fn verify_policy(policy_base64: &str, auth: &Auth, secret_key: &str) -> bool {
    let claimed = auth.signature.as_deref().and_then(unhex).unwrap_or_default();
    mac_of(auth, secret_key, policy_base64).verify_slice(&claimed).is_ok()
}

fn scope(auth: &Auth) -> String {
    let region = auth.region_scope.as_deref().unwrap_or_default();
    format!("{}/{region}/s3/aws4_request", day(auth))
}

fn day(auth: &Auth) -> &str {
    auth.sign_time_text.get(..8).unwrap_or_default()
}

fn mac_of(auth: &Auth, secret_key: &str, message: &str) -> Hmac<Sha256> {
    let region = auth.region_scope.as_deref().unwrap_or_default();
    let key = [day(auth), region, "s3", "aws4_request"]
        .iter()
        .fold(format!("AWS4{secret_key}").into_bytes(), |key, part| {
            keyed(&key, part.as_bytes()).finalize().into_bytes().to_vec()
        });
    keyed(&key, message.as_bytes())
}

#[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
fn keyed(key: &[u8], message: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac
}

fn sorted_list(auth: &Auth) -> Vec<String> {
    let mut list: Vec<String> = auth.header_list.iter().map(|name| name.to_ascii_lowercase()).collect();
    list.sort_unstable();
    list
}

fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(name, _)| !name.eq_ignore_ascii_case("X-Amz-Signature"))
        .map(|(name, value)| (recoded(name), recoded(value)))
        .collect();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

fn recoded(text: &str) -> String {
    let decoded: Vec<u8> = percent_decode_str(text).collect();
    percent_encode(&decoded, ENCODED).to_string()
}

fn canonical_headers(input: &VerifyInput<'_>, list: &[String]) -> String {
    let mut out = String::new();
    for name in list {
        let value = match input.host {
            Some(host) if name == "host" => host.to_owned(),
            _ => values(input.headers, name),
        };
        let _ = writeln!(out, "{name}:{value}");
    }
    out
}

/// All values of a name, spaces within folded to one, joined by commas.
fn values(headers: &HeaderMap, name: &str) -> String {
    let folded = |value: &[u8]| {
        let text = String::from_utf8_lossy(value).into_owned();
        text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    };
    let all: Vec<String> = headers.get_all(name).iter().map(|value| folded(value.as_bytes())).collect();
    all.join(",")
}

fn payload_hash(input: &VerifyInput<'_>) -> String {
    match input.headers.get("x-amz-content-sha256").and_then(|value| value.to_str().ok()) {
        Some(hash) => hash.to_owned(),
        None if input.auth.place == Some(Place::Query) => UNSIGNED.to_owned(),
        None => hex(&Sha256::digest(b"")),
    }
}
