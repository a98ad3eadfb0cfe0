//! The lists of an explanation: evidence, checklist and fixes, each filled from the facts.
//!
//! Rules' words are ours; every value that is put into them has its secrets taken out on the way (`facts::print`).

use std::fmt::Write as _;

use super::explanation::{Evidence, Fix, Outcome, Shown, Step};
use crate::config::settings::Language;
use crate::cos::redact;
use crate::diagnosis::facts::{self, FactPath, Facts, Value};
use crate::diagnosis::rules::{self, Check, Rule};

/// The facts that a rule shows; those that are not known are left out.
pub(super) fn evidence(rule: &Rule, facts: &Facts, language: Language) -> Vec<Evidence> {
    rule.evidence.iter().filter_map(|item| one_evidence(item, facts, language)).collect()
}

fn one_evidence(item: &rules::Evidence, facts: &Facts, language: Language) -> Option<Evidence> {
    let path = &item.path;
    let value = path.value(facts);
    if value.is_none() && !path.is_absent(facts) {
        return None;
    }
    let says = item.says.get(language).as_ref().map(|says| says.fill(facts, language));
    let says =
        says.filter(|says| !says.is_empty()).unwrap_or_else(|| sentence(path, value.as_ref(), language));
    Some(Evidence {
        fact: path.name(),
        value: value.as_ref().map_or(Shown::Absent, |value| shown(path, value)),
        source: path.fact.source.as_str(),
        says,
    })
}

fn shown(path: &FactPath, value: &Value<'_>) -> Shown {
    match value {
        Value::Bool(value) => Shown::Bool(*value),
        Value::Int(value) => Shown::Int(*value),
        Value::Text(_) => Shown::Text(facts::shortened(facts::raw(path, value)).into_owned()),
        Value::List(items) => Shown::List(items.iter().map(|item| redact::text(item).into_owned()).collect()),
    }
}

/// The general steps, then the rule's own.
pub(super) fn checklist(steps: &[Check], rule: &Rule, facts: &Facts, language: Language) -> Vec<Step> {
    steps
        .iter()
        .chain(&rule.checks)
        .filter(|check| check.when.as_ref().is_none_or(|when| when.eval(facts) == Some(true)))
        .map(|check| step(check, facts, language))
        .collect()
}

fn step(check: &Check, facts: &Facts, language: Language) -> Step {
    let why = check.why.get(language);
    let (outcome, why) = match check.eval(facts) {
        Some(true) => (Outcome::Pass, &why.pass),
        Some(false) => (Outcome::Fail, &why.fail),
        None => (Outcome::Unknown, &why.unknown),
    };
    let why = why.as_ref().map(|why| why.fill(facts, language)).filter(|why| !why.is_empty());
    Step {
        step: check.says.get(language).fill(facts, language),
        outcome,
        why: why.unwrap_or_else(|| readings(check, outcome, facts, language)),
        link: check.link.as_deref().map(str::to_owned),
    }
}

/// What a condition read, where the rule has no words for its outcome.
fn readings(check: &Check, outcome: Outcome, facts: &Facts, language: Language) -> String {
    let mut out = String::new();
    for path in check.reads().filter(|path| !path.is_map()) {
        let Some(value) = path.value(facts) else { continue };
        let separator = if out.is_empty() { "" } else { " " };
        let _ = write!(out, "{separator}{}", sentence(path, Some(&value), language));
    }
    if !out.is_empty() {
        return out;
    }
    let words = match (outcome, language) {
        (Outcome::Unknown, Language::En) => "The exchange does not show this; somebody has to look.",
        (Outcome::Unknown, Language::Zh) => "请求和响应无法反映这一点，需人工确认。",
        (_, Language::En) => "The exchange shows it.",
        (_, Language::Zh) => "从请求和响应可以确认。",
    };
    words.to_owned()
}

/// `Label: value.`, the sentence for facts without words of their own.
fn sentence(path: &FactPath, value: Option<&Value<'_>>, language: Language) -> String {
    let label = label(path, language);
    let value = match (value, language) {
        (Some(value), _) => facts::people(path, value, language),
        (None, Language::En) => "none".into(),
        (None, Language::Zh) => "无".into(),
    };
    // messages of COS end in a full stop of their own, or do not
    let value = value.trim_end_matches(['.', '。']);
    match language {
        Language::En => format!("{label}: {value}."),
        Language::Zh => format!("{label}：{value}。"),
    }
}

/// A fact's label, as the beginning of a sentence.
fn label(path: &FactPath, language: Language) -> String {
    let mut label = path.label(language);
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    label
}

/// What to do: about the code at hand, then the rule's own.
pub(super) fn fixes(rule: &Rule, facts: &Facts, language: Language) -> Vec<Fix> {
    let of_code = rule.of_code(facts).and_then(|code| code.fix.get(language).as_ref());
    let of_code = of_code.map(|says| Fix { says: says.fill(facts, language), command: None, document: None });
    let listed = rule
        .fixes
        .iter()
        .filter(|fix| fix.when.as_ref().is_none_or(|when| when.eval(facts) == Some(true)))
        .map(|fix| Fix {
            says: fix.says.get(language).fill(facts, language),
            command: fix.command.as_ref().and_then(|command| command.fill(facts)),
            document: fix.document.as_ref().and_then(|document| document.fill(facts)),
        });
    of_code.into_iter().chain(listed).collect()
}
