//! docs/causes.md and its pages are printed from the rules.

use std::collections::BTreeMap;
use std::path::Path;

use coswhy::config::settings::Language;
use coswhy::diagnosis::Engine;
use coswhy::diagnosis::causes;

const MADE: &str =
    "<!-- Made from config/rules by `cargo test`: UPDATE_DOCS=1 cargo test --test diagnosis document -->";

/// Every document by its path in docs/.
fn fresh() -> BTreeMap<String, String> {
    let engine = Engine::builtin().unwrap();
    let causes = causes::all(engine.rules());
    let pages = causes.iter().map(|cause| {
        let [en, zh] = [Language::En, Language::Zh].map(|language| causes::page(cause, language));
        (format!("causes/{}.md", cause.name), format!("{MADE}\n\n{en}\n---\n\n{zh}"))
    });
    pages.chain([("causes.md".to_owned(), causes::index(&causes))]).collect()
}

#[test]
fn causes_document_is_fresh() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let fresh = fresh();
    let stale: Vec<_> = std::fs::read_dir(docs.join("causes"))
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !fresh.contains_key(&format!("causes/{name}")))
        .collect();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(docs.join("causes")).unwrap();
        for name in &stale {
            std::fs::remove_file(docs.join("causes").join(name)).unwrap();
        }
        for (path, text) in &fresh {
            if std::fs::read_to_string(docs.join(path)).ok().as_ref() != Some(text) {
                std::fs::write(docs.join(path), text).unwrap();
            }
        }
        return;
    }
    assert!(stale.is_empty(), "no cause has these pages: {stale:?}; {HOW}");
    for (path, text) in fresh {
        let there = std::fs::read_to_string(docs.join(&path)).unwrap_or_default();
        assert!(there == text, "docs/{path} is not what the rules say; {HOW}");
    }
}

const HOW: &str = "run UPDATE_DOCS=1 cargo test --test diagnosis document";

#[test]
fn a_page_says_the_condition_in_words() {
    let engine = Engine::builtin().unwrap();
    let causes = causes::all(engine.rules());
    let page = |language| {
        let cause = causes.iter().find(|cause| cause.name == "upload-too-slow").unwrap();
        causes::page(cause, language)
    };
    let english = page(Language::En);
    assert!(
        english.contains("COS's error code is one of `UserNetworkTooSlow`, `RequestTimeout`"),
        "{english}"
    );
    assert!(english.contains("COS's error code is not known"), "{english}");
    assert!(english.contains("COS's message has `network is too slow`"), "{english}");
    let chinese = page(Language::Zh);
    assert!(chinese.contains("COS 错误码为以下之一：`UserNetworkTooSlow`、`RequestTimeout`"), "{chinese}");
    assert!(chinese.contains("COS 错误码未知"), "{chinese}");
}
