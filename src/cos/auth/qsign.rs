//! COS's own scheme: pairs whose names begin with `q-`.

use percent_encoding::percent_decode_str;

use super::{Auth, Problem, Scheme, first, names};

/// Past this, a time is in milliseconds (it would be the year 5138).
const MILLISECONDS: i64 = 100_000_000_000;

pub(super) fn is(value: &str) -> bool {
    let value = value.trim_start();
    value.starts_with("q-") || value.to_ascii_lowercase().starts_with("q-sign-algorithm")
}

/// Reads a whole Authorization value.
pub(super) fn parse(value: &str) -> Auth {
    let mut pairs = Vec::new();
    for part in value.trim().split('&') {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        // some clients put the query's encoded form into the header
        let value = if value.contains('%') {
            percent_decode_str(value).decode_utf8_lossy().into_owned()
        } else {
            value.to_owned()
        };
        pairs.push((name.trim().to_owned(), value));
    }
    of_pairs(&pairs)
}

/// Reads the pairs, decoded, wherever they stood.
pub(super) fn of_pairs(pairs: &[(String, String)]) -> Auth {
    let mut auth = Auth { scheme: Scheme::QSign, ..Auth::default() };
    for name in ["q-sign-algorithm", "q-ak", "q-sign-time", "q-key-time", "q-signature"] {
        let mut values = pairs.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v);
        match values.next() {
            None => auth.problems.push(Problem::Missing(name)),
            Some(value) if value.trim().is_empty() => auth.problems.push(Problem::Missing(name)),
            Some(value) => {
                if values.any(|other| other != value) {
                    auth.problems.push(Problem::Repeated(name));
                }
                if value.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')) {
                    auth.problems.push(Problem::Stray(name));
                }
            }
        }
    }
    if first(pairs, "q-sign-algorithm").is_some_and(|algorithm| !algorithm.is_empty() && algorithm != "sha1")
    {
        auth.problems.push(Problem::BadValue("q-sign-algorithm"));
    }
    let text = |name: &str| first(pairs, name).map(str::to_owned).filter(|value| !value.is_empty());
    auth.secret_id = text("q-ak");
    auth.signature = text("q-signature");
    auth.sign_time_text = text("q-sign-time").unwrap_or_default();
    auth.key_time_text = text("q-key-time").unwrap_or_default();
    auth.sign_time = times(&mut auth.problems, "q-sign-time", &auth.sign_time_text);
    auth.key_time = times(&mut auth.problems, "q-key-time", &auth.key_time_text);
    auth.header_list = list(&mut auth.problems, "q-header-list", first(pairs, "q-header-list"));
    auth.param_list = list(&mut auth.problems, "q-url-param-list", first(pairs, "q-url-param-list"));
    auth
}

fn times(problems: &mut Vec<Problem>, name: &'static str, text: &str) -> Option<(i64, i64)> {
    if text.is_empty() {
        return None;
    }
    let parsed = text
        .split_once(';')
        .and_then(|(start, end)| Some((start.trim().parse::<i64>().ok()?, end.trim().parse::<i64>().ok()?)));
    let Some((start, end)) = parsed else {
        problems.push(Problem::BadTime(name));
        return None;
    };
    if end <= start {
        problems.push(Problem::Backwards(name));
    }
    let milliseconds = start >= MILLISECONDS || end >= MILLISECONDS;
    if milliseconds && !problems.contains(&Problem::Milliseconds) {
        problems.push(Problem::Milliseconds);
    }
    Some((start, end))
}

fn list(problems: &mut Vec<Problem>, name: &'static str, text: Option<&str>) -> Vec<String> {
    let listed = names(text.unwrap_or_default());
    if !listed.is_sorted() {
        problems.push(Problem::Unsorted(name));
    }
    listed
}
