//! What is to be pasted: commands and documents. All or nothing, and every value escaped for the place where it
//! will be read: keys, referers and origins are chosen by strangers.

use super::parts::{self, Part, TemplateError};
use crate::diagnosis::facts::{self, FactPath, Facts, Kind, Value};

/// A command or a document with facts in it.
#[derive(Debug, Clone)]
pub struct Paste {
    /// What is filled at once: a line of XML, the whole of anything else.
    lines: Vec<Vec<Part>>,
    escape: Escape,
}

/// Who will read a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    Shell,
    Json,
    Xml,
}

impl Paste {
    /// A command; its placeholders are quoted, so they must not stand inside quotes.
    pub(super) fn command(text: &str) -> Result<Self, TemplateError> {
        let parts = parts::parts(text)?;
        let mut open = None;
        for part in &parts {
            match (part, open) {
                (Part::Text(text), _) => open = quote_after(open, text),
                (Part::Fact { path, offset, .. }, Some(quote)) => {
                    let name = path.name();
                    return Err(TemplateError {
                        offset: *offset,
                        message: format!(
                            "`{{{name}}}` stands inside {quote}: values in a command are quoted by themselves"
                        ),
                    });
                }
                (Part::Fact { .. }, None) => {}
            }
        }
        Ok(Self { lines: vec![parts], escape: Escape::Shell })
    }

    /// A document: XML where it begins with `<`, JSON otherwise. What is JSON already stands there as it is, so that it
    /// must not be put inside a string.
    pub(super) fn document(text: &str) -> Result<Self, TemplateError> {
        if text.trim_start().starts_with('<') {
            return Ok(Self { lines: lines(text)?, escape: Escape::Xml });
        }
        let parts = parts::parts(text)?;
        let mut in_string = false;
        for part in &parts {
            match part {
                Part::Text(text) => in_string = in_string_after(in_string, text),
                Part::Fact { path, offset, .. } if in_string && path.fact.kind == Kind::Json => {
                    let message = format!("`{{{}}}` is JSON by itself: take away the quotes", path.name());
                    return Err(TemplateError { offset: *offset, message });
                }
                Part::Fact { .. } => {}
            }
        }
        Ok(Self { lines: vec![parts], escape: Escape::Json })
    }

    /// The whole, with the facts' names in the place of their values.
    #[must_use]
    pub fn unfilled(&self) -> String {
        let mut out = String::with_capacity(128);
        for line in &self.lines {
            parts::unfilled(line, &mut out, |name| format!("{{{name}}}"));
        }
        out
    }

    /// The whole, or nothing where a fact is not known. A line of XML with a list is there once for each of its items.
    #[must_use]
    pub fn fill(&self, facts: &Facts) -> Option<String> {
        let mut out = String::with_capacity(128);
        for line in &self.lines {
            for item in 0..self.repeats(line, facts) {
                parts::fill(line, &mut out, |path| self.escaped(path, facts, item))?;
            }
        }
        Some(out)
    }

    fn escaped(&self, path: &FactPath, facts: &Facts, item: usize) -> Option<String> {
        let value = match path.value(facts)? {
            // no item: as if nothing were known of it
            Value::List(items) if self.escape == Escape::Xml => Value::List(items.get(item..=item)?),
            value => value,
        };
        let text = facts::raw(path, &value);
        match self.escape {
            Escape::Shell => shell_quoted(&text),
            Escape::Json if path.fact.kind == Kind::Json => Some(text.into_owned()),
            Escape::Json => Some(json_escaped(&text)),
            Escape::Xml => Some(quick_xml::escape::escape(&*text).into_owned()),
        }
    }

    fn repeats(&self, line: &[Part], facts: &Facts) -> usize {
        let items = |part: &Part| match part {
            Part::Fact { path, .. } => match path.value(facts) {
                Some(Value::List(items)) => Some(items.len()),
                _ => None,
            },
            Part::Text(_) => None,
        };
        if self.escape == Escape::Xml { line.iter().filter_map(items).max().unwrap_or(1).max(1) } else { 1 }
    }
}

/// A template cut at its placeholders, line by line.
fn lines(text: &str) -> Result<Vec<Vec<Part>>, TemplateError> {
    let mut offset = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let within = |error: TemplateError| TemplateError { offset: offset + error.offset, ..error };
        lines.push(parts::parts(line).map_err(within)?);
        offset += line.len();
    }
    Ok(lines)
}

/// A value as one word of a POSIX shell. None where it has control characters: pasted into a terminal they act.
fn shell_quoted(text: &str) -> Option<String> {
    if text.chars().any(char::is_control) {
        return None;
    }
    Some(format!("'{}'", text.replace('\'', r"'\''")))
}

fn json_escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"')).unwrap_or_default().to_owned()
}

/// Whether a string of JSON is open after `text`.
fn in_string_after(mut open: bool, text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => open = !open,
            '\\' if open => drop(chars.next()),
            _ => {}
        }
    }
    open
}

/// The quote that is open after `text`, given the one open before it.
fn quote_after(mut open: Option<char>, text: &str) -> Option<char> {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (open, c) {
            (Some('\''), '\'') | (Some('"'), '"') => open = None,
            (None, '\'' | '"') => open = Some(c),
            (None | Some('"'), '\\') => drop(chars.next()),
            _ => {}
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_inside_quotes_are_refused() {
        assert!(Paste::command("ls {cos.key}").is_ok());
        assert!(Paste::command("ls 'a' {cos.key} \"b\" it\\'s {cos.key}").is_ok());
        assert_eq!(Paste::command("ls 'x{cos.key}'").unwrap_err().offset, 6);
        assert_eq!(Paste::command("ls \"{cos.key}\"").unwrap_err().offset, 5);
    }

    #[test]
    fn what_is_json_already_is_refused_inside_a_string() {
        assert!(Paste::document("{permission.cam_policy}").is_ok());
        assert!(Paste::document(r#"{"a\"": "{cos.key}", "policy": {permission.cam_policy}}"#).is_ok());
        assert_eq!(Paste::document(r#"{"policy": "{permission.cam_policy}"}"#).unwrap_err().offset, 13);
    }

    #[test]
    fn values_are_one_word_to_a_shell() {
        assert_eq!(shell_quoted("a b'; rm -rf /").as_deref(), Some(r"'a b'\''; rm -rf /'"));
        assert_eq!(shell_quoted("a\u{1b}[2J"), None);
    }
}
