//! Where the secrets are.

use std::ops::Range;

use memchr::memmem;

use super::ends::{Ends, Until};
use super::layers::Layers;
use super::secret_id;

/// What kind of text is searched: it decides where a value ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Target,
    Text,
}

/// A stretch of the raw text to be replaced.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    /// What to show; nothing of the value where `None`.
    pub(super) shown: Option<String>,
}

/// A value, before it is known whether another one covers it.
#[derive(Debug)]
struct Found {
    start: usize,
    end: usize,
    /// The decoded bytes of an id, which is shown masked.
    id: Option<Range<usize>>,
}

impl Found {
    fn secret(text: &Layers, value: Range<usize>) -> Self {
        Self { start: text.raw_start(value.start), end: text.raw_start(value.end), id: None }
    }

    fn id(text: &Layers, value: Range<usize>) -> Self {
        Self { id: Some(value.clone()), ..Self::secret(text, value) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The value goes, wherever the name ends a longer one (`x-amz-signature`).
    Secret,
    /// As above, but after a colon only a long word is one: people write "signature: does not match".
    Worded,
    /// The name must stand alone and be followed by an equals sign.
    Parameter,
    /// As Worded, and the name must stand alone: `continuation-token` and `design` are no secrets.
    WordedAlone,
    /// The value may have spaces: to the end of the line.
    Line,
    /// A line, unless it is of a scheme whose parts are dealt with one by one.
    Authorization,
    /// A SecretId: masked.
    Id,
    /// A SecretId up to a slash.
    Credential,
}

const NAMES: [(&[u8], Kind); 35] = [
    (b"signature", Kind::Worded),
    (b"sign", Kind::WordedAlone),
    (b"auth_key", Kind::Parameter),
    (b"policy", Kind::Parameter),
    (b"security-token", Kind::Secret),
    (b"security_token", Kind::Secret),
    (b"securitytoken", Kind::Secret),
    (b"session-token", Kind::Secret),
    (b"session_token", Kind::Secret),
    (b"sessiontoken", Kind::Secret),
    (b"access_token", Kind::Secret),
    (b"token", Kind::WordedAlone),
    // Not COS's: of applications that stand before or behind it.
    (b"auth-token", Kind::Secret),
    (b"auth_token", Kind::Secret),
    (b"api-key", Kind::Secret),
    (b"api_key", Kind::Secret),
    (b"apikey", Kind::Secret),
    (b"password", Kind::Secret),
    (b"passwd", Kind::Secret),
    (b"ticket", Kind::Parameter),
    (b"customer-key", Kind::Secret),
    (b"secretkey", Kind::Secret),
    (b"secret-key", Kind::Secret),
    (b"secret_key", Kind::Secret),
    (b"secretaccesskey", Kind::Secret),
    (b"secret_access_key", Kind::Secret),
    (b"cookie", Kind::Line),
    (b"authorization", Kind::Authorization),
    (b"q-ak", Kind::Id),
    (b"secretid", Kind::Id),
    (b"secret-id", Kind::Id),
    (b"secret_id", Kind::Id),
    (b"accesskeyid", Kind::Id),
    (b"access_key_id", Kind::Id),
    (b"credential", Kind::Credential),
];

/// Shorter words after a colon are prose.
const SHORTEST_WORD: usize = 16;

/// Deeper than any byte is encoded.
const ANY_DEPTH: u8 = u8::MAX;

/// How a value hangs on its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tie {
    Equals,
    Colon,
    /// `<name>value</name>`
    Element,
    /// `name="…"`, an empty line, the value: a form's part
    Part,
}

struct Value {
    tie: Tie,
    from: usize,
    /// The quote that opened the value, and whether a backslash stood before it.
    quote: Option<(u8, bool)>,
    /// A delimiter that is encoded more deeply than the tie belongs to the value.
    depth: u8,
}

/// True for an Authorization value whose secret parts are found by their own names.
pub(super) fn is_known_scheme(value: &[u8]) -> bool {
    let begins = |scheme: &[u8]| value.get(..scheme.len()).is_some_and(|v| v.eq_ignore_ascii_case(scheme));
    begins(b"q-sign-algorithm") || begins(b"AWS4-HMAC-SHA256") || begins(b"AWS ")
}

/// Every secret, in order and without overlap.
pub(super) fn spans(text: &Layers, place: Place) -> Vec<Span> {
    let mut names: Vec<(usize, usize, Kind)> = Vec::new();
    for (name, kind) in NAMES {
        names.extend(memmem::find_iter(&text.lower, name).map(|at| (at + name.len(), at, kind)));
    }
    // In the order of their values, so that no stretch is searched again for every name in it.
    names.sort_unstable_by_key(|(end, at, _)| (*end, *at));
    let mut ends = Ends::new(text);
    let mut found: Vec<Found> = names
        .into_iter()
        .filter_map(|(end, at, kind)| named(text, place, &mut ends, at, end, kind))
        .collect();
    bare_ids(text, &mut ends, &mut found);
    sigv2(text, place, &mut ends, &mut found);
    user_information(text, &mut found);
    let shown = |found: Found| Span {
        start: found.start,
        end: found.end,
        shown: found.id.map(|id| secret_id(&text.text(id.start, id.end))),
    };
    merged(found).into_iter().map(shown).collect()
}

fn named(
    text: &Layers,
    place: Place,
    ends: &mut Ends<'_>,
    at: usize,
    end: usize,
    kind: Kind,
) -> Option<Found> {
    if matches!(kind, Kind::Parameter | Kind::WordedAlone) && !stands_alone(text, at) {
        return None;
    }
    let value = tied_value(text, end)?;
    let line = matches!(kind, Kind::Line | Kind::Authorization).then(|| enclosing_quote(text, at));
    let mut to = value_end(text, place, ends, &value, line);
    if to <= value.from {
        return None;
    }
    match kind {
        Kind::Parameter if !matches!(value.tie, Tie::Equals | Tie::Part) => return None,
        Kind::Worded | Kind::WordedAlone if value.tie == Tie::Colon && to - value.from < SHORTEST_WORD => {
            return None;
        }
        Kind::Authorization if text.lower.get(value.from..to).is_some_and(is_known_scheme) => return None,
        Kind::Credential => to = ends.first(value.from, Until::Slash, ANY_DEPTH).min(to),
        _ => {}
    }
    let is_id = matches!(kind, Kind::Id | Kind::Credential);
    let found = if is_id { Found::id } else { Found::secret };
    Some(found(text, value.from..to))
}

pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// No name character before it, save the escape that JSON writes for an ampersand.
fn stands_alone(text: &Layers, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|i| text.byte(i));
    before.is_none_or(|b| !is_name_byte(b)) || at.checked_sub(6).is_some_and(|i| text.lower_at(i, b"\\u0026"))
}

