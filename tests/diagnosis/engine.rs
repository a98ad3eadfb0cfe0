//! Which rule wins, what becomes of the others, and how their words are filled.

use coswhy::config::settings::Language;
use coswhy::diagnosis::{Confidence, Diagnosis, Engine, Exchange};

use crate::exchanges::{self, refused};

fn rule(id: &str, when: &str, confidence: &str, more: &str) -> String {
    format!("[[rule]]\nid = \"{id}\"\nwhen = '''{when}'''\nconfidence = \"{confidence}\"\n{more}\n")
}

const WORDS: &str = "[rule.en]\ntitle = \"t\"\nsummary = \"s\"";

fn engine(rules: &[String]) -> Engine {
    Engine::load(&[("my.toml".into(), rules.concat())]).unwrap()
}

fn novel() -> Exchange {
    refused(&[], "QuiteNew", "Nothing is known of this.")
}

fn diagnosed(rules: &[String]) -> Diagnosis {
    engine(rules).diagnose(&novel(), exchanges::id())
}

fn alternatives(diagnosis: &Diagnosis) -> Vec<(String, &'static str)> {
    let explanation = diagnosis.explanation(Language::En);
    explanation.diagnosis.alternatives.into_iter().map(|other| (other.cause, other.confidence)).collect()
}

#[test]
fn the_most_confident_match_wins_and_the_others_are_alternatives() {
    let diagnosis = diagnosed(&[
        rule("maybe", "error.code == 'QuiteNew'", "possible", WORDS),
        rule("surely", "error.code == 'QuiteNew'", "certain", WORDS),
        rule("hardly", "error.code == 'Other'", "certain", WORDS),
        rule("well", "error.code.startsWith('Quite')", "likely", WORDS),
    ]);
    assert_eq!((&*diagnosis.cause, diagnosis.confidence), ("surely", Confidence::Certain));
    assert_eq!(alternatives(&diagnosis), [("well".to_owned(), "likely"), ("maybe".to_owned(), "possible")]);
}

#[test]
fn a_rule_is_certain_where_it_says_so_and_as_sure_as_ever_elsewhere() {
    for (certain, confidence) in [
        ("error.message.startsWith('Nothing')", Confidence::Certain),
        ("error.message == ''", Confidence::Possible),
        ("auth.host_signed", Confidence::Possible),
    ] {
        let more = format!("certain = \"{certain}\"\n{WORDS}");
        let diagnosis = diagnosed(&[rule("it", "error.code == 'QuiteNew'", "possible", &more)]);
        assert_eq!((&*diagnosis.cause, diagnosis.confidence), ("it", confidence), "{certain}");
    }
}

#[test]
fn on_a_tie_the_first_in_the_file_wins() {
    let diagnosis = diagnosed(&[
        rule("first", "error.code == 'QuiteNew'", "likely", WORDS),
        rule("second", "error.code == 'QuiteNew'", "likely", WORDS),
    ]);
    assert_eq!(&*diagnosis.cause, "first");
}

#[test]
fn a_users_rule_goes_before_a_built_in_one_and_replaces_its_namesake() {
    let exchange = exchanges::expired();
    let mine = rule("mine", "error.code == 'AccessDenied'", "certain", WORDS);
    assert_eq!(&*engine(&[mine]).diagnose(&exchange, exchanges::id()).cause, "mine");
    let mine = rule("signature-expired", "error.code == 'Never'", "certain", WORDS);
    assert_ne!(&*engine(&[mine]).diagnose(&exchange, exchanges::id()).cause, "signature-expired");
}

#[test]
fn several_rules_conclude_one_cause_and_a_special_case_replaces_the_general_one() {
    let diagnosis = diagnosed(&[
        rule("general", "error.code == 'QuiteNew'", "certain", WORDS),
        rule(
            "special.a",
            "error.code == 'QuiteNew'",
            "likely",
            &format!("cause = \"special\"\nrefines = [\"general\"]\nalternatives = [\"elsewhere\"]\n{WORDS}"),
        ),
        rule("special.b", "error.code == 'QuiteNew'", "possible", &format!("cause = \"special\"\n{WORDS}")),
    ]);
    assert_eq!((&*diagnosis.cause, diagnosis.confidence), ("special", Confidence::Likely));
    assert_eq!(alternatives(&diagnosis), [("elsewhere".to_owned(), "possible")]);
}

