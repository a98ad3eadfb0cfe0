//! Failures that people reported in public, with the causes they came down to.

use std::fs;
use std::path::Path;

use coswhy::diagnosis::Engine;
use coswhy::evidence::read;
use serde_json::Value;
use ulid::Ulid;

#[test]
fn every_reported_failure_gets_one_of_its_causes() {
    let engine = Engine::builtin().unwrap();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let index: Value = serde_json::from_slice(&fs::read(cases.join("index.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for case in index.as_array().unwrap() {
        let file = case["file"].as_str().unwrap();
        let expected: Vec<&str> =
            case["causes"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let found = read(file, fs::File::open(cases.join(file)).unwrap()).unwrap();
        let diagnosis = engine.diagnose(&found[0].exchange, Ulid::nil());
        if !expected.contains(&&*diagnosis.cause) {
            wrong.push(format!(
                "{file}: {} ({}), expected {expected:?}",
                diagnosis.cause,
                diagnosis.confidence.as_str()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
