//! Names in expressions and templates: a fact, or an entry of a map (`request.headers.origin`).

use std::sync::Arc;

use super::{Entry, Fact, Facts, Get, Type, Value, table};
use crate::config::settings::Language;

/// A fact, or one name of a fact that is a map.
#[derive(Debug, Clone)]
pub struct FactPath {
    pub fact: &'static Fact,
    pub key: Option<Arc<str>>,
}

impl PartialEq for FactPath {
    fn eq(&self, other: &Self) -> bool {
        self.fact.name == other.fact.name && self.key == other.key
    }
}

impl FactPath {
    /// The fact called `name`, or the map entry that it spells.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        if let Some(fact) = table::find(name) {
            return Some(Self { fact, key: None });
        }
        table::all().filter(|fact| fact.value_type() == Type::Map).find_map(|fact| {
            let key = name.strip_prefix(fact.name)?.strip_prefix('.').filter(|key| !key.is_empty())?;
            Some(Self { fact, key: Some(Arc::from(key)) })
        })
    }

    /// What was meant by a name that is none, if that can be guessed.
    #[must_use]
    pub fn nearest(name: &str) -> Option<&'static str> {
        table::nearest(name)
    }

    #[must_use]
    pub fn name(&self) -> String {
        match &self.key {
            Some(key) => format!("{}.{key}", self.fact.name),
            None => self.fact.name.to_owned(),
        }
    }

    /// What it is: the fact's documentation up to its first remark, with the name in a map.
    #[must_use]
    pub fn label(&self, language: Language) -> String {
        let text = match language {
            Language::En => self.fact.en,
            Language::Zh => self.fact.zh,
        };
        let ends = |at: usize, c: char| match c {
            '（' | '；' => true,
            ' ' => text.get(at + 1..).is_some_and(|rest| rest.starts_with('(')),
            ':' | ',' | ';' => text.get(at + 1..).is_some_and(|rest| rest.starts_with(' ')),
            _ => false,
        };
        let end = text.char_indices().find(|(at, c)| ends(*at, *c)).map_or(text.len(), |(at, _)| at);
        let text = text.get(..end).unwrap_or(text);
        match &self.key {
            Some(key) => format!("{text} {key}"),
            None => text.to_owned(),
        }
    }

    #[must_use]
    pub fn value<'a>(&self, facts: &'a Facts) -> Option<Value<'a>> {
        match &self.key {
            None => self.fact.value(facts),
            Some(key) => match self.fact.entry(facts, key) {
                Entry::Present(text) => Some(Value::Text(text)),
                Entry::Absent | Entry::Unknown => None,
            },
        }
    }

    /// Whether the input shows that it is not there.
    #[must_use]
    pub fn is_absent(&self, facts: &Facts) -> bool {
        self.key.as_ref().is_some_and(|key| self.fact.entry(facts, key) == Entry::Absent)
    }

    /// Whether it names a whole map.
    #[must_use]
    pub fn is_map(&self) -> bool {
        matches!(self.fact.get, Get::Map(_)) && self.key.is_none()
    }
}
