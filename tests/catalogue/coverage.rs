//! Nothing that the vendor publishes ends as `unrecognised`.

use coswhy::diagnosis::{Engine, Exchange, ResponseEvidence, Seen};
use ulid::Ulid;

use crate::cases::{error_body, fields};

/// The causes that other parts, users and documents rely on by name.
const NAMED: &str = "
    anonymous-access-denied permission-denied temporary-key-policy cors-not-allowed referer-denied secret-id-unknown
    object-archived clock-skew signature-expired signature-mismatch
    signature-host-mismatch signature-path-encoding signature-header-changed signature-params-mismatch
    signature-method-mismatch signature-secret-wrong signature-malformed signature-not-yet-valid signature-strict-mode
    secret-id-malformed security-token-missing security-token-expired post-policy-expired post-policy-mismatch
    post-policy-malformed post-form-malformed
    path-style-forbidden default-domain-restricted bucket-without-appid website-read-only accelerate-unsupported
    legacy-json-api
    acl-permission-denied copy-source-denied copy-source-missing ci-role-missing account-in-arrears quota-exhausted
    content-length-missing content-md5-missing content-md5-mismatch aws-chunked-unsupported request-body-malformed
    upload-too-slow precondition-failed
    restore-in-progress key-not-found bucket-not-found bucket-name-taken rate-limited cos-unavailable
    not-from-cos caused-by-proxy cause-hidden";

/// The records of a comma-separated file with quoted fields, without its heading.
pub(crate) fn records(text: &str) -> Vec<Vec<String>> {
    text.lines().skip(1).map(record).collect()
}

fn record(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => fields.last_mut().unwrap().push(other),
        }
    }
    fields
}

fn answer(status: u16, code: &str, message: Option<&str>) -> Exchange {
    let body = if code == "(none)" { String::new() } else { error_body(code, message, "") };
    Exchange {
        response: ResponseEvidence {
            status: Some(status),
            headers: fields(&["Server: tencent-cos".to_owned()], Seen::All),
            body: Some(body.into()),
        },
        ..Exchange::default()
    }
}

#[test]
fn every_code_of_the_vendor_leads_to_a_cause() {
    let engine = Engine::builtin().unwrap();
    let unknown: Vec<String> = records(include_str!("cos-error-codes.csv"))
        .iter()
        .filter(|row| {
            let exchange = answer(row[0].parse().unwrap(), &row[1], None);
            &*engine.diagnose(&exchange, Ulid::nil()).cause == "unrecognised"
        })
        .map(|row| format!("{} {}", row[0], row[1]))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_code_alone_leads_to_the_same_cause_as_the_header_of_a_vector_bucket() {
    let engine = Engine::builtin().unwrap();
    let mut exchange = answer(403, "(none)", None);
    exchange.response.headers.push("x-cos-error-code", "AccessDeniedException");
    exchange.response.body = Some(r#"{"message":"no permission"}"#.into());
    assert_eq!(&*engine.diagnose(&exchange, Ulid::nil()).cause, "vector-access-denied");
}

#[test]
fn every_message_of_the_vendor_leads_to_a_cause_with_and_without_its_code() {
    let engine = Engine::builtin().unwrap();
    let mut unknown = Vec::new();
    for row in records(include_str!("cos-error-messages.csv")) {
        let (status, code, message) = (row[0].parse().unwrap(), &row[1], &row[2]);
        let message = (!message.is_empty()).then_some(message.as_str());
        let whole = engine.diagnose(&answer(status, code, message), Ulid::nil());
        if &*whole.cause == "unrecognised" {
            unknown.push(format!("{code} {message:?}"));
        }
        let Some(message) = message else { continue };
        let alone = Exchange {
            response: ResponseEvidence {
                body: Some(format!("<Error><Message>{message}</Message></Error>").into()),
                ..ResponseEvidence::default()
            },
            ..Exchange::default()
        };
        let alone = engine.diagnose(&alone, Ulid::nil());
        if &*alone.cause == "unrecognised" || &*alone.cause == "cause-hidden" {
            unknown.push(format!("{message:?} without its code: {}", alone.cause));
        }
    }
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

#[test]
fn letter_case_and_full_stops_of_a_message_do_not_matter() {
    let engine = Engine::builtin().unwrap();
    for row in records(include_str!("cos-error-messages.csv")) {
        let (status, code, message) = (row[0].parse().unwrap(), &row[1], &row[2]);
        let cause = |message: &str| engine.diagnose(&answer(status, code, Some(message)), Ulid::nil()).cause;
        if row[3] == "exact" {
            let as_printed = cause(message);
            assert_eq!(cause(message.trim_end_matches('.')), as_printed, "{message}");
            assert_eq!(cause(&format!("{}.", message.trim_end_matches('.'))), as_printed, "{message}");
            assert_eq!(cause(&message.to_uppercase()), as_printed, "{message}");
        }
    }
}

#[test]
fn every_cause_that_others_rely_on_has_a_rule() {
    let engine = Engine::builtin().unwrap();
    let missing: Vec<&str> = NAMED
        .split_whitespace()
        .filter(|cause| !engine.rules().iter().any(|rule| &*rule.cause == *cause))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_cause_that_a_rule_names_is_one() {
    let engine = Engine::builtin().unwrap();
    for rule in engine.rules() {
        for named in rule.refines.iter().chain(&rule.alternatives) {
            assert!(engine.rules().iter().any(|r| r.cause == *named), "{} names {named}", rule.id);
        }
    }
}
