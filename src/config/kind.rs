//! What a setting may hold, how a file or a variable writes it, and how it is told when it is wrong.

use std::net::SocketAddr;

use serde_json::Value;
use toml::de::DeValue;

use super::{ByteSize, Network, Span};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Integer {
        min: i64,
        max: i64,
    },
    Text,
    Secret,
    Address,
    Span,
    ByteSize,
    Network,
    Choice(Vec<String>),
    List(Box<Self>),
    /// A table with these fields, an item of a list.
    Table(Table),
}

/// What the items of a list of tables hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub fields: Vec<Field>,
    /// Whether a bare text may stand for the table, as its first required field.
    pub or_text: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    pub description: String,
    pub required: bool,
}

impl Table {
    fn from_schema(schema: &Value, or_text: bool) -> Option<Self> {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let field = |(name, property): (&String, &Value)| Field {
            name: name.clone(),
            kind: Kind::from_schema(property),
            description: property.get("description").and_then(Value::as_str).unwrap_or_default().into(),
            required: required.contains(&name.as_str()),
        };
        let fields = schema.get("properties")?.as_object()?.iter().map(field).collect();
        Some(Self { fields, or_text })
    }

    /// The field that a bare text is, where it may be one.
    pub(super) fn short(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.required && self.or_text)
    }

    /// The names of the fields that there must be, as a sentence has them.
    fn required(&self) -> String {
        let names = self.fields.iter().filter(|field| field.required).map(|field| field.name.as_str());
        names.collect::<Vec<_>>().join(" and ")
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Why a name is none of the fields.
    pub(super) fn unknown(&self, name: &str) -> String {
        let names = || self.fields.iter().map(|field| field.name.as_str());
        match super::nearest::name(name, names()) {
            Some(near) => format!("no such field; did you mean `{near}`?"),
            None => format!("no such field; there are {}", names().collect::<Vec<_>>().join(", ")),
        }
    }
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
        } else if let Some(table) = Self::table(schema) {
            Self::Table(table)
        } else if is("array") {
            Self::List(Box::new(schema.get("items").map_or(Self::Text, Self::from_schema)))
        } else {
            match schema.get("format").and_then(Value::as_str) {
                Some("socket-address") => Self::Address,
                Some("length-of-time") => Self::Span,
                Some("byte-size") => Self::ByteSize,
                Some("network") => Self::Network,
                Some("password") => Self::Secret,
                _ => Self::Text,
            }
        }
    }

    fn table(schema: &Value) -> Option<Table> {
        let branches = schema.get("anyOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        branches
            .iter()
            .find_map(|branch| Table::from_schema(branch, true))
            .or_else(|| Table::from_schema(schema, false))
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
            Self::Network => format!("a network or an address, such as {}", quote("10.0.0.0/8")),
            Self::Choice(names) => names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(" or "),
            Self::Table(table) if table.or_text => format!("a text or a table with {}", table.required()),
            Self::Table(table) => format!("a table with {}", table.required()),
            Self::List(item) => match &**item {
                Self::Table(table) if !table.or_text => {
                    format!("tables in double brackets, [[ ]], each with {}", table.required())
                }
                _ => format!("a list of items in [ ], each {}", item.expected(quoted)),
            },
        }
    }

    /// The value of a scalar setting as a file has it; `None` where it does not fit.
    pub(super) fn read_toml(&self, value: &DeValue<'_>) -> Option<Value> {
        match (self, value) {
            (Self::Bool, DeValue::Boolean(value)) => Some(Value::Bool(*value)),
            (Self::Integer { .. }, DeValue::Integer(value)) => {
                self.integer(i64::from_str_radix(value.as_str(), value.radix()).ok()?)
            }
            (Self::Bool | Self::Integer { .. } | Self::List(_) | Self::Table(_), _) => None,
            (_, DeValue::String(text)) => self.read_text(text),
            _ => None,
        }
    }

    /// The value of a scalar setting as a variable or a flag has it.
    pub(super) fn read_text(&self, text: &str) -> Option<Value> {
        let fits = match self {
            Self::Bool => return text.parse().ok().map(Value::Bool),
            Self::Integer { .. } => return self.integer(text.parse().ok()?),
            Self::List(_) | Self::Table(_) => false,
            Self::Text | Self::Secret => !text.is_empty(),
            Self::Address => text.parse::<SocketAddr>().is_ok(),
            Self::Span => text.parse::<Span>().is_ok(),
            Self::ByteSize => text.parse::<ByteSize>().is_ok(),
            Self::Network => text.parse::<Network>().is_ok(),
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
