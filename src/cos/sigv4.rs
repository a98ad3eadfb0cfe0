//! AWS Signature Version 4 as S3 clients send it to COS: canonical request, signing, verifying.
//!
//! Source: AWS, "Authenticating Requests (AWS Signature Version 4)" of the S3 API reference.

use std::borrow::Cow;
use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::auth::{Auth, Place};
use super::signature::{Mismatch, VerifyInput, hex, unhex};
use super::time;

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const ENCODED_PATH: &AsciiSet = &ENCODED.remove(b'/');
const ALGORITHM: &str = "AWS4-HMAC-SHA256";
pub(crate) const SERVICE: &str = "s3";
const TERMINATOR: &str = "aws4_request";
pub(crate) const PAYLOAD_HASH: &str = "x-amz-content-sha256";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// How a canonical request is read out of a target where clients do it differently. S3's servers decode the path
/// and encode it again; some clients sign it as it stands. And there are those that take a plus in a query for a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    pub path_as_sent: bool,
    pub plus_is_space: bool,
}

/// The request in the form that is hashed.
#[must_use]
pub fn canonical_request(input: &VerifyInput<'_>) -> String {
    String::from_utf8_lossy(&canonical(input, Reading::default())).into_owned()
}

fn canonical(input: &VerifyInput<'_>, reading: Reading) -> Vec<u8> {
    let (path, query) = input.target.split_once('?').unwrap_or((input.target, ""));
    let list = sorted_list(input.auth);
    let mut out = Vec::with_capacity(512);
    for line in [
        input.method,
        &canonical_path(path, reading.path_as_sent),
        &canonical_query(query, reading.plus_is_space),
    ] {
        out.extend_from_slice(line.as_bytes());
        out.push(b'\n');
    }
    write_headers(&mut out, input, &list);
    out.push(b'\n');
    for (number, name) in list.iter().enumerate() {
        if number > 0 {
            out.push(b';');
        }
        out.extend_from_slice(name.as_bytes());
    }
    out.push(b'\n');
    out.extend_from_slice(payload_hash(input, query).as_bytes());
    out
}

/// Algorithm, date, scope and the hash of the canonical request.
#[must_use]
pub fn string_to_sign(auth: &Auth, canonical_request: &str) -> String {
    beginning(auth) + &hex(&Sha256::digest(canonical_request))
}

/// What stands before the hash.
fn beginning(auth: &Auth) -> String {
    format!("{ALGORITHM}\n{}\n{}\n", instant(auth), scope(auth).unwrap_or_default())
}

/// A SecretKey's key for the requests of one instant and region.
#[derive(Clone)]
pub struct SigningKey {
    mac: Hmac<Sha256>,
    beginning: String,
}

impl SigningKey {
    /// For the date and scope of `auth`.
    #[must_use]
    pub fn derive(secret_key: &str, auth: &Auth) -> Self {
        let instant = instant(auth);
        let day = instant.get(..8).unwrap_or_default();
        let region = auth.region_scope.as_deref().unwrap_or_default();
        let mac = Self::mac(secret_key, [day, region, SERVICE]);
        Self { mac, beginning: beginning(auth) }
    }

    /// For the date of `auth` and another scope: day, region and service.
    pub(crate) fn of_scope(secret_key: &str, auth: &Auth, scope: [&str; 3]) -> Self {
        let beginning = format!("{ALGORITHM}\n{}\n{}/{TERMINATOR}\n", instant(auth), scope.join("/"));
        Self { mac: Self::mac(secret_key, scope), beginning }
    }

    fn mac(secret_key: &str, scope: [&str; 3]) -> Hmac<Sha256> {
        let first = Zeroizing::new(format!("AWS4{secret_key}").into_bytes());
        let last = scope.iter().chain(&[TERMINATOR]).fold(first, |key, part| {
            Zeroizing::new(keyed(&key, part.as_bytes()).finalize().into_bytes().to_vec())
        });
        keyed(&last, b"")
    }

    /// Whether `claimed` is the signature of a canonical request, in constant time.
    pub(crate) fn signs(&self, canonical_request: &[u8], claimed: Option<&str>) -> bool {
        let hash = hex(&Sha256::digest(canonical_request));
        claimed.and_then(unhex).is_some_and(|claimed| self.over(&hash).verify_slice(&claimed).is_ok())
    }

    /// The signature of a request by the headers, date and scope of `input.auth`.
    #[must_use]
    pub fn sign(&self, input: &VerifyInput<'_>, reading: Reading) -> String {
        let hash = hex(&Sha256::digest(canonical(input, reading)));
        hex(&self.over(&hash).finalize().into_bytes())
    }

    fn over(&self, hash: &str) -> Hmac<Sha256> {
        self.mac.clone().chain_update(&self.beginning).chain_update(hash)
    }

