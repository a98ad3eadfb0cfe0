//! Values as programs print them: in quotes of any kind, escaped, wrapped in `Some(…)` or `b'…'`, or bare.

/// Longer ones are not looked for the end of: a quote may be a stray one.
const LONGEST: usize = 64 * 1024;

/// The quoted value that `text` begins with, unescaped; `None` where it begins with something else.
pub(super) fn quoted(text: &str) -> Option<String> {
    Quotes::of(text).at(0)
}

/// Reads the values of one text from its beginning to its end, in time in proportion to its length: an end that was
/// looked for in vain is not looked for again from each quote on the way.
pub(super) struct Quotes<'t> {
    text: &'t str,
    /// Which ends were looked for in vain, and up to where.
    unclosed: Vec<(char, usize)>,
}

impl<'t> Quotes<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, unclosed: Vec::new() }
    }

    /// The quoted value that begins at `at`.
    pub(super) fn at(&mut self, at: usize) -> Option<String> {
        let text = self.text.get(at..)?.trim_start_matches([' ', '\t']);
        let text = text.strip_prefix("Some(").unwrap_or(text);
        let text = match text.as_bytes() {
            [b'b' | b'u', b'\'' | b'"', ..] => text.get(1..)?,
            _ => text,
        };
        // A quote that is itself escaped stands in a string within a string; so does its end.
        if let Some(inner) = text.strip_prefix("\\\"") {
            let end = inner.find("\\\"")?;
            return Some(unescape(inner.get(..end)?));
        }
        let open = text.chars().next()?;
        let close = match open {
            '"' | '\'' | '`' => open,
            '“' => '”',
            '‘' => '’',
            _ => return None,
        };
        let inner = text.get(open.len_utf8()..)?;
        let begin = self.text.len() - inner.len();
        if self.unclosed.iter().any(|(quote, until)| *quote == close && begin < *until) {
            return None;
        }
        if let Some(end) = end(inner, close) {
            return Some(unescape(inner.get(..end)?));
        }
        self.unclosed.retain(|(quote, _)| *quote != close);
        self.unclosed.push((close, begin + LONGEST));
        None
    }
}

/// Where the quote stands that closes `inner`.
fn end(inner: &str, close: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in inner.get(..inner.floor_char_boundary(LONGEST))?.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == close && !is_apostrophe(inner, at) => return Some(at),
            _ => {}
        }
    }
    None
}

/// Whether the quote at `at` stands inside a word (`doesn't`), where printers without escapes leave it.
fn is_apostrophe(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|t| t.chars().next_back());
    let after = text.get(at..).and_then(|t| t.chars().nth(1));
    text.get(at..).is_some_and(|t| t.starts_with('\''))
        && before.is_some_and(|c| c.is_ascii_lowercase())
        && after.is_some_and(|c| c.is_ascii_lowercase())
}

/// Undoes the escapes of JSON, JavaScript, Python and Rust strings.
pub(super) fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(plain.as_bytes());
        let mut chars = after.chars();
        let taken = match chars.next() {
            Some('n') => push(&mut bytes, b"\n"),
            Some('t') => push(&mut bytes, b"\t"),
            Some('r') => push(&mut bytes, b"\r"),
            Some('x') => hex(after, 1, 2).map_or(0, |code| {
                bytes.push(u8::try_from(code).unwrap_or(b'?'));
                3
            }),
            Some('u') => unicode(after, &mut bytes),
            Some(c @ ('"' | '\'' | '\\' | '/' | '`')) => push(&mut bytes, c.to_string().as_bytes()),
            _ => 0,
        };
        if taken == 0 {
            bytes.push(b'\\');
        }
        rest = after.get(taken..).unwrap_or("");
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

fn push(bytes: &mut Vec<u8>, what: &[u8]) -> usize {
    bytes.extend_from_slice(what);
    1
}

fn hex(text: &str, from: usize, digits: usize) -> Option<u32> {
    let digits = text.get(from..from.checked_add(digits)?)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// `uXXXX`, or two of them where they are a surrogate pair; the number of bytes taken.
fn unicode(text: &str, bytes: &mut Vec<u8>) -> usize {
    let Some(first) = hex(text, 1, 4) else { return 0 };
    let pair = text.get(5..).filter(|t| t.starts_with("\\u")).and_then(|t| hex(t, 2, 4));
    let (code, taken) = match (first, pair) {
        (0xd800..=0xdbff, Some(second @ 0xdc00..=0xdfff)) => {
            (0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00), 11)
        }
        _ => (first, 5),
    };
    let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_out_of_every_kind_of_quotes() {
        for text in
            [r#""a b""#, "'a b'", "`a b`", "b'a b'", r#"Some("a b")"#, "“a b”", r#"\"a b\","#, "  'a b' }"]
        {
            assert_eq!(quoted(text), Some("a b".to_owned()), "{text}");
        }
        assert_eq!(quoted("bare"), None);
        assert_eq!(quoted("'no end"), None);
    }

    #[test]
    fn a_quote_without_end_hides_none_of_another_kind() {
        let text = "code=“a msg=\"b\" code=“c";
        let mut quotes = Quotes::of(text);
        let mut after = |what: &str| quotes.at(text.find(what).unwrap() + what.len());
        assert_eq!(after("code="), None);
        assert_eq!(after("msg="), Some("b".to_owned()));
        assert_eq!(after("\" code="), None);
    }

    #[test]
    fn an_apostrophe_does_not_end_a_value() {
        assert_eq!(quoted("'it doesn't match'"), Some("it doesn't match".to_owned()));
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(unescape(r#"a\n\t\"\u4e2d\ud83d\ude00\xe4\xb8\xad\q"#), "a\n\t\"中😀中\\q");
        assert_eq!(unescape("\\"), "\\");
        assert_eq!(unescape("\\u12"), "\\u12");
    }
}
