//! The spellings of a path that a client may have signed.

use percent_encoding::percent_decode;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfd_quick};

use super::{Distortion, encoders};

/// The path of a request, and what may have been signed with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Path<'a> {
    /// As sent, escaped.
    pub sent: &'a str,
    pub query: &'a str,
    pub bucket: Option<&'a str>,
}

/// The path decoded, then all else that it may have been taken for, likeliest first.
pub(super) fn spellings(path: Path<'_>) -> Vec<(Distortion, Vec<u8>)> {
    let decoded: Vec<u8> = percent_decode(path.sent.as_bytes()).collect();
    let encoded = encoders::slashed(&decoded);
    let mut all = vec![
        (Distortion::PathEncoded, decoded.clone()),
        (Distortion::PathEncoded, path.sent.as_bytes().to_vec()),
        (Distortion::PathEncoded, encoded.clone()),
        (Distortion::PathEncoded, encoders::uri(&decoded)),
        (Distortion::PathEncoded, encoders::with_lower_escapes(encoded.clone())),
        (Distortion::PathEncoded, encoders::with_lower_escapes(path.sent.as_bytes().to_vec())),
        (Distortion::PathEncoded, encoders::strict(&decoded)),
        (Distortion::PathEncoded, slash_then(encoders::strict(without_slash(&decoded)))),
        (Distortion::PathPlus, replaced(&decoded, b" ", b"+")),
        (Distortion::PathPlus, replaced(&decoded, b"+", b" ")),
        (Distortion::PathPlus, replaced(&encoded, b"%20", b"+")),
        (Distortion::PathPlus, replaced(&encoded, b"%2B", b"%20")),
        (Distortion::PathPlus, replaced(&encoded, b"%2B", b"+")),
        (Distortion::PathEncodedTwice, encoders::slashed(&encoded)),
        (Distortion::PathEncodedTwice, encoders::slashed(path.sent.as_bytes())),
        (Distortion::PathEncodedTwice, percent_decode(&decoded).collect()),
    ];
    all.extend(normalized(&decoded));
    for spelt in [&decoded, &encoded] {
        all.push((Distortion::PathSlash, without_slash(spelt).to_vec()));
        all.push((Distortion::PathSlash, slash_then(spelt.clone())));
        all.push((Distortion::PathSlash, collapsed(spelt)));
        all.push((Distortion::PathSlash, trailing_slash(spelt)));
        all.extend(bucketed(spelt, path.bucket));
        if !path.query.is_empty() {
            all.push((Distortion::PathQuery, [spelt, &b"?"[..], path.query.as_bytes()].concat()));
        }
    }
    all
}

fn normalized(path: &[u8]) -> Vec<(Distortion, Vec<u8>)> {
    let Ok(text) = std::str::from_utf8(path) else { return Vec::new() };
    if text.is_ascii() {
        return Vec::new();
    }
    let mut forms = Vec::new();
    if is_nfc_quick(text.chars()) != IsNormalized::Yes {
        forms.push(text.nfc().collect::<String>());
    }
    if is_nfd_quick(text.chars()) != IsNormalized::Yes {
        forms.push(text.nfd().collect::<String>());
    }
    let both = |form: String| [encoders::slashed(form.as_bytes()), form.into_bytes()];
    forms.into_iter().flat_map(both).map(|form| (Distortion::PathNormalization, form)).collect()
}

/// With the bucket's name in front, as path style has it, or without.
fn bucketed(path: &[u8], bucket: Option<&str>) -> Vec<(Distortion, Vec<u8>)> {
    let Some(bucket) = bucket else { return Vec::new() };
    let short = bucket.rsplit_once('-').map_or(bucket, |(short, _)| short);
    let mut all = Vec::new();
    for name in [bucket, short] {
        let prefix = format!("/{name}");
        all.push((Distortion::PathBucket, [prefix.as_bytes(), path].concat()));
        let rest =
            path.strip_prefix(prefix.as_bytes()).filter(|rest| rest.first().is_none_or(|b| *b == b'/'));
        if let Some(rest) = rest {
            let rest = if rest.is_empty() { b"/" } else { rest };
            all.push((Distortion::PathBucket, rest.to_vec()));
        }
    }
    all
}

fn without_slash(path: &[u8]) -> &[u8] {
    path.strip_prefix(b"/").unwrap_or(path)
}

fn slash_then(path: Vec<u8>) -> Vec<u8> {
    [&b"/"[..], &path].concat()
}

fn trailing_slash(path: &[u8]) -> Vec<u8> {
    match path.strip_suffix(b"/") {
        Some(path) => path.to_vec(),
        None => [path, b"/"].concat(),
    }
}

/// `//` and `/./` as `/`.
fn collapsed(path: &[u8]) -> Vec<u8> {
    let mut parts =
        path.split(|b| *b == b'/').skip(1).filter(|part| !part.is_empty() && *part != b".").peekable();
    let mut out = Vec::with_capacity(path.len());
    if parts.peek().is_none() {
        out.push(b'/');
    }
    for part in parts {
        out.push(b'/');
        out.extend_from_slice(part);
    }
    if path.len() > 1 && path.ends_with(b"/") && !out.ends_with(b"/") {
        out.push(b'/');
    }
    out
}

fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    for at in memchr::memmem::find_iter(text, from) {
        let done = text.len() - rest.len();
        let (before, after) = rest.split_at(at - done);
        out.extend_from_slice(before);
        out.extend_from_slice(to);
        rest = after.get(from.len()..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(sent: &str, bucket: Option<&str>) -> Vec<String> {
        let path = Path { sent, query: "acl", bucket };
        spellings(path).into_iter().map(|(_, text)| String::from_utf8(text).unwrap()).collect()
    }

    #[test]
    fn the_spellings_that_clients_sign_are_all_there() {
        let spelt = all("/d//a%20b+c", Some("photos-1250000000"));
        for expected in [
            "/d//a b+c",
            "/d//a%20b%2Bc",
            "/d//a+b+c",
            "/d//a b c",
            "/d//a%2520b%252Bc",
            "d//a b+c",
            "/d/a b+c",
            "/d//a b+c/",
            "/photos-1250000000/d//a b+c",
            "/photos/d//a b+c",
            "/d//a b+c?acl",
            "%2Fd%2F%2Fa%20b%2Bc",
        ] {
            assert!(spelt.iter().any(|text| text == expected), "{expected} is not in {spelt:?}");
        }
        assert!(all("/photos-1250000000", Some("photos-1250000000")).contains(&"/".to_owned()));
        assert!(all("/caf%C3%A9", None).contains(&"/cafe\u{301}".to_owned()));
        assert!(all("/cafe%CC%81", None).contains(&"/caf\u{e9}".to_owned()));
        assert_eq!(collapsed(b"//"), b"/");
    }
}
