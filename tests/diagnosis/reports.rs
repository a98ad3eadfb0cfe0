//! Header, JSON, XML and text of one diagnosis.

use coswhy::config::settings::Language;
use coswhy::diagnosis::{Engine, Exchange, report};

use crate::exchanges::{self, expired};

/// Rules of the test's own: the built-in ones change with what is learnt of COS.
fn engine() -> Engine {
    Engine::load(&[("my.toml".into(), RULE.into())]).unwrap()
}

/// No 403, so that the general steps stay out.
fn novel() -> Exchange {
    let signed = exchanges::authorization(exchanges::SERVER_TIME - 5430, exchanges::SERVER_TIME - 1830);
    let mut exchange =
        exchanges::refused(&[("Authorization", &signed)], "QuiteNew", "Nothing\u{1b}[2J is known of this.");
    exchange.response.status = Some(400);
    exchange
}

#[test]
fn a_diagnosis_is_reported_in_every_form() {
    let exchange = novel();
    let diagnosis = engine().diagnose(&exchange, exchanges::id());
    insta::assert_snapshot!("header", diagnosis.header_value().to_str().unwrap());
    let explanation = diagnosis.explanation(Language::En);
    insta::assert_json_snapshot!("json", explanation);
    let body = exchange.response.body.as_ref().unwrap();
    let annotated = report::xml::annotate(body, &explanation);
    // a control character is no XML, and COS would not send one
    assert!(annotated.is_none_or(|annotated| annotated.ends_with(b"</Diagnosis>\n</Error>\n")));
    insta::assert_json_snapshot!("json-zh", diagnosis.explanation(Language::Zh));
}

#[test]
fn the_annotation_stands_last_and_indented_as_the_rest() {
    let exchange = exchanges::refused(&[], "QuiteNew", "Nobody knows.");
    let diagnosis = Engine::default().diagnose(&exchange, exchanges::id());
    let body = exchange.response.body.as_ref().unwrap();
    let annotated = report::xml::annotate(body, &diagnosis.explanation(Language::En)).unwrap();
    insta::assert_snapshot!("xml", String::from_utf8(annotated).unwrap());
}

#[test]
fn people_read_it_so() {
    let explanation = engine().diagnose(&novel(), exchanges::id()).explanation(Language::En);
    insta::assert_snapshot!("text", report::text::render(&explanation, report::text::Style::default()));
    let explanation = engine().diagnose(&novel(), exchanges::id()).explanation(Language::Zh);
    let coloured =
        report::text::render(&explanation, report::text::Style { color: true, language: Language::Zh });
    assert!(coloured.contains("\x1b[1m新\x1b[0m") && coloured.contains("处理方法"), "{coloured}");
    assert!(!coloured.contains("\x1b[2J"));
}

const RULE: &str = r#"
[[rule]]
id = "new"
when = 'error.code == "QuiteNew"'
confidence = "likely"
alternatives = ["old"]
evidence = ["error.code", "auth.expired_for", "auth.secret_id", "request.headers.origin", "post.condition"]
checks = [
    { id = "signed", pass = "!auth.signed", link = "https://example.com/sign" },
    { id = "from-cos", pass = "response.from_cos" },
    { id = "other" },
]
fixes = [{ id = "sign", command = "coscli signurl {cos.bucket} {cos.key}" }, { id = "wait" }]
[rule.en]
title = "New"
summary = "COS said {error.code} at {clock.server}. It was signed by {auth.secret_id}."
checks = { signed = "It is not signed", from-cos = "COS answered", other = "Somebody looked" }
fixes = { sign = "Sign it.", wait = "Or wait." }
why.signed = { fail = "A signature was there. It ended at {auth.sign_end}." }
evidence.auth.expired_for = "It ran out {auth.expired_for} before."
[rule.zh]
title = "新"
summary = "COS 返回 {error.code}。已过期 {auth.expired_for}。"
"#;

