//! The one table of facts: conditions are checked against it, templates are filled from it, and `docs/facts.md`
//! is printed from it.

use super::value::{Entry, MapView, Type, Value};
use super::{
    Facts, archive, auth, client, clock, cors, cos, error, key, permission, post, proxy, recent, referer,
    request, response, signature, told,
};

/// A fact's name, type and meaning, and how to read it.
#[derive(Debug)]
pub struct Fact {
    pub name: &'static str,
    pub get: Get,
    pub kind: Kind,
    pub source: Source,
    /// What it is, as a label before its value.
    pub en: &'static str,
    pub zh: &'static str,
}

/// Reads a fact; `None` where the input does not show it.
#[derive(Debug, Clone, Copy)]
pub enum Get {
    Bool(fn(&Facts) -> Option<bool>),
    Int(fn(&Facts) -> Option<i64>),
    Text(for<'a> fn(&'a Facts) -> Option<&'a str>),
    List(for<'a> fn(&'a Facts) -> Option<&'a [String]>),
    Map(for<'a> fn(&'a Facts) -> Option<MapView<'a>>),
}

/// How a fact prints, and what must be masked in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Plain,
    /// One of a few words that are ours: nothing in it can be secret.
    Word,
    /// Seconds since the epoch.
    Instant,
    /// Seconds.
    Duration,
    SecretId,
    /// JSON that was made here, its values without secrets: a document takes it in as it is.
    Json,
    /// Path, query or both.
    Target,
    /// Text that others wrote, in which anything may be quoted.
    Free,
    HeaderFields,
    Parameters,
}

/// Which part of the exchange shows a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Request,
    Response,
    Client,
    Proxy,
}

impl Source {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Client => "client",
            Self::Proxy => "proxy",
        }
    }
}

impl Fact {
    pub(super) const fn new(
        name: &'static str,
        get: Get,
        kind: Kind,
        source: Source,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        Self { name, get, kind, source, en, zh }
    }

    #[must_use]
    pub fn value_type(&self) -> Type {
        match self.get {
            Get::Bool(_) => Type::Bool,
            Get::Int(_) => Type::Int,
            Get::Text(_) => Type::Text,
            Get::List(_) => Type::List,
            Get::Map(_) => Type::Map,
        }
    }

    /// The value, where it is known; a map has none as a whole.
    #[must_use]
    pub fn value<'a>(&self, facts: &'a Facts) -> Option<Value<'a>> {
        match self.get {
            Get::Bool(get) => get(facts).map(Value::Bool),
            Get::Int(get) => get(facts).map(Value::Int),
            Get::Text(get) => get(facts).map(|t| Value::Text(t.into())),
            Get::List(get) => get(facts).map(Value::List),
            Get::Map(_) => None,
        }
    }

    /// One name of a map.
    #[must_use]
    pub fn entry<'a>(&self, facts: &'a Facts, name: &str) -> Entry<'a> {
        match self.get {
            Get::Map(get) => get(facts).map_or(Entry::Unknown, |map| map.get(name)),
            _ => Entry::Unknown,
        }
    }
}

/// The groups in the order of the documentation.
static GROUPS: [&[Fact]; 17] = [
    error::FACTS,
    request::FACTS,
    response::FACTS,
    auth::FACTS,
    key::FACTS,
    signature::FACTS,
    clock::FACTS,
    cos::FACTS,
    permission::FACTS,
    cors::FACTS,
    referer::FACTS,
    archive::FACTS,
    post::FACTS,
    client::FACTS,
    proxy::FACTS,
    recent::FACTS,
    told::FACTS,
];

pub fn all() -> impl Iterator<Item = &'static Fact> {
    GROUPS.iter().flat_map(|group| group.iter())
}

#[must_use]
pub fn find(name: &str) -> Option<&'static Fact> {
    all().find(|fact| fact.name == name)
}

/// The known name most like `name`, if any is like it at all.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static str> {
    nearest_of(name, all().map(|fact| fact.name))
}

/// The candidate most like `name`, if any is like it at all.
pub fn nearest_of<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}
