//! The cause that each input leads to: what was read is of use only if it does.
//!
//! `causes.txt` has a line an input: its name, and a cause for each failure in it. `signature-*` is any that begins so,
//! for which of a signature's causes the rules put first is theirs to say.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use coswhy::diagnosis::Engine;
use coswhy::evidence::read;
use ulid::Ulid;

#[test]
fn every_input_leads_to_its_cause() {
    let engine = Engine::builtin().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evidence");
    let mut found = BTreeMap::new();
    for file in fs::read_dir(folder.join("inputs")).unwrap().map(|entry| entry.unwrap().path()) {
        let causes: Vec<String> = read("input", fs::File::open(&file).unwrap())
            .unwrap_or_default()
            .iter()
            .map(|evidence| engine.diagnose(&evidence.exchange, Ulid::nil()).cause.to_string())
            .collect();
        found.insert(file.file_name().unwrap().to_string_lossy().into_owned(), causes);
    }
    let table = fs::read_to_string(folder.join("causes.txt")).unwrap();
    let mut wrong = Vec::new();
    for line in table.lines() {
        let mut words = line.split(' ');
        let file = words.next().unwrap();
        let expected: Vec<&str> = words.collect();
        match found.remove(file) {
            Some(causes)
                if causes.len() == expected.len()
                    && causes.iter().zip(&expected).all(|(cause, expected)| fits(cause, expected)) => {}
            causes => wrong.push(format!("{file}: {causes:?}, expected {expected:?}")),
        }
    }
    wrong.extend(found.into_keys().map(|file| format!("{file}: not in causes.txt")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn fits(cause: &str, expected: &str) -> bool {
    expected.strip_suffix('*').map_or(cause == expected, |beginning| cause.starts_with(beginning))
}
