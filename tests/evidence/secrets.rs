//! What inputs hold of secrets appears in no explanation.

use std::fs;
use std::path::Path;

use coswhy::config::settings::Language;
use coswhy::diagnosis::Engine;
use coswhy::diagnosis::report::{problem, text};
use coswhy::evidence::read;
use regex::Regex;
use ulid::Ulid;

#[test]
fn no_signature_and_no_token_of_an_input_is_shown() {
    let engine = Engine::builtin().unwrap();
    let secret = Regex::new(
        r"(?i)signature(?:=|%3D|: ?)[0-9a-f]{8}|0123456789012345678901234567890123456789|sign_?(?:key)?:? ?[0-9a-f]{40}|tokentoken",
    )
    .unwrap();
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evidence/inputs");
    let mut with_secrets = 0;
    for file in fs::read_dir(inputs).unwrap().map(|entry| entry.unwrap().path()) {
        let input = fs::read(&file).unwrap();
        with_secrets += usize::from(secret.is_match(&String::from_utf8_lossy(&input)));
        for evidence in read("input", input.as_slice()).unwrap_or_default() {
            let diagnosis = engine.diagnose(&evidence.exchange, Ulid::nil());
            for language in [Language::En, Language::Zh] {
                let explanation = diagnosis.explanation(language);
                let json = String::from_utf8(problem::json(&explanation)).unwrap();
                let page = text::render(&explanation, text::Style { color: false, language });
                for shown in [json, page, diagnosis.header_value().to_str().unwrap().to_owned()] {
                    assert!(!secret.is_match(&shown), "{}: {shown}", file.display());
                }
            }
        }
    }
    assert!(with_secrets > 10, "inputs with secrets are what this is about: {with_secrets}");
}
