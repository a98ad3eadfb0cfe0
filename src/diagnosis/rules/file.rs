//! A rule file as it is written (TOML), before anything in it is checked against the facts.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use toml::Spanned;

use crate::diagnosis::verdict::Confidence;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub rule: Vec<RuleEntry>,
    #[serde(default)]
    pub step: Vec<StepEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleEntry {
    pub id: Spanned<String>,
    pub cause: Option<Spanned<String>>,
    pub when: Spanned<String>,
    pub confidence: Level,
    pub certain: Option<Spanned<String>>,
    #[serde(default)]
    pub refines: Vec<Spanned<String>>,
    #[serde(default)]
    pub alternatives: Vec<Spanned<String>>,
    pub evidence: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub checks: Vec<CheckEntry>,
    #[serde(default)]
    pub fixes: Vec<FixEntry>,
    pub en: Option<Spanned<WordsEntry>>,
    pub zh: Option<Spanned<WordsEntry>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckEntry {
    pub id: Spanned<String>,
    pub pass: Option<Spanned<String>>,
    pub fail: Option<Spanned<String>>,
    pub when: Option<Spanned<String>>,
    pub link: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FixEntry {
    pub id: Spanned<String>,
    pub when: Option<Spanned<String>>,
    pub command: Option<Spanned<String>>,
    pub document: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepEntry {
    pub id: Spanned<String>,
    pub pass: Option<Spanned<String>>,
    pub fail: Option<Spanned<String>>,
    pub when: Option<Spanned<String>>,
    pub link: Option<String>,
    pub en: Option<Spanned<StepWords>>,
    pub zh: Option<Spanned<StepWords>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepWords {
    pub says: Spanned<String>,
    pub why: Option<Spanned<Nested>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WordsEntry {
    pub title: Option<Spanned<String>>,
    pub summary: Option<Spanned<String>>,
    pub detail: Option<Spanned<String>>,
    #[serde(default)]
    pub checks: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub why: BTreeMap<String, Spanned<Nested>>,
    #[serde(default)]
    pub fixes: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub evidence: BTreeMap<String, Spanned<Nested>>,
    #[serde(default)]
    pub codes: BTreeMap<String, Spanned<CodeWords>>,
}

/// What is said of one code, where a rule is for several.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeWords {
    pub summary: Spanned<String>,
    pub fix: Option<Spanned<String>>,
}

/// A text, or texts by dotted names.
#[derive(Debug)]
pub(super) enum Nested {
    Text(String),
    Table(BTreeMap<String, Spanned<Self>>),
}

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Nested;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or a table of texts")
            }

            fn visit_str<E>(self, text: &str) -> Result<Nested, E> {
                Ok(Nested::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Nested, A::Error> {
                let mut table = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Spanned<Nested>>()? {
                    table.insert(name, value);
                }
                Ok(Nested::Table(table))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// The three words for how sure a rule is.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Level {
    Certain,
    Likely,
    Possible,
}

impl From<Level> for Confidence {
    fn from(level: Level) -> Self {
        match level {
            Level::Certain => Self::Certain,
            Level::Likely => Self::Likely,
            Level::Possible => Self::Possible,
        }
    }
}
