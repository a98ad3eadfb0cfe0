//! Nothing is missing in either language: the words of the rules, the labels of the facts, and all that is printed
//! around them. English has no Chinese in it, and Chinese no English sentences.

use std::sync::LazyLock;

use coswhy::config::settings::Language;
use coswhy::diagnosis::report::text;
use coswhy::diagnosis::rules::{Check, Template, Why};
use coswhy::diagnosis::{Confidence, Engine, causes, facts};
use coswhy::evidence::{Kind, Source};
use ulid::Ulid;

use crate::cases;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builtin().unwrap());

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

fn has_chinese(text: &str) -> bool {
    text.chars().any(is_chinese)
}

/// The longest row of plain lower-case English words, as sentences have them and names, settings and code do not.
fn english_sentence(text: &str) -> Option<String> {
    let mut row: Vec<&str> = Vec::new();
    let mut longest: Vec<&str> = Vec::new();
    for word in text.split(|c: char| c == ' ' || is_chinese(c)) {
        let plain = word.trim_end_matches([',', '.', ';', ':']);
        let is_word = plain.len() > 1 && plain.bytes().all(|b| b.is_ascii_lowercase()) || plain == "a";
        if is_word {
            row.push(word);
        } else {
            row.clear();
        }
        if row.len() > longest.len() {
            longest.clone_from(&row);
        }
    }
    // five in a row: commands such as `aws s3api list-objects` have fewer
    (longest.len() >= 5).then(|| longest.join(" "))
}

/// The reason that one outcome of a step has.
type OfOutcome = fn(&Why) -> &Option<Template>;

/// Every text of the built-in rules and of the general steps with a name for it, in both languages.
fn texts() -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    let mut put = |name: String, en: &Template, zh: &Template| {
        all.push((name, en.source().to_owned(), zh.source().to_owned()));
    };
    let check = |put: &mut dyn FnMut(String, &Template, &Template), of: &str, check: &Check| {
        put(format!("{of}: checks.{}", check.id), &check.says.en, &check.says.zh);
        let outcomes: [(&str, OfOutcome); 3] =
            [("pass", |why| &why.pass), ("fail", |why| &why.fail), ("unknown", |why| &why.unknown)];
        for (outcome, get) in outcomes {
            let name = format!("{of}: why.{}.{outcome}", check.id);
            match (get(&check.why.en), get(&check.why.zh)) {
                (Some(en), Some(zh)) => put(name, en, zh),
                (None, None) => {}
                _ => panic!("{name} is there in one language alone"),
            }
        }
    };
    for rule in ENGINE.rules() {
        put(format!("{}: title", rule.id), &rule.title.en, &rule.title.zh);
        put(format!("{}: summary", rule.id), &rule.summary.en, &rule.summary.zh);
        if let (Some(en), Some(zh)) = (&rule.detail.en, &rule.detail.zh) {
            put(format!("{}: detail", rule.id), en, zh);
        }
        for (code, words) in &rule.codes {
            put(format!("{}: codes.{code}", rule.id), &words.summary.en, &words.summary.zh);
            if let (Some(en), Some(zh)) = (&words.fix.en, &words.fix.zh) {
                put(format!("{}: codes.{code}.fix", rule.id), en, zh);
            }
        }
        for evidence in &rule.evidence {
            if let (Some(en), Some(zh)) = (&evidence.says.en, &evidence.says.zh) {
                put(format!("{}: evidence.{}", rule.id, evidence.path.name()), en, zh);
            }
        }
        for fix in &rule.fixes {
            put(format!("{}: fixes.{}", rule.id, fix.id), &fix.says.en, &fix.says.zh);
        }
        for one in &rule.checks {
            check(&mut put, &rule.id, one);
        }
    }
    all
}