    /// Verifies a request's signature, in constant time.
    ///
    /// # Errors
    /// The strings that were computed from the request, where they do not give its signature.
    pub fn verify(&self, input: &VerifyInput<'_>, reading: Reading) -> Result<(), Mismatch> {
        let canonical = canonical(input, reading);
        let hash = hex(&Sha256::digest(&canonical));
        let claimed = input.auth.signature.as_deref().and_then(unhex);
        match claimed {
            Some(claimed) if self.over(&hash).verify_slice(&claimed).is_ok() => Ok(()),
            _ => {
                let string_to_sign = format!("{}{hash}", self.beginning);
                let format_string = String::from_utf8_lossy(&canonical).into_owned();
                Err(Mismatch { format_string, string_to_sign })
            }
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey")
    }
}

/// The signature of a request by the headers, date and scope of `input.auth`.
#[must_use]
pub fn sign(input: &VerifyInput<'_>, secret_key: &str) -> String {
    SigningKey::derive(secret_key, input.auth).sign(input, Reading::default())
}

/// Verifies a request's signature, in constant time.
///
/// # Errors
/// The strings that were computed from the request, where they do not give its signature.
pub fn verify(input: &VerifyInput<'_>, secret_key: &str) -> Result<(), Mismatch> {
    SigningKey::derive(secret_key, input.auth).verify(input, Reading::default())
}

/// The signature of a form's policy: over the base64 as it stands in the form.
#[must_use]
pub fn verify_policy(policy_base64: &str, auth: &Auth, secret_key: &str) -> bool {
    let claimed = auth.signature.as_deref().and_then(unhex).unwrap_or_default();
    let SigningKey { mac, .. } = SigningKey::derive(secret_key, auth);
    mac.chain_update(policy_base64).verify_slice(&claimed).is_ok()
}

/// The scope that a request of this date and region has: `20190516/ap-guangzhou/s3/aws4_request`.
#[must_use]
pub fn scope(auth: &Auth) -> Option<String> {
    let region = auth.region_scope.as_deref()?;
    Some(format!("{}/{region}/{SERVICE}/{TERMINATOR}", instant(auth).get(..8)?))
}

/// `x-amz-date` as it stands; where `date` takes its place, the same instant in that spelling.
fn instant(auth: &Auth) -> Cow<'_, str> {
    let text = auth.sign_time_text.as_str();
    match time::parse_http_date(text) {
        Some(epoch) => Cow::Owned(time::format_amz_date(epoch)),
        None => Cow::Borrowed(text),
    }
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

fn canonical_path(path: &str, as_sent: bool) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b'/');
    if as_sent || path.bytes().all(plain) {
        return Cow::Borrowed(path);
    }
    let path: Vec<u8> = percent_decode_str(path).collect();
    Cow::Owned(percent_encode(&path, ENCODED_PATH).to_string())
}

fn canonical_query(query: &str, plus_is_space: bool) -> String {
    let recoded = |text: &str| match plus_is_space {
        true => recoded(&text.replace('+', " ")),
        false => recoded(text),
    };
    let mut pairs: Vec<(String, String)> = pairs(query)
        .filter(|(name, _)| !name.eq_ignore_ascii_case("X-Amz-Signature"))
        .map(|(name, value)| (recoded(name), recoded(value)))
        .collect();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn recoded(text: &str) -> String {
    let decoded: Vec<u8> = percent_decode_str(text).collect();
    percent_encode(&decoded, ENCODED).to_string()
}

/// A header's line is there once, however often its name is listed: else a head full of one name would be written out
/// thousands of times.
fn write_headers(out: &mut Vec<u8>, input: &VerifyInput<'_>, list: &[String]) {
    let mut before = None;
    for name in list {
        if before.replace(name) == Some(name) {
            continue;
        }
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        match input.host {
            Some(host) if name == "host" => out.extend_from_slice(host.as_bytes()),
            _ => write_values(out, input.headers, name),
        }
        out.push(b'\n');
    }
}

/// All values of a name, spaces within folded to one, joined by commas.
fn write_values(out: &mut Vec<u8>, headers: &HeaderMap, name: &str) {
    for (number, value) in headers.get_all(name).iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        let words = value.as_bytes().split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        for (number, word) in words.enumerate() {
            if number > 0 {
                out.push(b' ');
            }
            out.extend_from_slice(word);
        }
    }
}

/// The body's hash as the request tells it: in its header, or among a pre-signed URL's parameters.
fn payload_hash<'a>(input: &VerifyInput<'a>, query: &str) -> Cow<'a, str> {
    if let Some(hash) = input.headers.get(PAYLOAD_HASH).and_then(|value| value.to_str().ok()) {
        return Cow::Borrowed(hash);
    }
    if input.auth.place != Some(Place::Query) {
        return Cow::Owned(hex(&Sha256::digest(b"")));
    }
    let told = pairs(query).find(|(name, _)| name.eq_ignore_ascii_case(PAYLOAD_HASH));
    told.map_or_else(
        || Cow::Borrowed(UNSIGNED),
        |(_, hash)| Cow::Owned(percent_decode_str(hash).decode_utf8_lossy().into_owned()),
    )
}
