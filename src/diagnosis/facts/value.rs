//! What a fact can be: text, integer, boolean, list of texts, or a map of texts by name.

use std::borrow::Cow;

use crate::diagnosis::exchange::{Field, Fields, Seen};

/// A known fact's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    Bool(bool),
    Int(i64),
    Text(Cow<'a, str>),
    List(&'a [String]),
}

/// The type of a fact or of a part of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Bool,
    Int,
    Text,
    List,
    Map,
}

impl Type {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Text => "text",
            Self::List => "list",
            Self::Map => "map",
        }
    }
}

/// Texts by name, and whether names that are not there are known to be absent.
#[derive(Debug, Clone, Copy)]
pub enum MapView<'a> {
    Fields(&'a Fields),
    Pairs(&'a [(String, String)]),
}

/// One name of a map, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry<'a> {
    Present(Cow<'a, str>),
    Absent,
    Unknown,
}

impl<'a> MapView<'a> {
    #[must_use]
    pub fn get(self, name: &str) -> Entry<'a> {
        match self {
            Self::Fields(fields) => match fields.get(name) {
                Field::Present(value) => Entry::Present(String::from_utf8_lossy(value.as_bytes())),
                Field::Absent => Entry::Absent,
                Field::Unknown => Entry::Unknown,
            },
            Self::Pairs(pairs) => match pairs.iter().find(|(n, _)| n == name) {
                Some((_, value)) => Entry::Present(Cow::Borrowed(value)),
                None => Entry::Absent,
            },
        }
    }

    /// How many names there are, where all are known.
    #[must_use]
    pub fn size(self) -> Option<usize> {
        match self {
            Self::Fields(fields) => (fields.seen == Seen::All).then(|| fields.map.keys_len()),
            Self::Pairs(pairs) => Some(pairs.len()),
        }
    }
}