#[test]
fn every_text_of_the_rules_is_in_its_own_language() {
    let mut wrong = Vec::new();
    for (name, en, zh) in texts() {
        if en.trim().is_empty() || has_chinese(&en) {
            wrong.push(format!("{name}: not English: {en}"));
        }
        if !has_chinese(&zh) || zh == en {
            wrong.push(format!("{name}: not Chinese: {zh}"));
        }
        if let Some(row) = english_sentence(&zh) {
            wrong.push(format!("{name}: English in the Chinese: {row}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Placeholders are what a text is about: one language must not tell less of the exchange than the other.
#[test]
fn both_languages_tell_the_same_facts() {
    let named = |text: &str| {
        let mut names: Vec<String> = text
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name.split('|').next().unwrap().to_owned())
            .filter(|name| name.contains('.') && !name.contains([' ', '\'']))
            .collect();
        names.sort();
        names.dedup();
        names
    };
    let wrong: Vec<String> = texts()
        .into_iter()
        .filter(|(_, en, zh)| named(en) != named(zh))
        .map(|(name, en, zh)| format!("{name}: {:?} and {:?}", named(&en), named(&zh)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fact_has_its_label_in_both() {
    for fact in facts::all() {
        assert!(!fact.en.is_empty() && !has_chinese(fact.en), "{}: {}", fact.name, fact.en);
        let name_by_itself = ["APPID", "COS Trace ID"].contains(&fact.zh);
        assert!(has_chinese(fact.zh) || name_by_itself, "{}: {}", fact.name, fact.zh);
    }
}

/// What the vendor's own documents and console call it; other words for the same would be looked for there in vain.
#[test]
fn chinese_has_the_vendor_s_terms() {
    let wrong_words = [
        ("分片上传", "分块上传"),
        ("桶策略语句", "存储桶策略"),
        ("跨源", "跨域"),
        ("盗链保护", "防盗链"),
        ("源站拉取", "回源"),
        ("归档存储类", "归档存储"),
        ("临时凭证", "临时密钥"),
        ("访问密钥 ID", "SecretId"),
        ("区域", "地域"),
        ("对象名称", "对象键"),
        ("生存周期", "生命周期"),
        ("服务器端加密", "服务端加密"),
        ("标头", "头部"),
        ("腾讯雲", "腾讯云"),
    ];
    let mut wrong = Vec::new();
    for (name, _, zh) in texts() {
        for (word, term) in wrong_words {
            if zh.contains(word) {
                wrong.push(format!("{name}: {word} in place of {term}"));
            }
        }
        // a bucket is 存储桶, never 桶 alone
        if zh.replace("存储桶", "").contains('桶') {
            wrong.push(format!("{name}: 桶 in place of 存储桶: {zh}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let all: String = texts().into_iter().map(|(_, _, zh)| zh).collect();
    for term in [
        "防盗链",
        "跨域访问",
        "临时密钥",
        "归档存储",
        "回源",
        "存储桶",
        "地域",
        "对象键",
        "分块上传",
        "访问管理",
        "文件碎片",
        "生命周期",
        "版本控制",
        "全球加速",
        "静态网站",
        "默认域名",
        "自定义源站域名",
        "密钥",
    ] {
        assert!(all.contains(term), "{term} is nowhere");
    }
}

#[test]
fn what_is_printed_around_the_words_is_in_the_language_too() {
    for case in cases::all() {
        let found = ENGINE.diagnose(&case.exchange(), Ulid::nil());
        let text =
            |language| text::render(&found.explanation(language), text::Style { color: false, language });
        let chinese = text(Language::Zh);
        for word in [
            "Evidence",
            "Checklist",
            "What to do",
            "Also possible",
            "COS said",
            "(certain)",
            "(likely)",
            "(possible)",
        ] {
            assert!(!chinese.contains(word), "{}: {word} in {chinese}", case.rule);
        }
        assert!(!has_chinese(&text(Language::En)) || case.tells_chinese(), "{}", text(Language::En));
    }
}

#[test]
fn places_and_confidences_are_told_in_both() {
    let kinds = [
        Kind::Body,
        Kind::Http,
        Kind::Har,
        Kind::Exception,
        Kind::CoswhyLog,
        Kind::AccessLog,
        Kind::Console,
        Kind::Explanation,
        Kind::RequestId,
    ];
    for kind in kinds {
        let place = Source { name: "-".to_owned(), kind, entry: 1, line: Some(1) };
        assert!(!has_chinese(&place.in_words(Language::En)), "{}", place.in_words(Language::En));
        let chinese = place.in_words(Language::Zh);
        assert!(chinese.starts_with("标准输入:1，") && !chinese.contains("entry"), "{chinese}");
    }
    for level in [Confidence::Possible, Confidence::Likely, Confidence::Certain] {
        assert!(has_chinese(level.in_words(Language::Zh)) && !has_chinese(level.in_words(Language::En)));
    }
}

#[test]
fn every_page_on_a_cause_is_whole_in_both() {
    for cause in causes::all(ENGINE.rules()) {
        let [english, chinese] = [Language::En, Language::Zh].map(|language| causes::page(&cause, language));
        // conditions quote what COS and its clients say, in whatever language
        let words = |page: &str| page.split("```").step_by(2).collect::<String>();
        let unquoted: String = words(&english).split('`').step_by(2).collect();
        assert!(!has_chinese(&unquoted), "{}: {unquoted}", cause.name);
        let headings = |page: &str| page.lines().filter(|line| line.starts_with('#')).count();
        assert_eq!(headings(&words(&english)), headings(&words(&chinese)), "{}", cause.name);
        for word in ["What it means", "How coswhy knows", "All of these", "One of these", "is not known"] {
            assert!(!words(&chinese).contains(word), "{}: {word}", cause.name);
        }
    }
}
