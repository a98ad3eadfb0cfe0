//! A rule as the engine runs it: conditions compiled, words parsed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::paste::Paste;
use super::template::Template;
use crate::config::settings::Language;
use crate::diagnosis::expression::Condition;
use crate::diagnosis::facts::{FactPath, Facts};
use crate::diagnosis::verdict::Confidence;

/// The same words in both languages.
#[derive(Debug, Clone, Default)]
pub struct Both<T> {
    pub en: T,
    pub zh: T,
}

impl<T> Both<T> {
    #[must_use]
    pub fn get(&self, language: Language) -> &T {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

#[derive(Debug)]
pub struct Rule {
    pub id: Arc<str>,
    pub cause: Arc<str>,
    pub when: Condition,
    pub confidence: Confidence,
    /// What makes it certain, where it is not always so.
    pub certain: Option<Condition>,
    /// Causes of which this one is a special case.
    pub refines: Vec<Arc<str>>,
    /// Causes that stay possible beside this one.
    pub alternatives: Vec<Arc<str>>,
    pub title: Both<Template>,
    pub summary: Both<Template>,
    /// What is said of single codes, where the rule is for several.
    pub codes: BTreeMap<Arc<str>, OfCode>,
    pub detail: Both<Option<Template>>,
    pub evidence: Vec<Evidence>,
    pub checks: Vec<Check>,
    pub fixes: Vec<Fix>,
    pub origin: Origin,
}

impl Rule {
    /// What it says of the code at hand, where it has words for that alone.
    #[must_use]
    pub fn of_code(&self, facts: &Facts) -> Option<&OfCode> {
        self.codes.get(facts.error.reason.as_deref()?)
    }

    /// The summary for the code at hand.
    #[must_use]
    pub fn summary_for(&self, facts: &Facts) -> &Both<Template> {
        self.of_code(facts).map_or(&self.summary, |code| &code.summary)
    }

    /// How sure it is of an exchange that it matches.
    #[must_use]
    pub fn confidence_in(&self, facts: &Facts) -> Confidence {
        match &self.certain {
            Some(certain) if certain.eval(facts) == Some(true) => Confidence::Certain,
            _ => self.confidence,
        }
    }
}

/// One code's own words, of a rule for several.
#[derive(Debug)]
pub struct OfCode {
    /// In place of the rule's.
    pub summary: Both<Template>,
    /// Before the rule's.
    pub fix: Both<Option<Template>>,
}

/// Where a rule was written.
#[derive(Debug, Clone)]
pub struct Origin {
    pub file: Arc<str>,
    pub line: usize,
    pub user: bool,
}

/// A fact to show, with the sentence that says what it means here.
#[derive(Debug)]
pub struct Evidence {
    pub path: FactPath,
    pub says: Both<Option<Template>>,
}

/// One step of the checklist.
#[derive(Debug)]
pub struct Check {
    pub id: Arc<str>,
    /// Neither this nor `fail`: the exchange can't show it, a person has to look.
    pub pass: Option<Condition>,
    /// What makes it fail, where that is not just the contrary of what makes it pass.
    pub fail: Option<Condition>,
    pub when: Option<Condition>,
    pub link: Option<Arc<str>>,
    pub says: Both<Template>,
    pub why: Both<Why>,
}

impl Check {
    /// Whether it passes; `None`: not known.
    #[must_use]
    pub fn eval(&self, facts: &Facts) -> Option<bool> {
        let pass = self.pass.as_ref().and_then(|pass| pass.eval(facts));
        match &self.fail {
            None => pass,
            Some(fail) if fail.eval(facts) == Some(true) => Some(false),
            Some(_) => pass.filter(|pass| *pass),
        }
    }

    /// The facts that it hangs on.
    pub fn reads(&self) -> impl Iterator<Item = &FactPath> {
        self.pass.iter().chain(&self.fail).flat_map(|condition| &condition.reads)
    }
}

/// What a step's outcome rests on, in words.
#[derive(Debug, Clone, Default)]
pub struct Why {
    pub pass: Option<Template>,
    pub fail: Option<Template>,
    pub unknown: Option<Template>,
}

#[derive(Debug)]
pub struct Fix {
    pub id: Arc<str>,
    pub when: Option<Condition>,
    pub command: Option<Paste>,
    pub document: Option<Paste>,
    pub says: Both<Template>,
}