/// The quote directly before a name, as in `-H "Cookie: …"`.
fn enclosing_quote(text: &Layers, at: usize) -> Option<u8> {
    let mut start = at;
    while let Some(before) = start.checked_sub(1).filter(|i| text.byte(*i).is_some_and(is_name_byte)) {
        start = before;
    }
    start.checked_sub(1).and_then(|i| text.byte(i)).filter(|b| is_quote(*b))
}

pub(super) fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// Reads what ties a value to the name that ends at `at`.
fn tied_value(text: &Layers, at: usize) -> Option<Value> {
    let mut i = skip(text, at, |b| is_quote(b) || b == b'\\');
    let quoted_name = i > at;
    if quoted_name && (text.lower_at(i, b"\r\n\r\n") || text.lower_at(i, b"\n\n")) {
        let from = skip(text, i, |b| matches!(b, b'\r' | b'\n'));
        return Some(Value { tie: Tie::Part, from, quote: None, depth: text.depth(i) });
    }
    i = skip(text, i, |b| matches!(b, b' ' | b'\t'));
    if quoted_name && text.byte(i) == Some(b',') {
        // {"name": "…", "value": "…"}
        let value = skip(text, i + 1, |b| is_quote(b) || matches!(b, b'\\' | b' ' | b'\t' | b'\r' | b'\n'));
        if !text.lower_at(value, b"value") {
            return None;
        }
        i = skip(text, value + 5, |b| is_quote(b) || matches!(b, b'\\' | b' '));
    }
    let depth = text.depth(i);
    let (tie, from) = match text.byte(i)? {
        b'=' => (Tie::Equals, i + 1),
        b':' => (Tie::Colon, i + 1),
        b'>' => (Tie::Element, i + 1),
        b'&' if text.lower_at(i, b"&gt;") => (Tie::Element, i + 4),
        _ => return None,
    };
    let mut from = from;
    if tie != Tie::Element {
        from = skip(text, from, |b| matches!(b, b' ' | b'\t'));
    }
    let escaped = text.byte(from) == Some(b'\\');
    let opening = if escaped { from + 1 } else { from };
    let quote = text.byte(opening).filter(|b| is_quote(*b)).map(|b| (b, escaped));
    if quote.is_some() {
        from = opening + 1;
    }
    Some(Value { tie, from, quote, depth })
}

