//! Facts in words: instants, lengths of time and lists as people read them, secrets masked.

use std::borrow::Cow;

use super::path::FactPath;
use super::table::Kind;
use super::value::Value;
use super::words;
use crate::config::settings::Language;
use crate::cos::{redact, time};

/// Longest value inside a sentence; keys and messages are chosen by strangers.
const LONGEST: usize = 240;

/// A value for a sentence.
pub(crate) fn people<'a>(path: &FactPath, value: &'a Value<'_>, language: Language) -> Cow<'a, str> {
    match (value, path.fact.kind) {
        (Value::Int(n), Kind::Instant) => Cow::Owned(time::format_rfc3339(*n)),
        (Value::Int(n), Kind::Duration) => Cow::Owned(duration(*n, language)),
        (Value::Bool(yes), _) => Cow::Borrowed(match (yes, language) {
            (true, Language::En) => "yes",
            (false, Language::En) => "no",
            (true, Language::Zh) => "是",
            (false, Language::Zh) => "否",
        }),
        (Value::List([]), _) => Cow::Borrowed(match language {
            Language::En => "none",
            Language::Zh => "无",
        }),
        (Value::Text(word), Kind::Word) => {
            words::spoken(path.fact.name, word, language).map_or_else(|| raw(path, value), Cow::Borrowed)
        }
        _ => shortened(raw(path, value)),
    }
}

/// A value for a command, a document or JSON: whole, but without secrets.
pub(crate) fn raw<'a>(path: &FactPath, value: &'a Value<'_>) -> Cow<'a, str> {
    match value {
        Value::Int(n) if path.fact.kind == Kind::Instant => Cow::Owned(time::format_rfc3339(*n)),
        Value::Int(n) => Cow::Owned(n.to_string()),
        Value::Bool(yes) => Cow::Borrowed(if *yes { "true" } else { "false" }),
        Value::List(items) => redact::text(&items.join(", ")).into_owned().into(),
        Value::Text(text) => masked(path, text),
    }
}

fn masked<'a>(path: &FactPath, text: &'a str) -> Cow<'a, str> {
    match (path.fact.kind, path.key.as_deref()) {
        (Kind::Word | Kind::Json, _) => Cow::Borrowed(text),
        (Kind::SecretId, _) => Cow::Owned(redact::secret_id(text)),
        (Kind::Target, _) => target(path, text),
        (Kind::HeaderFields, Some(name)) => redact::header_value(name, text),
        (Kind::Parameters, Some(name)) => parameter(name, text),
        _ => redact::text(text),
    }
}

/// A query alone is no target to look through: it gets its question mark first.
fn target<'a>(path: &FactPath, text: &'a str) -> Cow<'a, str> {
    if path.fact.name != "request.query" {
        return redact::target(text);
    }
    let whole = format!("?{text}");
    match redact::target(&whole) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(masked) => Cow::Owned(masked.strip_prefix('?').map(str::to_owned).unwrap_or(masked)),
    }
}

/// One parameter, masked as it would be inside a target.
fn parameter<'a>(name: &str, text: &'a str) -> Cow<'a, str> {
    let whole = format!("{name}={text}");
    match redact::text(&whole) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(masked) => Cow::Owned(
            masked
                .strip_prefix(name)
                .and_then(|m| m.strip_prefix('='))
                .unwrap_or(redact::REDACTED)
                .to_owned(),
        ),
    }
}

pub(crate) fn shortened(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return text;
    }
    match text.char_indices().nth(LONGEST) {
        None => text,
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

/// The two largest units of a length of time, without its sign.
pub(crate) fn duration(seconds: i64, language: Language) -> String {
    let n = seconds.unsigned_abs();
    let parts = [(n / 86_400, 0), (n / 3600 % 24, 1), (n / 60 % 60, 2), (n % 60, 3)];
    let names = match language {
        Language::En => ["d", "h", "min", "s"],
        Language::Zh => ["天", "小时", "分", "秒"],
    };
    let first = parts.iter().position(|(count, _)| *count > 0).unwrap_or(3);
    let words: Vec<String> = parts
        .iter()
        .skip(first)
        .take(2)
        .enumerate()
        .filter(|(i, (count, _))| *i == 0 || *count > 0)
        .map(|(_, (count, unit))| format!("{count} {}", names.get(*unit).copied().unwrap_or_default()))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_print_their_two_largest_units() {
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (1830, "30 min 30 s"),
            (-1830, "30 min 30 s"),
            (3600, "1 h"),
            (3661, "1 h 1 min"),
            (90_000, "1 d 1 h"),
            (i64::MIN, "106751991167300 d 15 h"),
        ] {
            assert_eq!(duration(seconds, Language::En), text);
        }
        assert_eq!(duration(1830, Language::Zh), "30 分 30 秒");
    }
}
