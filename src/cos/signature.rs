//! COS's own request signature (q-sign): what is signed, signing it, verifying it.
//!
//! Source: <https://www.tencentcloud.com/document/product/436/7778>; the vectors under tests/vectors are made with the
//! vendor's SDKs or printed in its documents.

use std::collections::HashSet;
use std::fmt;
use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha1::{Digest as _, Sha1};
use zeroize::Zeroizing;

use super::auth::Auth;

/// Everything but letters, digits and `-_.~`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A request as it reached the verifier.
#[derive(Debug, Clone, Copy)]
pub struct VerifyInput<'a> {
    pub method: &'a str,
    /// Path and query as sent.
    pub target: &'a str,
    pub headers: &'a HeaderMap,
    /// The value to take for `host`; the Host header's where `None`. Clients disagree on whether the port belongs.
    pub host: Option<&'a str>,
    pub auth: &'a Auth,
}

/// The signature is not that of the request: what the verifier computed, for COS tells it too.
#[derive(Clone, PartialEq, Eq)]
pub struct Mismatch {
    pub format_string: String,
    pub string_to_sign: String,
}

impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // the HttpString can hold a security token
        f.debug_struct("Mismatch").field("string_to_sign", &self.string_to_sign).finish_non_exhaustive()
    }
}

/// The parts of an HttpString, decoded; what is in them is signed.
#[derive(Debug, Clone, Default)]
pub struct Parts<'a> {
    pub method: &'a str,
    /// The path, decoded: `/key`.
    pub path: Vec<u8>,
    pub params: Vec<(Vec<u8>, Vec<u8>)>,
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Parts<'_> {
    /// Method, path, parameters and headers, a line each.
    #[must_use]
    pub fn http_string(&self) -> Vec<u8> {
        let mut out = self.method.to_ascii_lowercase().into_bytes();
        out.push(b'\n');
        out.extend_from_slice(&self.path);
        out.push(b'\n');
        out.extend_from_slice(joined(&self.params).as_bytes());
        out.push(b'\n');
        out.extend_from_slice(joined(&self.headers).as_bytes());
        out.push(b'\n');
        out
    }

    /// The values of `q-header-list` and `q-url-param-list`.
    #[must_use]
    pub fn lists(&self) -> (String, String) {
        let list = |pairs: &[(Vec<u8>, Vec<u8>)]| {
            let mut names: Vec<String> = pairs.iter().map(|(name, _)| encoded_name(name)).collect();
            names.sort_unstable();
            names.join(";")
        };
        (list(&self.headers), list(&self.params))
    }
}

/// The part of a request that its signature's lists name.
#[must_use]
pub fn signed_parts<'a>(input: &VerifyInput<'a>) -> Parts<'a> {
    let (path, query) = input.target.split_once('?').unwrap_or((input.target, ""));
    Parts {
        method: input.method,
        path: percent_decode_str(path).collect(),
        params: signed_params(query, &input.auth.param_list),
        headers: signed_headers(input),
    }
}

fn signed_params(query: &str, list: &[String]) -> Vec<(Vec<u8>, Vec<u8>)> {
    if list.is_empty() {
        return Vec::new();
    }
    // A set: a head has room for thousands of names, listed and sent.
    let listed: HashSet<String> = list.iter().map(|name| listed_name(name)).collect();
    let raw = query.split('&').filter(|pair| !pair.is_empty());
    raw.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (form_decoded(name), form_decoded(value)))
        .filter(|(name, _)| listed.contains(&encoded_name(name)))
        .collect()
}

fn signed_headers(input: &VerifyInput<'_>) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut names: Vec<String> = input.auth.header_list.iter().map(|name| listed_name(name)).collect();
    names.sort_unstable();
    names.dedup();
    let mut out = Vec::with_capacity(names.len());
    for name in names {
        match input.host {
            Some(host) if name == "host" => out.push((name.into_bytes(), host.as_bytes().to_vec())),
            _ => {
                for value in input.headers.get_all(name.as_str()) {
                    out.push((name.clone().into_bytes(), value.as_bytes().trim_ascii().to_vec()));
                }
            }
        }
    }
    out
}

/// `sha1`, the key time, the SHA-1 of the HttpString.
#[must_use]
pub fn string_to_sign(time: &str, http_string: &[u8]) -> String {
    format!("sha1\n{time}\n{}\n", hex(&Sha1::digest(http_string)))
}

/// HMAC under the key that is derived from the secret key and the key's time.
#[must_use]
pub fn signature(secret_key: &str, key_time: &str, string_to_sign: &str) -> String {
    SignKey::derive(secret_key, key_time).of(string_to_sign)
}

/// The key that a SecretKey gives for a time, as the hex that it is used in.
#[must_use]
pub fn sign_key(secret_key: &str, key_time: &str) -> String {
    hex(&keyed(secret_key.as_bytes(), key_time.as_bytes()).finalize().into_bytes())
}

/// The same key at work: for the requests of one `q-key-time`.
#[derive(Clone)]
pub struct SignKey(Hmac<Sha1>);