fn skip(text: &Layers, from: usize, what: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    while text.byte(at).is_some_and(&what) {
        at += 1;
    }
    at
}

/// Where a value ends; `line`: at the end of its line, or at the quote that encloses it together with its name.
fn value_end(
    text: &Layers,
    place: Place,
    ends: &mut Ends<'_>,
    value: &Value,
    line: Option<Option<u8>>,
) -> usize {
    let until = match (value.quote, value.tie, line) {
        (Some((byte, escaped)), ..) => Until::Quote { byte, escaped },
        (None, Tie::Element, _) => Until::Tag,
        (None, Tie::Part, _) => Until::Line { or: None },
        (None, Tie::Equals | Tie::Colon, Some(enclosing)) => Until::Line { or: enclosing },
        (None, Tie::Equals | Tie::Colon, None) if place == Place::Target => Until::Parameter,
        (None, Tie::Equals | Tie::Colon, None) => Until::Word,
    };
    let at = ends.first(value.from, until, value.depth);
    // the backslash of an escaped closing quote is no part of the value
    let escaped = value.quote.is_some_and(|(_, escaped)| escaped);
    if escaped && at > value.from && text.byte(at - 1) == Some(b'\\') { at - 1 } else { at }
}

/// SecretIds wherever they stand, named or not.
fn bare_ids(text: &Layers, ends: &mut Ends<'_>, found: &mut Vec<Found>) {
    for at in memmem::find_iter(&text.lower, b"akid") {
        let end = ends.first(at, Until::NameEnd, ANY_DEPTH);
        // in lower case it is a word, or part of a key
        if text.byte(at) == Some(b'A') && end - at > 12 {
            found.push(Found::id(text, at..end));
        }
    }
}

/// `AWS ID:SIGNATURE`, the old S3 scheme.
fn sigv2(text: &Layers, place: Place, ends: &mut Ends<'_>, found: &mut Vec<Found>) {
    for at in memmem::find_iter(&text.lower, b"aws") {
        let space = at + 3;
        if !stands_alone(text, at) || !matches!(text.byte(space), Some(b' ' | b'+')) {
            continue;
        }
        let end = skip(text, space + 1, is_name_byte);
        if text.byte(end) != Some(b':') || end == space + 1 {
            continue;
        }
        found.push(Found::id(text, space + 1..end));
        let value = Value { tie: Tie::Colon, from: end + 1, quote: None, depth: text.depth(end) };
        let to = value_end(text, place, ends, &value, None);
        if to > value.from {
            found.push(Found::secret(text, value.from..to));
        }
    }
}

/// What stands before the host in a URL: a name and a password, or a token.
fn user_information(text: &Layers, found: &mut Vec<Found>) {
    for at in memmem::find_iter(&text.lower, b"://") {
        let from = at + 3;
        let end = skip(text, from, |b| b.is_ascii_graphic() && !is_quote(b) && !b"/?#<>\\".contains(&b));
        let before_host = text.lower.get(from..end).and_then(|authority| memchr::memrchr(b'@', authority));
        if let Some(length) = before_host.filter(|length| *length > 0) {
            found.push(Found::secret(text, from..from + length));
        }
    }
}

fn merged(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|one| (one.start, std::cmp::Reverse(one.end), one.id.is_some()));
    let mut out: Vec<Found> = Vec::with_capacity(found.len());
    for one in found {
        match out.last_mut() {
            Some(last) if one.start < last.end => {
                // where two overlap and neither holds the other, all of it goes
                if one.end > last.end {
                    last.end = one.end;
                    last.id = None;
                }
            }
            _ => out.push(one),
        }
    }
    out
}
