//! How often the first answer is right: every case read as `coswhy explain` reads it, and its cause compared with
//! the true one. The score stands in docs/accuracy.md and may not fall.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod cases;
mod document;
mod score;

use std::collections::BTreeSet;
use std::fs;

use score::{Outcome, Scored};

fn document() -> String {
    fs::read_to_string(document::path()).unwrap_or_default()
}

#[test]
fn the_score_is_what_the_document_says() {
    let scored = score::all();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(document::path(), document::markdown(&scored)).unwrap();
    }
    let told = document();
    // A miss is known by its line in the document; one that is mended may stay there until the next printing.
    let new: Vec<String> = scored
        .iter()
        .filter(|one| one.outcome != Outcome::Right && !told.contains(&one.line()))
        .map(Scored::line)
        .collect();
    assert!(new.is_empty(), "not in docs/accuracy.md (UPDATE_DOCS=1 prints it anew):\n{}", new.join("\n"));
}

#[test]
fn nothing_is_wrong_and_certain() {
    let certain: Vec<String> =
        score::all().iter().filter(|one| one.outcome == Outcome::WrongAndCertain).map(Scored::line).collect();
    assert!(certain.is_empty(), "{}", certain.join("\n"));
}

#[test]
fn at_least_95_in_100_are_right() {
    let scored = score::all();
    let right = scored.iter().filter(|one| one.outcome == Outcome::Right).count();
    assert!(right * 100 >= scored.len() * 95, "{right} of {}", scored.len());
}

#[test]
fn every_cause_of_the_contract_is_there() {
    let cases = cases::all();
    let covered: BTreeSet<&str> =
        cases.iter().flat_map(|case| case.causes.iter().chain(&case.among)).map(String::as_str).collect();
    let missing: Vec<&str> = cases::FAMILIES
        .iter()
        .flat_map(|(_, causes)| *causes)
        .copied()
        .filter(|name| !covered.contains(name))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

#[test]
fn every_file_is_a_case_of_its_own() {
    let cases = cases::all();
    assert!(cases.len() >= 150);
    let named: BTreeSet<String> = cases.iter().map(cases::Case::name).collect();
    assert_eq!(named.len(), cases.len(), "an index names a file twice");
    for folder in cases::folders() {
        for entry in fs::read_dir(cases::root().join(&folder)).unwrap() {
            let file = entry.unwrap().file_name().to_string_lossy().into_owned();
            assert!(
                file == "index.json" || named.contains(&format!("{folder}/{file}")),
                "{folder}/{file} is in no index"
            );
        }
    }
}
