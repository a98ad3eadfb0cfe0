//! What is to be pasted: commands and documents. All or nothing, and every value escaped for the place where it
//! will be read: keys, referers and origins are chosen by strangers.

use super::parts::{self, Part, TemplateError};
use crate::diagnosis::facts::{self, Facts, Kind};

/// A command or a document with facts in it.
#[derive(Debug, Clone)]
pub struct Paste {
    parts: Vec<Part>,
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
        Ok(Self { parts, escape: Escape::Shell })
    }

    /// A document: XML where it begins with `<`, JSON otherwise. What is JSON already stands there as it is, so that it
    /// must not be put inside a string.
    pub(super) fn document(text: &str) -> Result<Self, TemplateError> {
        let escape = if text.trim_start().starts_with('<') { Escape::Xml } else { Escape::Json };
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
        Ok(Self { parts, escape })
    }

    /// The whole, or nothing where a fact is not known.
    #[must_use]
    pub fn fill(&self, facts: &Facts) -> Option<String> {
        let mut out = String::with_capacity(128);
        parts::fill(&self.parts, &mut out, |path| {
            let value = path.value(facts)?;
            let text = facts::raw(path, &value);
            match self.escape {
                Escape::Shell => shell_quoted(&text),
                Escape::Json if path.fact.kind == Kind::Json => Some(text.into_owned()),
                Escape::Json => Some(json_escaped(&text)),
                Escape::Xml => Some(quick_xml::escape::escape(&*text).into_owned()),
            }
        })?;
        Some(out)
    }
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
