//! The string of the request as it was sent beside the one that COS computed: a row for each part, names aligned.

use std::borrow::Cow;
use std::collections::HashSet;

use super::http_string::{HttpString, decoded};
use crate::cos::redact;

/// More rows than a person reads; those that differ come first then.
const MOST_ROWS: usize = 40;

/// Longest value that is shown whole.
const LONGEST: usize = 240;
const CUT: &str = "…";

/// One part on both sides, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// `method`, `path`, `parameter` or `header`.
    pub part: &'static str,
    pub name: Option<String>,
    /// `None`: that side has none of this name.
    pub client: Option<String>,
    pub cos: Option<String>,
    /// The first byte that differs; `None` where none does, or where it is not to be shown.
    pub differs_at: Option<usize>,
    pub same: bool,
}

impl Row {
    pub(super) fn new(
        part: &'static str,
        name: Option<&str>,
        client: Option<&str>,
        cos: Option<&str>,
    ) -> Self {
        let same = client == cos;
        let shown = |value: &str| match name {
            Some(name) => safe(name, value),
            None => redact::target(value).into_owned(),
        };
        let (shown_client, shown_cos) = (client.map(shown), cos.map(shown));
        let is_shown = shown_client.as_deref() == client && shown_cos.as_deref() == cos;
        let differs_at = client.zip(cos).filter(|_| is_shown && !same).map(|(a, b)| first_difference(a, b));
        Self { part, name: name.map(str::to_owned), client: shown_client, cos: shown_cos, differs_at, same }
    }
}

impl Row {
    /// Long values cut around the place where they differ.
    pub(crate) fn shortened(mut self) -> Self {
        let longest = self.client.iter().chain(&self.cos).map(String::len).max().unwrap_or_default();
        if longest <= LONGEST {
            return self;
        }
        let both = self.client.as_deref().unwrap_or_default();
        let mut from = self.differs_at.unwrap_or_default().saturating_sub(LONGEST / 4);
        // what stands before the difference is the same on both sides, and so are its characters' ends
        while from > 0 && !both.is_char_boundary(from) {
            from -= 1;
        }
        let cut = |value: String| window(&value, from);
        self.client = self.client.map(cut);
        self.cos = self.cos.map(cut);
        let mark = if from > 0 { CUT.len() } else { 0 };
        self.differs_at = self.differs_at.map(|at| at - from + mark);
        self
    }
}

fn window(value: &str, from: usize) -> String {
    let rest = value.get(from..).unwrap_or_default();
    let end = rest.char_indices().map(|(at, _)| at).find(|at| *at >= LONGEST).unwrap_or(rest.len());
    let (before, after) = (if from > 0 { CUT } else { "" }, if end < rest.len() { CUT } else { "" });
    format!("{before}{}{after}", rest.get(..end).unwrap_or_default())
}

fn safe(name: &str, value: &str) -> String {
    let value = redact::header_value(name, value);
    match redact::text(&value) {
        Cow::Borrowed(_) => value.into_owned(),
        Cow::Owned(redacted) => redacted,
    }
}

fn first_difference(a: &str, b: &str) -> usize {
    let same = a.char_indices().zip(b.chars()).find(|((_, a), b)| a != b);
    same.map_or(a.len().min(b.len()), |((at, _), _)| at)
}

/// Every part of both strings, in their order.
pub(crate) fn rows(client: &HttpString<'_>, cos: &HttpString<'_>) -> Vec<Row> {
    let mut rows = vec![
        Row::new("method", None, Some(client.method), Some(cos.method)),
        Row::new("path", None, Some(&client.path), Some(&cos.path)),
    ];
    aligned(&mut rows, "parameter", &client.params, &cos.params);
    aligned(&mut rows, "header", &client.headers, &cos.headers);
    if rows.len() > MOST_ROWS {
        rows.sort_by_key(|row| row.same);
        rows.truncate(MOST_ROWS);
    }
    rows
}

fn aligned(rows: &mut Vec<Row>, part: &'static str, ours: &[(&str, &str)], theirs: &[(&str, &str)]) {
    let mut seen = HashSet::new();
    let names = ours.iter().chain(theirs).map(|(name, _)| *name).filter(|name| !name.is_empty());
    for name in names.filter(|name| seen.insert(*name)).take(4 * MOST_ROWS) {
        let (ours, theirs) = (value(ours, name), value(theirs, name));
        // escapes are the algorithm's; where they alone differ, they are the difference
        let (plain_ours, plain_theirs) = (ours.map(decoded), theirs.map(decoded));
        let row = match ours != theirs && plain_ours == plain_theirs {
            true => Row::new(part, Some(name), ours, theirs),
            false => Row::new(part, Some(name), plain_ours.as_deref(), plain_theirs.as_deref()),
        };
        rows.push(row);
    }
}

fn value<'a>(pairs: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cos::auth::Scheme;

    #[test]
    fn names_are_aligned_and_the_first_difference_is_marked() {
        let parse = |text| HttpString::parse(text, Some(Scheme::QSign)).unwrap();
        let ours = parse("put\n/a b\nuploads=\ncontent-type=text%2Fplain&host=a.example\n");
        let theirs = parse("put\n/a+b\n\ncontent-type=text%2Fplain%3B%20charset%3Dutf-8&host=a.example\n");
        let rows = rows(&ours, &theirs);
        let row = |part, name: Option<&str>| {
            rows.iter().find(|row| row.part == part && row.name.as_deref() == name).unwrap()
        };
        assert!(row("method", None).same && row("header", Some("host")).same);
        assert_eq!(row("path", None).differs_at, Some(2));
        assert_eq!(row("parameter", Some("uploads")).cos, None);
        let kind = row("header", Some("content-type"));
        assert_eq!((kind.cos.as_deref(), kind.differs_at), (Some("text/plain; charset=utf-8"), Some(10)));
    }

    #[test]
    fn of_long_values_the_place_is_shown_where_they_differ() {
        let (a, b) = (format!("/{}x{}", "é".repeat(400), "y".repeat(400)), format!("/{}z", "é".repeat(400)));
        let row = Row::new("path", None, Some(&a), Some(&b)).shortened();
        let (client, cos, at) = (row.client.unwrap(), row.cos.unwrap(), row.differs_at.unwrap());
        assert!(client.len() < 300 && client.starts_with("…é") && client.ends_with("y…"), "{client}");
        assert_eq!((client.get(at..=at), cos.get(at..)), (Some("x"), Some("z")));
    }

    #[test]
    fn a_token_is_not_shown_nor_where_it_differs() {
        let row =
            Row::new("header", Some("x-cos-security-token"), Some("abcdefgh12345678"), Some("abcdefgX"));
        assert!(!row.same && row.differs_at.is_none());
        assert!(!format!("{row:?}").contains("abcdefg"), "{row:?}");
    }
}
