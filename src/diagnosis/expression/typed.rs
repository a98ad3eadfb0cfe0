//! Compiled expressions, by the type of their value.

use std::borrow::Cow;
use std::sync::Arc;

use crate::diagnosis::facts::{Entry, FactPath, Facts, Get, MapView, Type};

pub(super) type BoolFn = Box<dyn Fn(&Facts) -> Option<bool> + Send + Sync>;
pub(super) type IntFn = Box<dyn Fn(&Facts) -> Option<i64> + Send + Sync>;
pub(super) type ListGet = for<'a> fn(&'a Facts) -> Option<&'a [String]>;
pub(super) type MapGet = for<'a> fn(&'a Facts) -> Option<MapView<'a>>;

/// A compiled expression.
pub(super) enum Typed {
    Bool(BoolFn),
    Int(IntFn),
    Text(Text),
    List(List),
    Map(MapGet),
}

/// A text: a tree rather than a closure, so that it can lend what the facts or the rule hold.
pub(super) enum Text {
    Literal(Arc<str>),
    Fact(for<'a> fn(&'a Facts) -> Option<&'a str>),
    Entry(MapGet, Box<Self>),
    Element(ListGet, IntFn),
    Lower(Box<Self>),
    Join(Box<Self>, Box<Self>),
    If(BoolFn, Box<Self>, Box<Self>),
}

pub(super) enum List {
    Fact(ListGet),
    Texts(Vec<Text>),
    Ints(Vec<IntFn>),
    Empty,
}

impl Typed {
    pub(super) fn value_type(&self) -> Type {
        match self {
            Self::Bool(_) => Type::Bool,
            Self::Int(_) => Type::Int,
            Self::Text(_) => Type::Text,
            Self::List(_) => Type::List,
            Self::Map(_) => Type::Map,
        }
    }

    pub(super) fn type_name(&self) -> &'static str {
        self.value_type().as_str()
    }

    /// The fact at `path`, or the entry of a map.
    pub(super) fn of(path: &FactPath) -> Self {
        match (path.fact.get, &path.key) {
            (Get::Map(get), Some(key)) => {
                Self::Text(Text::Entry(get, Box::new(Text::Literal(Arc::clone(key)))))
            }
            (Get::Map(get), None) => Self::Map(get),
            (Get::Bool(get), _) => Self::Bool(Box::new(get)),
            (Get::Int(get), _) => Self::Int(Box::new(get)),
            (Get::Text(get), _) => Self::Text(Text::Fact(get)),
            (Get::List(get), _) => Self::List(List::Fact(get)),
        }
    }
}

impl Text {
    pub(super) fn get<'s>(&'s self, facts: &'s Facts) -> Option<Cow<'s, str>> {
        match self {
            Self::Literal(text) => Some(Cow::Borrowed(text)),
            Self::Fact(get) => get(facts).map(Cow::Borrowed),
            Self::Entry(map, key) => {
                let key = key.get(facts)?;
                match map(facts)?.get(&key) {
                    Entry::Present(value) => Some(value),
                    Entry::Absent | Entry::Unknown => None,
                }
            }
            Self::Element(list, index) => {
                let index = usize::try_from(index(facts)?).ok()?;
                list(facts)?.get(index).map(|text| Cow::Borrowed(text.as_str()))
            }
            Self::Lower(text) => {
                let text = text.get(facts)?;
                if text.bytes().any(|b| b.is_ascii_uppercase()) {
                    Some(Cow::Owned(text.to_ascii_lowercase()))
                } else {
                    Some(text)
                }
            }
            Self::Join(a, b) => Some(Cow::Owned(a.get(facts)?.into_owned() + &b.get(facts)?)),
            Self::If(condition, yes, no) => {
                if condition(facts)? {
                    yes.get(facts)
                } else {
                    no.get(facts)
                }
            }
        }
    }
}
