//! An event of the program itself (not of a request), as the log writes it.

use std::io::Write;
use std::time::SystemTime;

use super::clock::push_timestamp;
use super::format::Level;
use super::text::push_json;

/// One event: a start, a warning, an error.
#[derive(Debug)]
pub(crate) struct Event<'a> {
    pub(crate) at: SystemTime,
    pub(crate) level: Level,
    pub(crate) message: &'a str,
    /// The module that speaks.
    pub(crate) target: &'a str,
    /// The spans it happened in, `serve:listener`, or empty.
    pub(crate) spans: &'a str,
    pub(crate) fields: &'a [(&'a str, Value)],
}

/// A field's value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Text(String),
    U64(u64),
    I64(i64),
    F64(f64),
    Bool(bool),
}

impl Value {
    /// Appends the value as JSON; JSON has no infinities and no NaN, those become text.
    fn push_json(&self, out: &mut Vec<u8>) {
        // Writing to a Vec cannot fail.
        let _ = match self {
            Self::Text(text) => {
                push_json(out, text);
                Ok(())
            }
            Self::U64(n) => write!(out, "{n}"),
            Self::I64(n) => write!(out, "{n}"),
            Self::F64(n) if n.is_finite() => write!(out, "{n}"),
            Self::F64(n) => write!(out, "\"{n}\""),
            Self::Bool(b) => write!(out, "{b}"),
        };
    }

    /// The value as a person reads it.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::U64(n) => n.to_string(),
            Self::I64(n) => n.to_string(),
            Self::F64(n) => n.to_string(),
            Self::Bool(b) => b.to_string(),
        }
    }
}

/// Appends the event as one JSON object and a line feed.
pub(super) fn push_event(out: &mut Vec<u8>, event: &Event<'_>) {
    out.extend_from_slice(b"{\"timestamp\":\"");
    push_timestamp(out, event.at);
    out.extend_from_slice(b"\",\"level\":\"");
    out.extend_from_slice(event.level.as_str().as_bytes());
    out.extend_from_slice(b"\",\"message\":");
    push_json(out, event.message);
    out.extend_from_slice(b",\"target\":");
    push_json(out, event.target);
    if !event.spans.is_empty() {
        out.extend_from_slice(b",\"span\":");
        push_json(out, event.spans);
    }
    if !event.fields.is_empty() {
        out.extend_from_slice(b",\"fields\":{");
        for (i, (name, value)) in event.fields.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            push_json(out, name);
            out.push(b':');
            value.push_json(out);
        }
        out.push(b'}');
    }
    out.extend_from_slice(b"}\n");
}
