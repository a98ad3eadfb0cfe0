//! AWS Signature Version 2 as old S3 clients send it: verifying the header form.
//!
//! Source: AWS, "Signing and Authenticating REST Requests" (the version before SigV4).

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use percent_encoding::percent_decode_str;
use sha1::Sha1;

use super::auth::Auth;
use super::signature::{Mismatch, VerifyInput};

/// Parameters that belong to the resource.
const SUB_RESOURCES: [&str; 26] = [
    "accelerate",
    "acl",
    "cors",
    "delete",
    "lifecycle",
    "location",
    "logging",
    "notification",
    "partNumber",
    "policy",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
];

/// What is signed; `bucket` is the one in the host's name, if it is there.
#[must_use]
pub fn string_to_sign(input: &VerifyInput<'_>, bucket: Option<&str>) -> String {
    let header = |name: &str| {
        input.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim().to_owned()
    };
    // x-amz-date is signed among its like, and then stands for the date
    let date = match input.auth.expires {
        Some(expires) => expires.to_string(),
        None if input.headers.contains_key("x-amz-date") => String::new(),
        None => header("date"),
    };
    format!(
        "{}\n{}\n{}\n{date}\n{}{}",
        input.method,
        header("content-md5"),
        header("content-type"),
        amz_headers(input.headers),
        resource(input.target, bucket),
    )
}

/// Verifies a request's signature, in constant time.
///
/// # Errors
/// The string that was computed from the request, where it does not give its signature.
pub fn verify(input: &VerifyInput<'_>, bucket: Option<&str>, secret_key: &str) -> Result<(), Mismatch> {
    let string_to_sign = string_to_sign(input, bucket);
    if matches(secret_key, string_to_sign.as_bytes(), input.auth) {
        return Ok(());
    }
    Err(Mismatch { format_string: String::new(), string_to_sign })
}

/// Verifies a form: the signature is over the policy's base64 as it stands there.
#[must_use]
pub fn verify_policy(policy_base64: &str, auth: &Auth, secret_key: &str) -> bool {
    matches(secret_key, policy_base64.as_bytes(), auth)
}

/// Whether the signature is that of a message, in constant time.
pub(crate) fn matches(secret_key: &str, message: &[u8], auth: &Auth) -> bool {
    let Some(claimed) = auth.signature.as_deref().and_then(|s| STANDARD.decode(s).ok()) else { return false };
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret_key.as_bytes()) else { return false };
    mac.update(message);
    mac.verify_slice(&claimed).is_ok()
}

fn amz_headers(headers: &HeaderMap) -> String {
    let mut names: Vec<&str> = headers.keys().map(http::HeaderName::as_str).collect();
    names.retain(|name| name.starts_with("x-amz-"));
    names.sort_unstable();
    let mut out = String::new();
    for name in names {
        let values: Vec<String> = headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
            .collect();
        let _ = writeln!(out, "{name}:{}", values.join(","));
    }
    out
}

fn resource(target: &str, bucket: Option<&str>) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut out = bucket.map(|bucket| format!("/{bucket}")).unwrap_or_default();
    out.push_str(path);
    let mut pairs: Vec<(&str, &str)> = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(name, _)| SUB_RESOURCES.contains(name))
        .collect();
    pairs.sort_unstable();
    for (index, (name, value)) in pairs.into_iter().enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        out.push_str(name);
        if !value.is_empty() {
            let value = percent_decode_str(value).decode_utf8_lossy();
            let _ = write!(out, "={value}");
        }
    }
    out
}