#[test]
fn what_is_not_known_is_neither_true_nor_false() {
    let bare = |when: &str| {
        let mut exchange = novel();
        exchange.request = Default::default();
        engine(&[rule("x", when, "certain", WORDS)]).diagnose(&exchange, exchanges::id()).cause.to_string()
    };
    for (when, matches) in [
        ("auth.signed", false),
        ("!auth.signed", false),
        ("auth.signed == false", false),
        ("auth.scheme != 'none'", false),
        ("!(\"origin\" in request.headers)", false),
        ("!has(auth.signed)", true),
        ("auth.signed || error.code == 'QuiteNew'", true),
        ("error.code == 'QuiteNew' || auth.signed", true),
        ("!(auth.signed && error.code == 'Other')", true),
        ("!(error.code == 'Other' && auth.signed)", true),
        ("auth.signed && error.code == 'QuiteNew'", false),
        ("auth.signed ? true : true", false),
        ("auth.scheme in ['a', 'b'] || true", true),
        ("error.code in [auth.scheme, 'QuiteNew']", true),
        ("!(error.code in [auth.scheme, 'Other'])", false),
        ("9223372036854775807 + response.status > 0", false),
        ("!(9223372036854775807 + response.status > 0)", false),
        ("response.status / 0 == 1 || true", true),
        ("response.status % 0 == 1", false),
        ("auth.header_list[7] == 'host'", false),
        ("request.params['x'] == ''", false),
        ("size(error.code) == 8 && response.headers.server.endsWith('cos')", true),
        ("response.headers['x-absent'] == ''", false),
        ("!('x-absent' in response.headers)", true),
        ("(response.status == 403 ? error.code : error.message) == 'QuiteNew'", true),
        ("error.code + '!' == 'QuiteNew!' && -response.status < 0", true),
        ("'QuiteNew'.lowerAscii().matches('^quite')", true),
    ] {
        assert_eq!(bare(when) == "x", matches, "{when}");
    }
}

#[test]
fn there_is_always_a_diagnosis() {
    let diagnosis = Engine::default().diagnose(&Exchange::default(), exchanges::id());
    assert_eq!(&*diagnosis.cause, "unrecognised");
    assert!(!diagnosis.explanation(Language::Zh).title.is_empty());
}

#[test]
fn values_in_commands_and_documents_are_escaped() {
    let mut exchange = novel();
    exchange.request.target = Some("/it's%20%22%24(x)%22%3C%26".into());
    let more = format!(
        "fixes = [{{ id = \"a\", command = 'get {{cos.key}} {{cos.region|REGION}}' }}, {{ id = \"b\", document = '{{\"k\": \"{{cos.key}}\"}}' }}, \
         {{ id = \"c\", document = '<k>{{cos.key}}</k>' }}, {{ id = \"d\", command = 'get {{post.condition}}' }}, {{ id = \"e\", when = 'has(post.condition)' }}]\n\
         {WORDS}\nfixes = {{ a = \"a\", b = \"b\", c = \"c\", d = \"d\", e = \"e\" }}"
    );
    let diagnosis = engine(&[rule("x", "true", "certain", &more)]).diagnose(&exchange, exchanges::id());
    let fixes = diagnosis.explanation(Language::En).diagnosis.fixes;
    assert_eq!(fixes[0].command.as_deref(), Some(r#"get 'it'\''s "$(x)"<&' 'ap-guangzhou'"#));
    assert_eq!(fixes[1].document.as_deref(), Some(r#"{"k": "it's \"$(x)\"<&"}"#));
    assert_eq!(fixes[2].document.as_deref(), Some("<k>it&apos;s &quot;$(x)&quot;&lt;&amp;</k>"));
    assert_eq!((fixes[3].command.as_deref(), fixes.len()), (None, 4));
}

#[test]
fn a_users_words_fall_back_to_english() {
    let diagnosis = diagnosed(&[rule(
        "x",
        "true",
        "certain",
        "[rule.en]\ntitle = \"T\"\nsummary = \"S {error.code}.\"\n[rule.zh]\ntitle = \"题\"",
    )]);
    let explanation = diagnosis.explanation(Language::Zh);
    assert_eq!((explanation.title.as_str(), explanation.diagnosis.summary.as_str()), ("题", "S QuiteNew."));
}

#[test]
fn evidence_that_is_known_to_be_absent_is_null_and_unknown_evidence_is_left_out() {
    let more =
        format!("evidence = [\"request.headers.referer\", \"post.condition\", \"error.code\"]\n{WORDS}");
    let explanation = diagnosed(&[rule("x", "true", "certain", &more)]).explanation(Language::En);
    let json = serde_json::to_value(&explanation.diagnosis.evidence).unwrap();
    assert_eq!(
        json,
        serde_json::json!([
            {"fact": "request.headers.referer", "value": null, "source": "request", "says": "Request header referer: none."},
            {"fact": "error.code", "value": "QuiteNew", "source": "response", "says": "COS's error code: QuiteNew."},
        ])
    );
}
