//! `key.*`: what stands where the SecretId belongs, by its shape alone.
//!
//! Permanent SecretIds have 36 characters, those of temporary keys 68; SecretKeys 32 or, of temporary keys, 44 in
//! base64 (<https://www.tencentcloud.com/document/product/436/14048> and the SDKs' printed examples).

use super::Facts as All;
use super::table::{Fact, Get, Kind, Source};

fn secret_id(all: &All) -> Option<&str> {
    // somebody masked it: what is left has no shape
    all.auth.auth.secret_id.as_deref().filter(|id| !id.contains(['*', '…']))
}

fn looks(all: &All) -> Option<&'static str> {
    let id = secret_id(all)?;
    let plain = id.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`'));
    if plain.is_empty() || is_placeholder(plain) {
        return Some("placeholder");
    }
    if plain != id || id.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Some("stray");
    }
    let alphanumeric = id.bytes().all(|b| b.is_ascii_alphanumeric());
    if id.starts_with("AKID") {
        return Some(match id.len() {
            ..36 => "cut",
            36 if alphanumeric => "permanent",
            48.. => "temporary",
            _ => "other",
        });
    }
    if ["AKIA", "ASIA", "LTAI", "STS.", "AKLT"].iter().any(|start| id.starts_with(start)) {
        return Some("other-vendor");
    }
    let mixed = id.bytes().any(|b| b.is_ascii_digit()) && id.bytes().any(|b| b.is_ascii_alphabetic());
    Some(match id.len() {
        _ if id.bytes().all(|b| b.is_ascii_digit()) => "number",
        32 if alphanumeric && mixed => "secret-key",
        44 if id.ends_with('=') && mixed => "secret-key",
        _ => "other",
    })
}

/// What documents and templates leave to be filled in, and what programs print for nothing.
fn is_placeholder(id: &str) -> bool {
    const WORDS: [&str; 9] = [
        "your",
        "secretid",
        "secret_id",
        "secret-id",
        "secret id",
        "process.env",
        "environ",
        "getenv",
        "changeme",
    ];
    const NOTHING: [&str; 7] = ["undefined", "null", "none", "nil", "id", "ak", "..."];
    let lower = id.to_ascii_lowercase();
    let rest = lower.strip_prefix("akid").unwrap_or(&lower);
    WORDS.iter().any(|word| lower.contains(word))
        || NOTHING.contains(&lower.as_str())
        || !id.is_ascii()
        || id.starts_with(['$', '<', '{', '%', '['])
        || rest.len() >= 3 && rest.bytes().all(|b| b == b'x')
        || rest.is_empty()
}

const fn fact(name: &'static str, get: Get, kind: Kind, en: &'static str, zh: &'static str) -> Fact {
    Fact::new(name, get, kind, Source::Request, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact(
        "key.looks",
        Get::Text(looks),
        Kind::Word,
        "what the SecretId looks like: permanent, temporary, secret-key (SecretId and SecretKey swapped), placeholder, stray (blanks or quotes around it), cut (too short), number (an AppId or account), other-vendor or other; not known where it is masked",
        "SecretId 的形式",
    ),
    fact(
        "key.length",
        Get::Int(|all| secret_id(all).and_then(|id| i64::try_from(id.chars().count()).ok())),
        Kind::Plain,
        "how many characters the SecretId has (36, or 68 of a temporary key)",
        "SecretId 的长度",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::{Exchange, Fields, RequestEvidence};

    #[test]
    fn a_secret_id_is_told_by_its_shape() {
        for (id, shape) in [
            ("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", Some("permanent")),
            ("AKIDN2K7bT6lG1dYw3V8xQp0uHf4mZc9RsJtEaLo5WiXyCgBn-vUqMhPkDzS_r2eFj7A", Some("temporary")),
            ("BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz", Some("secret-key")),
            ("r0bE1kFJzpU2mW5nQ8tYvXcA3dGhL7sKoZeIiBjNuPw=", Some("secret-key")),
            ("YOUR_SECRET_ID", Some("placeholder")),
            ("SECRETID", Some("placeholder")),
            ("${COS_SECRET_ID}", Some("placeholder")),
            ("<SecretId>", Some("placeholder")),
            ("AKIDxxxxxxxxxxxx", Some("placeholder")),
            ("undefined", Some("placeholder")),
            ("您的密钥", Some("placeholder")),
            ("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE ", Some("stray")),
            ("\"AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE\"", Some("stray")),
            ("AKIDz8krbsJ5yKBZQpn74WFkm", Some("cut")),
            ("AKIAIOSFODNN7EXAMPLE", Some("other-vendor")),
            ("LTAI5tExampleKeyIdOfAnother", Some("other-vendor")),
            ("1250000000", Some("number")),
            ("minioadmin", Some("other")),
            ("AKIDz8kr…MPLE", None),
            ("AKID****************", None),
        ] {
            let value = format!(
                "q-sign-algorithm=sha1&q-ak={}&q-sign-time=1;2&q-key-time=1;2&q-header-list=&q-url-param-list=&q-signature=0",
                percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC)
            );
            let target = Some(format!("/a?{value}"));
            let request =
                RequestEvidence { target, headers: Fields::default(), ..RequestEvidence::default() };
            let facts = All::of(&Exchange { request, ..Exchange::default() });
            assert_eq!(looks(&facts), shape, "{id}");
        }
    }
}
