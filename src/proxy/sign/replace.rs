//! A new signature in an old one's place: every other byte stays.

use std::ops::Range;

use http::header::HeaderValue;
use http::uri::PathAndQuery;

use crate::cos::auth::Scheme;

/// The Authorization value with `new` for `old`, which must be its signature.
pub(super) fn in_header(value: &HeaderValue, scheme: Scheme, old: &str, new: &str) -> Option<HeaderValue> {
    let text = value.to_str().ok()?;
    let (start, separator, name) = match scheme {
        Scheme::SigV4 => (text.find(' ')?, ',', "Signature"),
        _ => (0, '&', "q-signature"),
    };
    let range = value_of(text, start, separator, |part| part.trim().eq_ignore_ascii_case(name))?;
    let mut value = HeaderValue::try_from(spliced(text, range, old, new)?).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The target with `new` for `old` in the value of the parameter `name`.
pub(super) fn in_query(target: &str, name: &str, old: &str, new: &str) -> Option<PathAndQuery> {
    let start = target.find('?')? + 1;
    let is_it = |raw: &str| {
        form_urlencoded::parse(raw.as_bytes()).any(|(decoded, _)| decoded.eq_ignore_ascii_case(name))
    };
    let range = value_of(target, start, '&', is_it)?;
    PathAndQuery::try_from(spliced(target, range, old, new)?).ok()
}

/// Where the value stands in the one `name=value` of a text's end whose name is the one wanted.
fn value_of(text: &str, start: usize, separator: char, is_it: impl Fn(&str) -> bool) -> Option<Range<usize>> {
    let mut found = None;
    let mut at = start;
    for part in text.get(start..)?.split(separator) {
        let end = at + part.len();
        if let Some((name, value)) = part.split_once('=')
            && is_it(name)
            && found.replace(end - value.len()..end).is_some()
        {
            return None;
        }
        at = end + separator.len_utf8();
    }
    found
}

/// `text` with `new` for the one `old` inside `range`.
fn spliced(text: &str, range: Range<usize>, old: &str, new: &str) -> Option<String> {
    let value = text.get(range.clone())?;
    let mut hits = value.match_indices(old);
    let (at, _) = hits.next().filter(|_| !old.is_empty())?;
    if hits.next().is_some() {
        return None;
    }
    let at = range.start + at;
    Some(format!("{}{new}{}", text.get(..at)?, text.get(at + old.len()..)?))
}
