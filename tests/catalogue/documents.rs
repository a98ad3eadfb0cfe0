//! What is to be pasted can be: every document of every case is JSON, XML, settings or a client's code from its first
//! character to its last.

use coswhy::config::settings::Language;
use coswhy::diagnosis::Engine;
use quick_xml::events::Event;
use ulid::Ulid;

use crate::cases::{Case, all};

fn mistake(document: &str) -> Option<String> {
    if document.trim_start().starts_with("[[") {
        return toml::from_str::<toml::Table>(document).err().map(|error| error.to_string());
    }
    if document.trim_start().starts_with(['{', '[']) {
        return serde_json::from_str::<serde_json::Value>(document).err().map(|error| error.to_string());
    }
    if !document.trim_start().starts_with('<') {
        return unbalanced(document);
    }
    let mut reader = quick_xml::Reader::from_str(document);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return None,
            Ok(_) => {}
            Err(error) => return Some(error.to_string()),
        }
    }
}

/// Code of many languages, and settings of as many tools, have brackets in pairs and quotes in even numbers.
fn unbalanced(document: &str) -> Option<String> {
    let mut open = Vec::new();
    for c in document.chars() {
        let closes = match c {
            '(' => Some(')'),
            '[' => Some(']'),
            '{' => Some('}'),
            _ => None,
        };
        open.extend(closes);
        if [')', ']', '}'].contains(&c) && open.pop() != Some(c) {
            return Some(format!("{c} closes nothing"));
        }
    }
    let odd = ['"', '\'', '`'].into_iter().find(|quote| document.matches(*quote).count() % 2 == 1);
    odd.map(|quote| format!("{quote} stands alone")).or_else(|| open.pop().map(|c| format!("{c} is missing")))
}

#[test]
fn every_document_is_whole() {
    let engine = Engine::builtin().unwrap();
    let (mut seen, mut wrong) = (0, Vec::new());
    for case in all() {
        let explanation = engine.diagnose(&case.exchange(), Ulid::nil()).explanation(Language::En);
        for document in explanation.diagnosis.fixes.iter().filter_map(|fix| fix.document.as_deref()) {
            seen += 1;
            wrong.extend(mistake(document).map(|error| format!("{}: {error}\n{document}", case.rule)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 20, "{seen} documents alone");
}

/// What each caller is to be given: everyone by the bucket, a user by CAM or the bucket, a temporary key by STS.
#[test]
fn the_policy_is_one_for_who_asked() {
    let engine = Engine::builtin().unwrap();
    let fixes = |rule: &str| {
        let case = all().into_iter().find(|case| case.rule == rule).unwrap();
        let explanation = engine.diagnose(&case.exchange(), Ulid::nil()).explanation(Language::En);
        let documents: Vec<String> =
            explanation.diagnosis.fixes.into_iter().filter_map(|fix| fix.document).collect();
        documents.join("\n")
    };
    let resource = "qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/holiday/beach.jpg";
    for (rule, has, lacks) in [
        ("anonymous-access-denied", vec!["anyone:anyone", "name/cos:GetObject"], vec!["statement"]),
        ("permission-denied", vec!["\"statement\"", "uin/OWNER-UIN:uin/USER-UIN"], vec!["anyone"]),
        ("temporary-key-policy", vec!["\"statement\""], vec!["Principal", "principal"]),
    ] {
        let documents = fixes(rule);
        assert!(documents.contains(resource), "{rule}: {documents}");
        assert!(has.iter().all(|part| documents.contains(part)), "{rule}: {documents}");
        assert!(!lacks.iter().any(|part| documents.contains(part)), "{rule}: {documents}");
    }
}

/// A key that policies would read as a pattern must not open more than the request asked for.
#[test]
fn no_key_makes_a_policy_wider_than_its_request() {
    let engine = Engine::builtin().unwrap();
    let documents = |target: &str| -> Vec<String> {
        let case: Case = toml::from_str(&format!(
            "rule = 'permission-denied'\nconfidence = 'likely'\nrequest = 'signed'\nmethod = 'PUT'\ntarget = '{target}'\n\
             status = 403\ncode = 'AccessDenied'\nmessage = 'Access Denied.'"
        ))
        .unwrap();
        let explanation = engine.diagnose(&case.exchange(), Ulid::nil()).explanation(Language::En);
        explanation.diagnosis.fixes.into_iter().filter_map(|fix| fix.document).collect()
    };
    let of_a_variable = documents("/$%7BNAME%7D/app.tgz");
    assert!(
        of_a_variable.iter().any(|document| document.contains("/${NAME}/app.tgz\"")),
        "{of_a_variable:?}"
    );
    assert!(of_a_variable.iter().all(|document| !document.contains("/*\"")), "{of_a_variable:?}");
    assert_eq!(documents("/dir/*.txt"), Vec::<String>::new());
}
