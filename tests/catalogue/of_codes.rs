//! What is said of each single code of the vendor: words of its own and something to do, in both languages, in
//! whatever shape the code comes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use coswhy::config::settings::Language;
use coswhy::diagnosis::report::Explanation;
use coswhy::diagnosis::{Diagnosis, Engine, Exchange, ResponseEvidence, Seen};
use ulid::Ulid;

use crate::cases::{error_body, fields};
use crate::coverage::records;

const REQUEST_ID: &str = "NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=";

/// Codes that are one: spelt in two ways, or one service's name for the other's.
const SAME: [(&str, &str); 1] = [("Request has expired", "SignatureExpired")];

fn answered(status: u16, headers: &[&str], body: impl Into<String>) -> Exchange {
    let mut all = vec!["Server: tencent-cos".to_owned(), format!("x-cos-request-id: {REQUEST_ID}")];
    all.extend(headers.iter().map(|&header| header.to_owned()));
    Exchange {
        response: ResponseEvidence {
            status: Some(status),
            headers: fields(&all, Seen::All),
            body: Some(body.into().into()),
        },
        ..Exchange::default()
    }
}

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builtin().unwrap());

fn diagnose(exchange: &Exchange) -> Diagnosis {
    ENGINE.diagnose(exchange, Ulid::nil())
}

