//! `/rules`: every rule that tells a cause, the operator's own first.

use std::time::SystemTime;

use serde::Serialize;

use super::answer::{self, Answer};
use super::query::{self, Query};
use crate::config::settings::Language;
use crate::diagnosis::Engine;
use crate::diagnosis::rules::Rule;

#[derive(Debug, Serialize)]
struct List<'a> {
    rules: Vec<Item<'a>>,
}

#[derive(Debug, Serialize)]
struct Item<'a> {
    id: &'a str,
    cause: &'a str,
    title: String,
    confidence: &'static str,
    /// `built-in`, or the operator's file.
    source: &'a str,
    /// Where the source has a page about the cause; null for a rule of the operator's own.
    causes_page: Option<String>,
}

impl<'a> Item<'a> {
    fn new(rule: &'a Rule, language: Language) -> Self {
        let own = rule.origin.user;
        Self {
            id: &rule.id,
            cause: &rule.cause,
            title: rule.title.get(language).unfilled(),
            confidence: rule.confidence.as_str(),
            source: if own { &rule.origin.file } else { "built-in" },
            causes_page: (!own).then(|| format!("docs/causes/{}.md", rule.cause)),
        }
    }
}

pub(super) fn list(engine: &Engine, language: Language, query: &str) -> Answer {
    let language = match Query::parse(query, query::LANGUAGE, SystemTime::now()) {
        Ok(query) => query.language.unwrap_or(language),
        Err(wrong) => return answer::bad_request(&wrong),
    };
    answer::json_of(&List { rules: engine.rules().iter().map(|rule| Item::new(rule, language)).collect() })
}
