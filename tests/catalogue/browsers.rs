//! What a page of another origin asked for, and the rule that would allow just that.

use coswhy::config::settings::Language;
use coswhy::diagnosis::report::Explanation;
use coswhy::diagnosis::report::explanation::Outcome;
use coswhy::diagnosis::{Engine, Exchange, RequestEvidence, ResponseEvidence, Seen};
use ulid::Ulid;

use crate::cases::{HOST, error_body, fields};

fn preflight(headers: &[&str], status: u16, answer: &[&str]) -> Exchange {
    let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    Exchange {
        request: RequestEvidence {
            method: Some("OPTIONS".to_owned()),
            scheme: Some("https".to_owned()),
            host: Some(HOST.to_owned()),
            target: Some("/a.png".to_owned()),
            headers: fields(&owned(headers), Seen::All),
            form: None,
        },
        response: ResponseEvidence {
            status: Some(status),
            headers: fields(&owned(answer), Seen::All),
            body: None,
        },
        ..Exchange::default()
    }
}

fn explained(exchange: &Exchange, language: Language) -> Explanation {
    Engine::builtin().unwrap().diagnose(exchange, Ulid::nil()).explanation(language)
}

fn documents(explanation: &Explanation) -> Vec<String> {
    explanation.diagnosis.fixes.iter().filter_map(|fix| fix.document.clone()).collect()
}

const BY_COS: &str = "x-cos-request-id: NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=";
const ASKS: [&str; 3] = [
    "Origin: https://app.example.com",
    "Access-Control-Request-Method: PUT",
    "Access-Control-Request-Headers: authorization, Content-Type,x-cos-acl",
];

#[test]
fn the_rule_to_add_has_just_what_the_preflight_asked_for() {
    let mut exchange = preflight(&ASKS, 403, &[BY_COS]);
    exchange.response.body =
        Some(error_body("AccessForbidden", Some("CORSResponse: not allowed."), "").into());
    for language in [Language::En, Language::Zh] {
        let found = explained(&exchange, language);
        assert_eq!(
            (found.diagnosis.cause.as_str(), found.diagnosis.confidence),
            ("cors-not-allowed", "certain")
        );
        let document = documents(&found).concat();
        assert!(document.contains("<AllowedOrigin>https://app.example.com</AllowedOrigin>\n"), "{document}");
        assert!(document.contains("<AllowedMethod>PUT</AllowedMethod>\n    <AllowedHeader>authorization</AllowedHeader>\n    <AllowedHeader>content-type</AllowedHeader>\n    <AllowedHeader>x-cos-acl</AllowedHeader>\n    <ExposeHeader>"), "{document}");
        let says: String = found.diagnosis.fixes.iter().map(|fix| fix.says.as_str()).collect();
        assert!(says.contains("authorization, content-type, x-cos-acl"), "{says}");
    }
}

#[test]
fn a_page_without_an_origin_needs_an_asterisk_and_no_headers_mean_all() {
    let found = explained(
        &preflight(&["Origin: null", "Access-Control-Request-Method: GET"], 403, &[BY_COS]),
        Language::En,
    );
    let document = documents(&found).concat();
    assert!(document.contains("<AllowedOrigin>*</AllowedOrigin>"), "{document}");
    assert!(document.contains("<AllowedHeader>*</AllowedHeader>"), "{document}");
}

#[test]
fn what_an_origin_brings_is_escaped() {
    let found = explained(
        &preflight(&["Origin: https://<x>&", "Access-Control-Request-Method: GET"], 403, &[BY_COS]),
        Language::En,
    );
    assert!(documents(&found).concat().contains("<AllowedOrigin>https://&lt;x&gt;&amp;</AllowedOrigin>"));
}

#[test]
fn the_part_that_a_preflights_answer_misses_is_named() {
    let origin = "Access-Control-Allow-Origin: https://app.example.com";
    for (answer, cause, says) in [
        (
            vec![origin, "Access-Control-Allow-Methods: GET"],
            "cors-not-allowed",
            "The method PUT is not allowed",
        ),
        (
            vec![origin, "Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: content-type"],
            "cors-not-allowed",
            "authorization, x-cos-acl",
        ),
        (vec!["Access-Control-Allow-Origin: https://b.example"], "cors-not-allowed", "https://b.example"),
        (vec![], "cors-not-allowed", "no Access-Control-Allow-Origin"),
    ] {
        let found = explained(&preflight(&ASKS, 200, &answer), Language::En);
        assert_eq!(found.diagnosis.cause, cause, "{answer:?}");
        assert!(found.diagnosis.summary.contains(says), "{}", found.diagnosis.summary);
    }
}

#[test]
fn a_method_that_no_rule_can_name_gets_no_rule() {
    let mut exchange =
        preflight(&["Origin: https://a.example", "Access-Control-Request-Method: PATCH"], 403, &[BY_COS]);
    exchange.response.body = Some(error_body("AccessForbidden", None, "").into());
    let found = explained(&exchange, Language::En);
    assert!(documents(&found).is_empty());
    assert!(found.diagnosis.fixes.iter().any(|fix| fix.says.contains("no rule can allow PATCH")));
}

/// Whether a Referer was sent, and what sends none, decides what to do.
#[test]
fn what_to_do_about_a_referer_fits_what_sent_the_request() {
    let words = |headers: &[&str]| {
        let mut exchange = preflight(headers, 403, &[BY_COS]);
        exchange.request.method = Some("GET".to_owned());
        let message = Some("You are denied by bucket referer rule");
        exchange.response.body = Some(error_body("AccessDenied", message, "").into());
        let found = explained(&exchange, Language::En).diagnosis;
        let fixes: Vec<String> =
            found.fixes.iter().map(|fix| format!("{}{:?}", fix.says, fix.document)).collect();
        (found.summary, fixes.join("\n"))
    };
    let (summary, fixes) = words(&["sec-fetch-site: none"]);
    assert!(summary.contains("address-bar") && fixes.contains("Allow empty referers"), "{fixes}");
    assert!(!fixes.contains("Referrer-Policy"));
    let (_, fixes) = words(&["sec-fetch-site: cross-site"]);
    assert!(fixes.contains("Referrer-Policy"), "{fixes}");
    let (summary, _) = words(&["User-Agent: Mozilla/5.0 MicroMessenger/8.0"]);
    assert!(summary.contains("wechat"), "{summary}");
    let (_, fixes) = words(&["Referer: https://www.shop.example:8443/a?b"]);
    assert!(fixes.contains("www.shop.example:8443") && !fixes.contains("<RefererType>"), "{fixes}");
    assert!(!fixes.contains("servicewechat"));
    let (_, fixes) = words(&["Referer: https://servicewechat.com/wx01/12/page-frame.html"]);
    assert!(fixes.contains("put servicewechat.com on the white list"), "{fixes}");
}

/// The general steps say it of every refusal that a page may not read.
#[test]
fn a_refusal_without_cors_headers_is_said_to_be_hidden_from_the_page() {
    let mut exchange = preflight(&["Origin: https://app.example.com"], 403, &[BY_COS]);
    exchange.request.method = Some("GET".to_owned());
    exchange.response.body = Some(error_body("AccessDenied", Some("Access Denied."), "").into());
    let hidden = |exchange: &Exchange| {
        let steps = explained(exchange, Language::En).diagnosis.checklist;
        steps.iter().any(|step| step.outcome == Outcome::Fail && step.why.contains("only a network error"))
    };
    assert!(hidden(&exchange));
    exchange.response.headers.push("Access-Control-Allow-Origin", "*");
    assert!(!hidden(&exchange));
}