/// A code in the shape in which its service says it.
fn in_its_shape(status: u16, code: &str, meaning: &str, message: &str) -> Exchange {
    if meaning.contains("vector buckets") {
        let header = format!("x-cos-error-code: {code}");
        let body = format!(r#"{{"message":"{message}"}}"#);
        return answered(status, &["Content-Type: application/json", &header], body);
    }
    answered(status, &["Content-Type: application/xml"], error_body(code, Some(message), ""))
}

#[test]
fn every_code_has_a_summary_of_its_own_and_something_to_do() {
    for language in [Language::En, Language::Zh] {
        let mut said: BTreeMap<String, String> = BTreeMap::new();
        for row in records(include_str!("cos-error-codes.csv")) {
            let (status, code, meaning) = (row[0].parse().unwrap(), row[1].as_str(), row[2].as_str());
            let found = diagnose(&in_its_shape(status, code, meaning, "M."));
            let explanation = found.explanation(language);
            let (summary, fixes) = (explanation.diagnosis.summary, explanation.diagnosis.fixes);
            assert!(fixes.iter().any(|fix| !fix.says.is_empty()), "{code}: nothing to do");
            let enough = if language == Language::En { 40 } else { 10 };
            assert!(summary.chars().count() >= enough && summary != *meaning, "{code}: {summary}");
            let code = SAME.iter().find(|same| same.1 == code).map_or(code, |same| same.0);
            if let Some(other) = said.insert(summary.clone(), code.to_owned()) {
                assert_eq!(other, code, "both have the words: {summary}");
            }
        }
    }
}

#[test]
fn the_words_of_a_code_are_whole_without_any_fact_and_fit_in_the_header() {
    for rule in ENGINE.rules() {
        for (code, words) in &rule.codes {
            let facts = coswhy::diagnosis::facts::Facts::default();
            let english = words.summary.en.fill(&facts, Language::En);
            assert!(!english.is_empty() && english.is_ascii() && english.len() <= 200, "{code}: {english}");
            assert!(!words.summary.zh.fill(&facts, Language::Zh).is_empty(), "{code}");
        }
    }
}

#[test]
fn a_vector_bucket_s_message_is_shown_though_its_code_is_in_the_header_alone() {
    let exchange = in_its_shape(400, "KmsNotFoundException", "vector buckets", "key abc is gone");
    let explanation = diagnose(&exchange).explanation(Language::En);
    assert_eq!(explanation.diagnosis.cause, "kms-key-unusable");
    assert!(explanation.diagnosis.summary.ends_with("COS says: key abc is gone"), "{explanation:?}");
}

/// HEAD has no body, and vector buckets may leave it empty.
#[test]
fn a_code_in_the_header_of_an_empty_answer_is_enough() {
    for (status, code, cause) in [
        (404, "NoSuchKey", "key-not-found"),
        (404, "NotFoundException", "vector-not-found"),
        (403, "AccessDeniedException", "vector-access-denied"),
        (451, "UnavailableForLegalReasons", "account-in-arrears"),
        (403, "InvalidObjectState", "object-archived"),
    ] {
        let header = format!("x-cos-error-code: {code}");
        assert_eq!(&*diagnose(&answered(status, &[&header], "")).cause, cause, "{code}");
    }
}

#[test]
fn a_website_host_s_html_leads_where_the_xml_would() {
    for (status, code, message, cause) in [
        (404, "NoSuchKey", "The specified key does not exist.", "key-not-found"),
        (404, "NoSuchBucket", "The specified bucket does not exist.", "bucket-not-found"),
        (404, "NoSuchWebsiteConfiguration", "No website.", "configuration-not-found"),
        (403, "AccessDenied", "You are denied by bucket referer rule", "referer-denied"),
        (405, "MethodNotAllowed", "The method is not allowed.", "method-not-allowed"),
        (
            451,
            "UnavailableForLegalReasons",
            "Due to your account is arrears, it is unavailable until you recharge.",
            "account-in-arrears",
        ),
    ] {
        let body = format!(
            "<html>\n<head><title>{status} X</title></head>\n<body>\n<h1>{status} X</h1>\n<ul>\n\
             <li>Code: {code}</li>\n<li>Message: {message}</li>\n<li>Key: index.html</li>\n\
             <li>RequestId: {REQUEST_ID}</li>\n</ul>\n<hr/>\n</body>\n</html>\n"
        );
        let found = diagnose(&answered(status, &["Content-Type: text/html"], body));
        assert_eq!(&*found.cause, cause, "{code}");
    }
}

/// What is unpaid, what is blocked, what is used up: as COS words it, and as others do for it.
#[test]
fn the_wordings_of_402_and_451_are_told_apart() {
    for (status, code, message, cause, confidence) in [
        (
            451,
            "UnavailableForLegalReasons",
            "Due to your account is arrears, it is unavailable until you recharge.",
            "account-in-arrears",
            "certain",
        ),
        (
            451,
            "UnavailableForLegalReasons",
            "Unavailable until you recharge.",
            "account-in-arrears",
            "likely",
        ),
        (
            451,
            "UnavailableForLegalReasons",
            "The appid is unavailable for legal reasons",
            "account-in-arrears",
            "likely",
        ),
        (
            451,
            "UnavailableForLegalReasons",
            "The appid is unavailable due to content illegal.",
            "content-blocked",
            "likely",
        ),
        (451, "UnavailableForLegalReasons", "The object has been blocked.", "content-blocked", "likely"),
        (451, "UnavailableForLegalReasons", "", "account-in-arrears", "likely"),
        (451, "DomainAuditFailed", "", "domain-without-filing", "certain"),
        (402, "PaymentRequired", "The quota is used up.", "quota-exhausted", "likely"),
        (402, "PaymentRequired", "Account in arrears.", "account-in-arrears", "certain"),
        (402, "ServiceQuotaExceededException", "too many indexes", "vector-quota-exceeded", "certain"),
    ] {
        let found = diagnose(&answered(status, &[], error_body(code, Some(message), "")));
        assert_eq!((&*found.cause, found.confidence.as_str()), (cause, confidence), "{code} {message}");
    }
    for (status, cause) in [(402, "quota-exhausted"), (451, "account-in-arrears")] {
        assert_eq!(&*diagnose(&answered(status, &[], "")).cause, cause, "{status} without a body");
    }
}

#[test]
fn the_retired_json_api_s_numbers_are_told_apart() {
    let mut said: Vec<String> = Vec::new();
    for (code, message) in [
        (-96, "ERROR_PROXY_AUTH_EXPIRED"),
        (-97, "ERROR_PROXY_AUTH_FAILED"),
        (-79, "ERROR_PROXY_AUTH_SECRETID_NOEXIST"),
        (-133, "ERROR_CMD_BUCKET_NOTEXIST"),
        (-178, "ERROR_CMD_COS_PATH_CONFLICT"),
        (-9999, "UNKNOWN"),
    ] {
        let body = format!(r#"{{"code":{code},"message":"{message}","request_id":"{REQUEST_ID}"}}"#);
        let found = diagnose(&answered(400, &["Content-Type: application/json"], body));
        assert_eq!(&*found.cause, "legacy-json-api", "{code}");
        assert!(!said.contains(&found.summary), "{code}: {}", found.summary);
        said.push(found.summary);
    }
}

#[test]
fn an_unknown_code_comes_with_all_that_the_vendor_needs_to_look_it_up() {
    let found = diagnose(&answered(400, &[], error_body("NeverHeardOf", Some("Something new."), "")));
    let explanation: Explanation = found.explanation(Language::En);
    assert_eq!((&*found.cause, found.confidence.as_str()), ("unrecognised", "possible"));
    assert!(found.summary.contains("NeverHeardOf") && found.summary.contains("Something new."));
    let fixes: String = explanation.diagnosis.fixes.iter().map(|fix| fix.says.as_str()).collect();
    for part in [
        "https://console.cloud.tencent.com/cos5/diagnose",
        REQUEST_ID,
        "OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAxODc=",
        "2019-04-09T03:39:20Z",
    ] {
        assert!(fixes.contains(part), "{part} is not in {fixes}");
    }
}
