//! What a setting may hold, how a file or a variable writes it, and how it is told when it is wrong.

use std::net::SocketAddr;

use serde_json::Value;
use toml::de::DeValue;

use super::{ByteSize, Span};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Integer { min: i64, max: i64 },
    Text,
    Secret,
    Address,
    Span,
    ByteSize,
    Choice(Vec<String>),
    List(Box<Self>),
}

impl Kind {
    pub(super) fn from_schema(schema: &Value) -> Self {
        let names = choices(schema);
        if !names.is_empty() {
            return Self::Choice(names);
        }
        let is = |name: &str| match schema.get("type") {
            Some(Value::Array(types)) => types.iter().any(|t| t == name),
            Some(single) => single == name,
            None => false,
        };
        let limit = |name: &str| schema.get(name).and_then(Value::as_i64);
        if is("boolean") {
            Self::Bool
        } else if is("integer") {
            Self::Integer { min: limit("minimum").unwrap_or(0), max: limit("maximum").unwrap_or(i64::MAX) }
        } else if is("array") {
            Self::List(Box::new(schema.get("items").map_or(Self::Text, Self::from_schema)))
        } else {
            match schema.get("format").and_then(Value::as_str) {
                Some("socket-address") => Self::Address,
                Some("length-of-time") => Self::Span,
                Some("byte-size") => Self::ByteSize,
                Some("password") => Self::Secret,
                _ => Self::Text,
            }
        }
    }

    /// What would have been right; `quoted` as a file writes it.
    #[must_use]
    pub fn expected(&self, quoted: bool) -> String {
        let quote = |text: &str| if quoted { format!("\"{text}\"") } else { text.to_owned() };
        match self {
            Self::Bool => "true or false".into(),
            Self::Integer { min, max: i64::MAX } => format!("a whole number, {min} or more"),
            Self::Integer { min, max } => format!("a whole number from {min} to {max}"),
            Self::Text | Self::Secret if quoted => "a text in quotes".into(),
            Self::Text | Self::Secret => "a text".into(),
            Self::Address => {
                format!("an IP address and a port, such as {}", quote("127.0.0.1:8080"))
            }
            Self::Span => {
                format!("a length of time, such as {} (a whole number and ms, s, m or h)", quote("75s"))
            }
            Self::ByteSize => {
                format!("a size, such as {} (a whole number and B, KiB or MiB)", quote("64KiB"))
            }
            Self::Choice(names) => names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(" or "),
            Self::List(item) => format!("a list of items in [ ], each {}", item.expected(quoted)),
        }
    }

    /// The value of a scalar setting as a file has it; `None` where it does not fit.
    pub(super) fn read_toml(&self, value: &DeValue<'_>) -> Option<Value> {
        match (self, value) {
            (Self::Bool, DeValue::Boolean(value)) => Some(Value::Bool(*value)),
            (Self::Integer { .. }, DeValue::Integer(value)) => {
                self.integer(i64::from_str_radix(value.as_str(), value.radix()).ok()?)
            }
            (Self::Bool | Self::Integer { .. } | Self::List(_), _) => None,
            (_, DeValue::String(text)) => self.read_text(text),
            _ => None,
        }
    }

    /// The value of a scalar setting as a variable or a flag has it.
    pub(super) fn read_text(&self, text: &str) -> Option<Value> {
        let fits = match self {
            Self::Bool => return text.parse().ok().map(Value::Bool),
            Self::Integer { .. } => return self.integer(text.parse().ok()?),
            Self::List(_) => false,
            Self::Text | Self::Secret => !text.is_empty(),
            Self::Address => text.parse::<SocketAddr>().is_ok(),
            Self::Span => text.parse::<Span>().is_ok(),
            Self::ByteSize => text.parse::<ByteSize>().is_ok(),
            Self::Choice(names) => names.iter().any(|name| name == text),
        };
        fits.then(|| Value::String(text.to_owned()))
    }

    fn integer(&self, number: i64) -> Option<Value> {
        let Self::Integer { min, max } = self else { return None };
        (*min..=*max).contains(&number).then(|| number.into())
    }

    /// What stands there instead.
    pub(super) fn found(&self, value: &DeValue<'_>) -> String {
        match value {
            DeValue::String(text) => format!("{text:?}"),
            DeValue::Integer(number) => format!("the number {number}"),
            DeValue::Float(number) => format!("the number {number}"),
            DeValue::Boolean(truth) => truth.to_string(),
            DeValue::Datetime(_) => "a date".into(),
            DeValue::Array(_) => "a list".into(),
            DeValue::Table(_) => "a table".into(),
        }
    }
}

/// A choice without descriptions is an `enum`, one with them a `oneOf` of `const`s.
fn choices(schema: &Value) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(name) = schema.get("const").and_then(Value::as_str) {
        names.push(name.to_owned());
    }
    for name in schema.get("enum").and_then(Value::as_array).into_iter().flatten() {
        names.extend(name.as_str().map(ToOwned::to_owned));
    }
    for branch in schema.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
        names.extend(choices(branch));
    }
    names
}
