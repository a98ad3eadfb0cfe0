//! How COS's own scheme goes wrong beside the request: its key, its times, the form of its strings.

use sha1::{Digest as _, Sha1};
use zeroize::Zeroizing;

use super::Distortion;
use super::guess::{Guess, Tries};
use crate::config::Keys;
use crate::cos::auth::Auth;
use crate::cos::redact;
use crate::cos::signature::{SignKey, hex, sign_key, string_to_sign};

/// Tries them all over the request as it was sent.
pub(super) fn search(
    auth: &Auth,
    secret_key: &str,
    keys: &Keys,
    http_string: &[u8],
    tries: &mut Tries,
) -> Option<Guess> {
    let usual = string_to_sign(&auth.sign_time_text, http_string);
    let mut is = |key: &SignKey, string: &str| {
        tries.allow(string.len()) && key.matches(string, auth.signature.as_deref())
    };
    for (distortion, key) in sign_keys(auth, secret_key) {
        if is(&key, &usual) {
            return Some(Guess::of(distortion, 0, Vec::new()));
        }
    }
    let own = SignKey::derive(secret_key, &auth.key_time_text);
    for string in forms(auth, http_string) {
        if is(&own, &string) {
            return Some(Guess::of(Distortion::StringForm, 0, Vec::new()));
        }
    }
    for (key_time, sign_time) in exchanged(auth) {
        if is(&SignKey::derive(secret_key, key_time), &string_to_sign(sign_time, http_string)) {
            return Some(Guess::of(Distortion::Times, 0, Vec::new()));
        }
    }
    let others = keys.pairs().filter(|(id, _)| Some(*id) != auth.secret_id.as_deref());
    for (id, other) in others.take(64) {
        if is(&SignKey::derive(other, &auth.key_time_text), &usual) {
            return Some(Guess::of(Distortion::KeyOfAnother, 0, Vec::new()).about(&redact::secret_id(id)));
        }
    }
    None
}

fn sign_keys(auth: &Auth, secret_key: &str) -> Vec<(Distortion, SignKey)> {
    let time = &auth.key_time_text;
    let mut all: Vec<(Distortion, SignKey)> = Vec::new();
    let blanks = ["\n", " ", "\r\n", "\r", "\t"];
    let around = blanks.iter().map(|blank| format!("{secret_key}{blank}"));
    let before = [format!(" {secret_key}"), format!("\"{secret_key}\""), format!("'{secret_key}'")];
    let trimmed = secret_key.trim().trim_matches(['"', '\'']).to_owned();
    for key in
        around.chain(before).chain([trimmed]).map(Zeroizing::new).filter(|key| key.as_str() != secret_key)
    {
        all.push((Distortion::KeyBlank, SignKey::derive(&key, time)));
    }
    if let Some(id) = auth.secret_id.as_deref() {
        all.push((Distortion::KeyIsSecretId, SignKey::derive(id, time)));
    }
    let sign_key = Zeroizing::new(sign_key(secret_key, time));
    if let Some(raw) = crate::cos::signature::unhex(&sign_key).map(Zeroizing::new) {
        all.push((Distortion::SignKey, SignKey::of_bytes(&raw)));
    }
    let upper = Zeroizing::new(sign_key.to_ascii_uppercase());
    all.push((Distortion::SignKey, SignKey::of_bytes(upper.as_bytes())));
    all.push((Distortion::SignKey, SignKey::of_bytes(secret_key.as_bytes())));
    all
}

/// The string to sign with something of its form left out.
fn forms(auth: &Auth, http_string: &[u8]) -> Vec<String> {
    let time = &auth.sign_time_text;
    let without_end = http_string.strip_suffix(b"\n").unwrap_or(http_string);
    let [whole, cut] = [http_string, without_end].map(|string| string_to_sign(time, string));
    let upper = hex(&Sha1::digest(http_string)).to_ascii_uppercase();
    let plain = String::from_utf8_lossy(http_string);
    vec![
        whole.trim_end_matches('\n').to_owned(),
        cut.trim_end_matches('\n').to_owned(),
        cut,
        format!("sha1\n{time}\n{upper}\n"),
        format!("sha1\n{time}\n{plain}"),
        format!("sha1\n{time}\n{plain}\n"),
        plain.into_owned(),
    ]
}

/// Key's time and signature's time, otherwise than COS reads them.
fn exchanged(auth: &Auth) -> Vec<(&str, &str)> {
    let (key, sign) = (auth.key_time_text.as_str(), auth.sign_time_text.as_str());
    if key == sign { Vec::new() } else { vec![(sign, key), (key, key), (sign, sign)] }
}
