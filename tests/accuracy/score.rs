//! A case's score.

use std::fs;

use coswhy::config::settings::Language;
use coswhy::diagnosis::Engine;
use coswhy::diagnosis::report::problem;
use coswhy::evidence::{Evidence, read};
use serde_json::Value;
use ulid::Ulid;

use crate::cases::{self, Case};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The first answer is the cause.
    Right,
    /// The cause is among the alternatives.
    Among,
    Wrong,
    /// Something is said to be certain, and is not so.
    WrongAndCertain,
}

#[derive(Debug)]
pub(crate) struct Scored {
    pub(crate) case: Case,
    pub(crate) outcome: Outcome,
    /// The first answer with its confidence.
    pub(crate) answer: String,
}

impl Scored {
    /// One line of the list of misses.
    pub(crate) fn line(&self) -> String {
        let how = match self.outcome {
            Outcome::Right => "right",
            Outcome::Among => "among the alternatives",
            Outcome::Wrong => "wrong",
            Outcome::WrongAndCertain => "wrong and certain",
        };
        let Case { made, causes, .. } = &self.case;
        format!("| {} | {made} | {} | {} | {how} |", self.case.name(), causes.join(" or "), self.answer)
    }
}

pub(crate) fn all() -> Vec<Scored> {
    let engine = Engine::builtin().unwrap();
    cases::all().into_iter().map(|case| score(&engine, case)).collect()
}

fn score(engine: &Engine, case: Case) -> Scored {
    let file =
        fs::File::open(cases::root().join(case.name())).unwrap_or_else(|e| panic!("{}: {e}", case.name()));
    let Ok(found) = read(&case.file, file) else {
        let outcome =
            if case.causes.iter().any(|name| name == "nothing") { Outcome::Right } else { Outcome::Wrong };
        return Scored { case, outcome, answer: "nothing found".to_owned() };
    };
    let diagnoses: Vec<Value> = found.iter().map(|evidence| explained(engine, evidence)).collect();
    let right = |one: &Value| case.causes.iter().any(|name| one["cause"] == **name);
    let allowed = |one: &Value| right(one) || case.among.iter().any(|name| one["cause"] == **name);
    let first = &diagnoses[0];
    let alternatives = first["alternatives"].as_array().unwrap();
    let outcome = if diagnoses.iter().any(|one| one["confidence"] == "certain" && !allowed(one)) {
        Outcome::WrongAndCertain
    } else if right(first) {
        Outcome::Right
    } else if allowed(first) || alternatives.iter().any(allowed) {
        Outcome::Among
    } else {
        Outcome::Wrong
    };
    let answer = format!("{} ({})", first["cause"].as_str().unwrap(), first["confidence"].as_str().unwrap());
    Scored { case, outcome, answer }
}

/// What `coswhy explain --format json` says of it.
fn explained(engine: &Engine, evidence: &Evidence) -> Value {
    let diagnosis = engine.diagnose(&evidence.exchange, Ulid::nil());
    let whole: Value = serde_json::from_slice(&problem::json(&diagnosis.explanation(Language::En))).unwrap();
    whole["diagnosis"].clone()
}
