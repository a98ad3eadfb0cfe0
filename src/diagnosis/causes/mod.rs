//! What the rules know of each cause, written down for people: `docs/causes.md`, `docs/causes/CAUSE.md`, and what
//! `coswhy rules show` prints.

mod index;
mod page;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use index::index;
pub use page::page;

use super::rules::{Rule, Template};
use crate::config::settings::Language;

/// A cause and the rules that conclude it, the one with its own name first.
#[derive(Debug)]
pub struct Cause<'r> {
    pub name: &'r str,
    pub rules: Vec<&'r Rule>,
}

impl<'r> Cause<'r> {
    /// What one rule alone knows.
    #[must_use]
    pub fn of(rule: &'r Rule) -> Self {
        Self { name: &rule.cause, rules: vec![rule] }
    }

    fn title(&self, language: Language) -> String {
        self.rules.first().map(|rule| rule.title.get(language).unfilled()).unwrap_or_default()
    }
}

/// Every cause, by name.
#[must_use]
pub fn all(rules: &[Arc<Rule>]) -> Vec<Cause<'_>> {
    let mut causes: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in rules {
        causes.entry(&rule.cause).or_default().push(rule);
    }
    let mut causes: Vec<Cause<'_>> = causes.into_iter().map(|(name, rules)| Cause { name, rules }).collect();
    for cause in &mut causes {
        cause.rules.sort_by_key(|rule| rule.id != rule.cause);
    }
    causes
}

/// Texts in their order, each once.
fn once(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

fn text(template: &Template) -> String {
    template.unfilled()
}