#[test]
fn an_error_of_coswhys_own_looks_like_one_of_cos() {
    let (content_type, body) = report::own::own_error(
        504,
        "CoswhyUpstreamTimeout",
        "a < b & q-signature=abc",
        "/k?sign=x",
        exchanges::id(),
        false,
    );
    assert_eq!(content_type, "application/xml");
    insta::assert_snapshot!("own-xml", String::from_utf8(body).unwrap());
    let (content_type, body) =
        report::own::own_error(504, "CoswhyUpstreamTimeout", "a < b", "/k", exchanges::id(), true);
    assert_eq!(content_type, "application/problem+json");
    insta::assert_snapshot!("own-json", String::from_utf8(body).unwrap());
}

#[test]
fn only_a_whole_error_of_cos_is_annotated() {
    let diagnosis = Engine::default().diagnose(&expired(), exchanges::id());
    let explanation = diagnosis.explanation(Language::En);
    let annotated = |body: &str| report::xml::annotate(body.as_bytes(), &explanation).is_some();
    for (body, expected) in [
        ("<Error><Code>A</Code></Error>", true),
        ("\u{feff}<?xml version=\"1.0\"?>\r\n<Error>\r\n<Message>A</Message></Error>\r\n", true),
        ("<Error><!-- </Error> --><Code>A</Code><x><![CDATA[</Error>]]></x></Error>", true),
        ("<Error xmlns=\"x\"><Code/><Message>a</Message></Error >", true),
        ("", false),
        ("<Error></Error>", false),
        ("<Error/>", false),
        ("<Error><Code>A</Code>", false),
        ("<Error><Code>A</Error>", false),
        ("<Error><Code>A</Code></Error><Error><Code>A</Code></Error>", false),
        ("<Error><Code>A</Code><Diagnosis>x</Diagnosis></Error>", false),
        ("<Result><Error><Code>A</Code></Error></Result>", false),
        ("<html><Code>A</Code></html>", false),
        ("prose <Error><Code>A</Code></Error>", false),
        ("{\"code\": \"A\"}", false),
        ("<?xml version='1.0' encoding='gb2312'?><Error><Code>A</Code></Error>", false),
    ] {
        assert_eq!(annotated(body), expected, "{body}");
    }
}

#[test]
fn a_long_explanation_ends_its_lists_early_and_stays_json() {
    let mut exchange = expired();
    exchange.request.target = Some(format!("/{}", "%3C%26".repeat(100)));
    let engine = Engine::builtin().unwrap();
    let explanation = engine.diagnose(&exchange, exchanges::id()).explanation(Language::Zh);
    let whole = String::from_utf8(report::problem::json(&explanation)).unwrap();
    assert!(whole.len() > 4096);
    let annotated = report::xml::annotate(exchange.response.body.as_ref().unwrap(), &explanation).unwrap();
    let text = String::from_utf8(annotated).unwrap();
    let json = text.split_once("<Diagnosis>").unwrap().1.split_once("</Diagnosis>").unwrap().0;
    assert!(json.len() <= 4096 && json.len() > 2048, "{}", json.len());
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    assert!(!value["diagnosis"]["evidence"].as_array().unwrap().is_empty());
    assert!(!value["diagnosis"]["fixes"].as_array().unwrap().is_empty());
}

#[test]
fn a_short_explanation_is_the_same_in_xml_and_json() {
    let exchange = exchanges::refused(&[], "QuiteNew", "a &lt; b");
    let explanation = Engine::default().diagnose(&exchange, exchanges::id()).explanation(Language::En);
    let annotated = report::xml::annotate(exchange.response.body.as_ref().unwrap(), &explanation).unwrap();
    let text = String::from_utf8(annotated).unwrap();
    let json = text.split_once("<Diagnosis>").unwrap().1.split_once("</Diagnosis>").unwrap().0;
    assert!(json.contains(r"a \u003c b"));
    let inside: serde_json::Value = serde_json::from_str(json).unwrap();
    let whole: serde_json::Value = serde_json::from_slice(&report::problem::json(&explanation)).unwrap();
    assert_eq!(inside, whole);
}