impl SignKey {
    #[must_use]
    pub fn derive(secret_key: &str, key_time: &str) -> Self {
        Self(keyed(Zeroizing::new(sign_key(secret_key, key_time)).as_bytes(), b""))
    }

    /// The signature of a request by the lists and times of `input.auth`.
    #[must_use]
    pub fn sign(&self, input: &VerifyInput<'_>) -> String {
        self.of(&string_to_sign(&input.auth.sign_time_text, &signed_parts(input).http_string()))
    }

    /// Verifies a request's signature, in constant time.
    ///
    /// # Errors
    /// The strings that were computed from the request, where they do not give its signature.
    pub fn verify(&self, input: &VerifyInput<'_>) -> Result<(), Mismatch> {
        let http_string = signed_parts(input).http_string();
        let string_to_sign = string_to_sign(&input.auth.sign_time_text, &http_string);
        if self.matches(&string_to_sign, input.auth.signature.as_deref()) {
            return Ok(());
        }
        let format_string = String::from_utf8_lossy(&http_string).into_owned();
        Err(Mismatch { format_string, string_to_sign })
    }

    /// The key at work whose bytes are these.
    pub(crate) fn of_bytes(sign_key: &[u8]) -> Self {
        Self(keyed(sign_key, b""))
    }

    fn of(&self, string_to_sign: &str) -> String {
        hex(&self.0.clone().chain_update(string_to_sign).finalize().into_bytes())
    }

    /// Whether `claimed` is the signature of a string, in constant time.
    pub(crate) fn matches(&self, string_to_sign: &str, claimed: Option<&str>) -> bool {
        let Some(claimed) = claimed.and_then(unhex) else { return false };
        self.0.clone().chain_update(string_to_sign).verify_slice(&claimed).is_ok()
    }
}

impl fmt::Debug for SignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignKey")
    }
}

/// What COS signs of a POST form's policy: its SHA-1, bare.
#[must_use]
pub fn policy_string_to_sign(policy: &[u8]) -> String {
    hex(&Sha1::digest(policy))
}

/// The signature of a request by the lists and times of `input.auth`.
#[must_use]
pub fn sign(input: &VerifyInput<'_>, secret_key: &str) -> String {
    SignKey::derive(secret_key, &input.auth.key_time_text).sign(input)
}

/// Verifies a request's signature, in constant time.
///
/// # Errors
/// The strings that were computed from the request, where they do not give its signature.
pub fn verify(input: &VerifyInput<'_>, secret_key: &str) -> Result<(), Mismatch> {
    SignKey::derive(secret_key, &input.auth.key_time_text).verify(input)
}

/// Verifies a POST form: its policy (decoded) under its `q-key-time` and `q-signature`.
#[must_use]
pub fn verify_policy(policy: &[u8], auth: &Auth, secret_key: &str) -> bool {
    SignKey::derive(secret_key, &auth.key_time_text)
        .matches(&policy_string_to_sign(policy), auth.signature.as_deref())
}

/// An Authorization value.
#[must_use]
pub fn authorization(secret_id: &str, time: &str, lists: (&str, &str), signature: &str) -> String {
    let (headers, params) = lists;
    format!(
        "q-sign-algorithm=sha1&q-ak={secret_id}&q-sign-time={time}&q-key-time={time}\
         &q-header-list={headers}&q-url-param-list={params}&q-signature={signature}"
    )
}

#[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
fn keyed(key: &[u8], message: &[u8]) -> Hmac<Sha1> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac
}

/// `name=value` joined by `&`, sorted by encoded name; of a repeated name by the value before its encoding.
fn joined(pairs: &[(Vec<u8>, Vec<u8>)]) -> String {
    let mut sorted: Vec<(String, &[u8])> =
        pairs.iter().map(|(name, value)| (encoded_name(name), value.as_slice())).collect();
    sorted.sort_unstable();
    let mut out = String::new();
    for (name, value) in sorted {
        if !out.is_empty() {
            out.push('&');
        }
        let _ = write!(out, "{name}={}", percent_encode(value, ENCODED));
    }
    out
}

/// A name as it is signed and listed: encoded, then in lower case, its escapes too.
pub(crate) fn encoded_name(name: &[u8]) -> String {
    percent_encode(name, ENCODED).to_string().to_ascii_lowercase()
}

/// A listed name as it is signed, whether the client had encoded it or not.
#[must_use]
pub fn listed_name(listed: &str) -> String {
    let decoded: Vec<u8> = percent_decode_str(listed).collect();
    encoded_name(&decoded)
}

/// In a query a plus is a space; in a path it is not.
pub(crate) fn form_decoded(text: &str) -> Vec<u8> {
    if text.contains('+') {
        percent_decode_str(&text.replace('+', " ")).collect()
    } else {
        percent_decode_str(text).collect()
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from(if n < 10 { b'0' + n } else { b'a' + n - 10 });
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(digit(byte >> 4));
        out.push(digit(byte & 15));
    }
    out
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let mut out = Vec::with_capacity(pairs.len());
    for [high, low] in pairs {
        out.push(digit(*high)? << 4 | digit(*low)?);
    }
    rest.is_empty().then_some(out)
}
