//! Why rule files are refused: every mistake with its file, line and column.

use std::fmt;
use std::ops::Range;

/// One mistake in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub message: String,
}

impl RuleError {
    /// A mistake at a byte of `text`.
    pub(super) fn at(file: &str, text: &str, offset: usize, message: impl Into<String>) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { file: file.to_owned(), line, column, message: message.into() }
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// Every mistake found, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleErrors(pub Vec<RuleError>);

impl fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for RuleErrors {}

/// A file being read: knows where its mistakes are.
pub(super) struct Source<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub errors: Vec<RuleError>,
}

impl Source<'_> {
    pub(super) fn error(&mut self, at: &Range<usize>, message: impl Into<String>) {
        self.errors.push(RuleError::at(self.file, self.text, at.start, message));
    }

    /// A mistake inside a TOML string: `offset` counts in its value, `at` is where it stands with its quotes.
    pub(super) fn error_inside(&mut self, at: &Range<usize>, offset: usize, message: impl Into<String>) {
        let raw = self.text.get(at.clone()).unwrap_or_default();
        let offset = at.start + raw_offset(raw, offset);
        self.errors.push(RuleError::at(self.file, self.text, offset, message));
    }
}

/// Where byte `wanted` of a TOML string's value stands in its source, quotes and escapes counted (TOML 1.0, String).
fn raw_offset(raw: &str, wanted: usize) -> usize {
    let open = if raw.starts_with("'''") || raw.starts_with("\"\"\"") { 3 } else { 1 };
    let mut rest = raw.get(open..).unwrap_or_default();
    if open == 3 {
        rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).unwrap_or(rest);
    }
    let begin = raw.len() - rest.len();
    if raw.starts_with('\'') {
        return begin + wanted;
    }
    let mut value = 0;
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        let continued = c == '\\' && chars.as_str().starts_with(['\n', '\r', ' ', '\t']);
        if continued {
            // a line's end escaped away takes the blanks after it along
            let blank = chars.as_str().chars().take_while(|c| c.is_whitespace()).count();
            chars.by_ref().take(blank).for_each(drop);
            continue;
        }
        if value >= wanted {
            return begin + at;
        }
        if c != '\\' {
            value += c.len_utf8();
            continue;
        }
        match chars.next().map(|(_, c)| c) {
            Some('u') => value += escaped(&mut chars, 4),
            Some('U') => value += escaped(&mut chars, 8),
            Some('x') => value += escaped(&mut chars, 2),
            _ => value += 1,
        }
    }
    raw.len()
}

fn escaped(chars: &mut std::str::CharIndices<'_>, digits: usize) -> usize {
    let hex: String = chars.by_ref().take(digits).map(|(_, c)| c).collect();
    u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32).map_or(1, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_value_is_found_in_its_source() {
        for (raw, wanted, expected) in [
            ("'abc'", 2, 3),
            ("\"abc\"", 2, 3),
            (r#""a\"bc""#, 2, 4),
            (r#""a\u4e2dbc""#, 4, 8),
            ("'''\nabc'''", 1, 5),
            ("\"\"\"\nab\\\n   cd\"\"\"", 2, 11),
        ] {
            assert_eq!(raw_offset(raw, wanted), expected, "{raw}");
        }
    }
}
