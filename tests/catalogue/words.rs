//! The texts: complete in both languages, and true where little is known.

use coswhy::config::settings::Language;
use coswhy::diagnosis::Engine;
use coswhy::diagnosis::facts::Facts;
use ulid::Ulid;

use crate::cases;

fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn every_rule_says_something_without_any_fact() {
    let facts = Facts::default();
    for rule in Engine::builtin().unwrap().rules() {
        for language in [Language::En, Language::Zh] {
            assert!(!rule.title.get(language).fill(&facts, language).is_empty(), "{}: title", rule.id);
            assert!(!rule.summary.get(language).fill(&facts, language).is_empty(), "{}: summary", rule.id);
            for fix in &rule.fixes {
                assert!(!fix.says.get(language).fill(&facts, language).is_empty(), "{}: {}", rule.id, fix.id);
            }
            for check in &rule.checks {
                assert!(
                    !check.says.get(language).fill(&facts, language).is_empty(),
                    "{}: {}",
                    rule.id,
                    check.id
                );
            }
        }
    }
}

#[test]
fn english_is_english_and_chinese_is_chinese() {
    let engine = Engine::builtin().unwrap();
    for case in cases::all() {
        let found = engine.diagnose(&case.exchange(), Ulid::nil());
        let english = found.explanation(Language::En);
        assert!(!has_chinese(&english.title) && !has_chinese(&english.detail), "{}", case.rule);
        let chinese = found.explanation(Language::Zh);
        assert!(has_chinese(&chinese.title) && has_chinese(&chinese.diagnosis.summary), "{}", case.rule);
        for (one, other) in english.diagnosis.checklist.iter().zip(&chinese.diagnosis.checklist) {
            assert!(!has_chinese(&one.step) && has_chinese(&other.step), "{}: {}", case.rule, one.step);
            assert!(!one.why.is_empty() && !other.why.is_empty(), "{}: no reason at {}", case.rule, one.step);
            assert_eq!(one.outcome, other.outcome);
        }
    }
}

#[test]
fn the_header_s_summary_fits_in_its_200_characters_and_is_ascii() {
    let engine = Engine::builtin().unwrap();
    for rule in engine.rules() {
        let bare = rule.summary.en.fill(&Facts::default(), Language::En);
        assert!(bare.len() <= 200 && bare.is_ascii(), "{}: {} {bare}", rule.id, bare.len());
    }
}

#[test]
fn links_lead_to_the_vendor() {
    for rule in Engine::builtin().unwrap().rules() {
        for link in rule.checks.iter().filter_map(|check| check.link.as_deref()) {
            let vendor = [
                "https://www.tencentcloud.com/document/product/",
                "https://console.cloud.tencent.com/",
                "https://github.com/tencentyun/",
            ];
            assert!(vendor.iter().any(|start| link.starts_with(start)), "{}: {link}", rule.id);
        }
    }
}
