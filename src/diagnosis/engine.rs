//! The rules, loaded and indexed, and the way from an exchange to its diagnosis.

use std::cmp::Reverse;
use std::sync::Arc;

use ulid::Ulid;

use super::exchange::Exchange;
use super::facts::Facts;
use super::rules::{Catalogue, Check, Index, Rule, RuleErrors, unrecognised};
use super::verdict::{Alternative, Confidence, Diagnosis, Finding};
use crate::config::Keys;
use crate::config::settings::Language;

const NOT_FROM_COS: &str = "not-from-cos";
/// The cause that is no cause: never an alternative to one.
const UNRECOGNISED: &str = "unrecognised";

/// The rule catalogue, ready to diagnose.
#[derive(Debug)]
pub struct Engine {
    rules: Vec<Arc<Rule>>,
    steps: Arc<[Check]>,
    no_steps: Arc<[Check]>,
    index: Index,
    fallback: Arc<Rule>,
}

impl Default for Engine {
    /// An engine without rules: everything is `unrecognised`.
    fn default() -> Self {
        Self::of(Catalogue::default())
    }
}

impl Engine {
    /// The built-in rules.
    ///
    /// # Errors
    /// A mistake in a built-in rule; the tests hold that there is none.
    pub fn builtin() -> Result<Self, RuleErrors> {
        Self::load(&[])
    }

    /// The built-in rules, extended or replaced by a user's files: path and text of each.
    ///
    /// # Errors
    /// Everything that is wrong in the files, with file, line and column.
    pub fn load(user_files: &[(String, String)]) -> Result<Self, RuleErrors> {
        Catalogue::load(user_files).map(Self::of)
    }

    fn of(catalogue: Catalogue) -> Self {
        let index = Index::new(&catalogue.rules);
        Self {
            rules: catalogue.rules,
            steps: catalogue.steps,
            no_steps: Arc::from(Vec::new()),
            index,
            fallback: Arc::new(unrecognised()),
        }
    }

    /// Every rule, a user's first.
    #[must_use]
    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    /// The cause of a failed exchange; there is always one, `unrecognised` at the least.
    #[must_use]
    pub fn diagnose(&self, exchange: &Exchange, id: Ulid) -> Diagnosis {
        self.diagnose_with(exchange, &Keys::default(), id)
    }

    /// The same, with SecretKeys at hand: what a client signed can then be found by trying.
    #[must_use]
    pub fn diagnose_with(&self, exchange: &Exchange, keys: &Keys, id: Ulid) -> Diagnosis {
        let facts = Facts::with_keys(exchange, keys);
        let (rule, alternatives) = self.conclude(&facts);
        let summary = summary(&rule, &facts);
        let steps = if is_refusal_of_cos(&facts) { &self.steps } else { &self.no_steps };
        Diagnosis {
            id,
            cause: Arc::clone(&rule.cause),
            confidence: confidence(&rule, &facts),
            summary,
            finding: Arc::new(Finding { rule, steps: Arc::clone(steps), alternatives, facts }),
        }
    }

    /// The most confident rule that matches, and the other causes that do.
    pub fn conclude(&self, facts: &Facts) -> (Arc<Rule>, Vec<Alternative>) {
        let candidates = self.index.candidates(facts);
        let mut matches: Vec<&Arc<Rule>> = candidates
            .into_iter()
            .filter_map(|number| self.rules.get(number))
            .filter(|rule| rule.when.eval(facts) == Some(true))
            .collect();
        let refined: Vec<Arc<str>> = matches
            .iter()
            .filter(|rule| rule.confidence >= Confidence::Likely)
            .flat_map(|rule| rule.refines.iter().cloned())
            .collect();
        matches.retain(|rule| !refined.contains(&rule.cause));
        matches.sort_by_key(|rule| Reverse(confidence(rule, facts)));
        let rule = matches.first().copied().unwrap_or(&self.fallback);
        (Arc::clone(rule), alternatives(rule, &matches, facts))
    }
}

/// The rule's, but no built-in rule is certain of what an answer means that COS may not have given.
fn confidence(rule: &Rule, facts: &Facts) -> Confidence {
    let foreign = facts.response.from_cos == Some(false) && &*rule.cause != NOT_FROM_COS && !rule.origin.user;
    let own = rule.confidence_in(facts);
    if foreign { own.min(Confidence::Likely) } else { own }
}

/// What else matched, then what the winner itself leaves open, each cause once.
fn alternatives(winner: &Rule, matches: &[&Arc<Rule>], facts: &Facts) -> Vec<Alternative> {
    let matched = matches
        .iter()
        .map(|rule| Alternative { cause: Arc::clone(&rule.cause), confidence: confidence(rule, facts) });
    let left_open = winner
        .alternatives
        .iter()
        .map(|cause| Alternative { cause: Arc::clone(cause), confidence: Confidence::Possible });
    let mut all: Vec<Alternative> = Vec::new();
    for alternative in matched.chain(left_open) {
        let known = *alternative.cause == *winner.cause
            || &*alternative.cause == UNRECOGNISED
            || all.iter().any(|other| other.cause == alternative.cause);
        if !known {
            all.push(alternative);
        }
    }
    all
}

/// The English summary; the title where every sentence of it hangs on what is not known.
fn summary(rule: &Rule, facts: &Facts) -> String {
    let summary = rule.summary_for(facts).en.fill(facts, Language::En);
    if summary.is_empty() { rule.title.en.fill(facts, Language::En) } else { summary }
}

/// The general steps are about COS's 403s: not about other statuses, nor about what others answered.
fn is_refusal_of_cos(facts: &Facts) -> bool {
    let by_cos = facts.response.from_cos != Some(false)
        && (facts.response.from_cos == Some(true) || facts.error.present == Some(true));
    by_cos && facts.response.status.is_none_or(|status| status == 403)
}
