//! Cuts texts of rules at their placeholders: `{fact.name}`, or `{fact.name|text where it is not known}`.

use crate::diagnosis::facts::FactPath;

/// One piece of a template.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Text(String),
    Fact {
        path: FactPath,
        otherwise: Option<String>,
        /// Where its name stands in the template.
        offset: usize,
    },
}

/// A placeholder's mistake: at which byte of the template, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TemplateError {
    pub offset: usize,
    pub message: String,
}

/// Cuts a template at its placeholders. Braces around anything but a dotted name are text.
pub(super) fn parts(text: &str) -> Result<Vec<Part>, TemplateError> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    while let Some((before, after)) = text.get(at..).and_then(|rest| rest.split_once('{')) {
        plain.push_str(before);
        let offset = at + before.len() + 1;
        match placeholder(after) {
            Some((name, otherwise, length)) => {
                if !plain.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                }
                parts.push(Part::Fact { path: fact(name, offset)?, otherwise, offset });
                at = offset + length;
            }
            None => {
                plain.push('{');
                at = offset;
            }
        }
    }
    plain.push_str(text.get(at..).unwrap_or_default());
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    Ok(parts)
}

/// Prints parts one after the other; `None` as soon as a value is not known and has no text in its place.
pub(super) fn fill(
    parts: &[Part],
    out: &mut String,
    value: impl Fn(&FactPath) -> Option<String>,
) -> Option<()> {
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Fact { path, otherwise, .. } => match (value(path), otherwise) {
                (Some(text), _) => out.push_str(&text),
                (None, Some(text)) => out.push_str(text),
                (None, None) => return None,
            },
        }
    }
    Some(())
}

/// Parts as they read where nothing is known yet: the text in a fact's place, or what `name` makes of its name.
pub(super) fn unfilled(parts: &[Part], out: &mut String, name: impl Fn(&str) -> String) {
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Fact { otherwise: Some(text), .. } => out.push_str(text),
            Part::Fact { path, .. } => out.push_str(&name(&path.name())),
        }
    }
}

/// `name.name}` or `name.name|text}` at the start of `rest`: the name, the text, and the length with the brace.
fn placeholder(rest: &str) -> Option<(&str, Option<String>, usize)> {
    let (inside, _) = rest.split_once('}')?;
    let (name, otherwise) = match inside.split_once('|') {
        Some((name, otherwise)) => (name, Some(otherwise.to_owned())),
        None => (inside, None),
    };
    let dotted = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.contains('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    dotted.then(|| (name, otherwise, inside.len() + 1))
}

fn fact(name: &str, offset: usize) -> Result<FactPath, TemplateError> {
    match FactPath::parse(name) {
        Some(path) if path.is_map() => Err(TemplateError {
            offset,
            message: format!("`{name}` is a map: name one of its entries, like `{name}.origin`"),
        }),
        Some(path) => Ok(path),
        None => {
            let nearest =
                FactPath::nearest(name).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            Err(TemplateError { offset, message: format!("no fact is called `{name}`{nearest}") })
        }
    }
}
