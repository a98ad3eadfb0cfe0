//! The JSON line.

use std::sync::Arc;
use std::time::Duration;

use coswhy::config::settings::Language;
use coswhy::observe::log::Format;
use coswhy::observe::{Outcome, Record};
use proptest::prelude::*;
use serde_json::json;
use ulid::Ulid;

use super::sinks::{Memory, line_of, observer, refusal, success};

#[test]
fn a_success_shows_every_field_of_the_contract() {
    let mut line = line_of(success());
    let timestamp = line.as_object_mut().unwrap().remove("timestamp").unwrap();
    let timestamp = timestamp.as_str().unwrap();
    assert_eq!(timestamp.len(), "2026-11-24T02:17:48.123Z".len());
    assert!(timestamp.parse::<jiff::Timestamp>().is_ok(), "{timestamp}");
    let expected = json!({
        "level": "INFO",
        "message": "request forwarded",
        "request_id": "01JDK0000000000000000000AB",
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "client": "192.0.2.17:51234",
        "method": "GET",
        "host": "examplebucket-1250000000.cos.ap-beijing.myqcloud.com",
        "path": "/photos/a.jpg?imageMogr2/thumbnail/200x",
        "bucket": "examplebucket-1250000000",
        "region": "ap-beijing",
        "key": "photos/a.jpg",
        "status": 200,
        "outcome": "forwarded",
        "duration_ms": 12.345,
        "upstream_ms": 11.999,
        "bytes_in": 0,
        "bytes_out": 1024,
        "cos_request_id": "NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=",
    });
    assert_eq!(line, expected);
}

#[test]
fn what_is_not_known_is_absent() {
    let line = line_of(Record::new(Outcome::BadRequest));
    let mut names: Vec<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    let expected =
        ["bytes_in", "bytes_out", "duration_ms", "level", "message", "outcome", "request_id", "timestamp"];
    assert_eq!(names, expected);
}

#[test]
fn the_level_tells_refusals_and_failures_apart() {
    let level = |record| line_of(record)["level"].as_str().unwrap().to_owned();
    let with = |status, outcome| Record { status: Some(status), ..Record::new(outcome) };
    assert_eq!(level(refusal(Ulid::generate())), "WARN");
    assert_eq!(level(with(502, Outcome::UpstreamUnreachable)), "ERROR");
    assert_eq!(level(with(504, Outcome::UpstreamTimeout)), "ERROR");
    assert_eq!(level(with(503, Outcome::Overloaded)), "INFO");
    assert_eq!(level(with(404, Outcome::Forwarded)), "INFO");
    assert_eq!(level(Record::new(Outcome::ClientAborted)), "INFO");
}

#[test]
fn a_refusal_shows_its_diagnosis() {
    let id = Ulid::generate();
    let record = refusal(id);
    let explanation = record.diagnosis.as_ref().unwrap().explanation(Language::En);
    let line = line_of(record);
    assert_eq!(line["request_id"], id.to_string());
    assert_eq!(line["cause"], "signature-expired");
    assert_eq!(line["confidence"], "certain");
    assert_eq!(line["summary"], explanation.diagnosis.summary);
    assert_eq!(line["message"], "request refused: signature-expired");
    assert_eq!(line["cos_code"], "AccessDenied");
    assert_eq!(line["cos_message"], "Request has expired");
    assert_eq!(line["evidence"], serde_json::to_value(&explanation.diagnosis.evidence).unwrap());
    assert_eq!(line["evidence"][0]["fact"], "auth.expired_for");
}

#[test]
fn words_that_were_made_for_the_answer_are_taken_over() {
    let mut record = refusal(Ulid::generate());
    let chinese = record.diagnosis.as_ref().unwrap().explanation(Language::Zh);
    record.explanation = Some(Arc::new(chinese.clone()));
    assert_eq!(line_of(record)["summary"], chinese.diagnosis.summary);
}

#[test]
fn explain_reads_the_line_back() {
    let line = line_of(refusal(Ulid::generate())).to_string();
    let found = coswhy::evidence::read_text("log", &line).unwrap();
    assert_eq!(found.len(), 1);
    let exchange = &found[0].exchange;
    assert_eq!(exchange.response.status, Some(403));
    assert_eq!(exchange.request.method.as_deref(), Some("GET"));
}

#[test]
fn a_client_on_ipv6_is_shown_with_its_port() {
    let with = |client: &str| Record { client: Some(client.parse().unwrap()), ..success() };
    assert_eq!(line_of(with("[2001:db8::1]:443"))["client"], "[2001:db8::1]:443");
    assert_eq!(line_of(with("[::ffff:192.0.2.1]:443"))["client"], "192.0.2.1:443");
    // as told by a proxy, without a port
    assert_eq!(line_of(with("[2001:db8::1]:0"))["client"], "2001:db8::1");
    assert_eq!(line_of(with("192.0.2.1:0"))["client"], "192.0.2.1");
}

fn anything() -> impl Strategy<Value = String> {
    // Any text, and bytes that were no text before they were made one.
    prop_oneof![
        any::<String>(),
        proptest::collection::vec(any::<u8>(), 0..64)
            .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        proptest::collection::vec(any::<u8>(), 0..64)
            .prop_map(|bytes| bytes.into_iter().map(char::from).collect()),
    ]
}

prop_compose! {
    fn nasty()(
        texts in proptest::collection::vec(anything(), 9),
        status in proptest::option::of(100_u16..600),
        micros in any::<u64>(),
        (bytes_in, bytes_out) in any::<(u64, u64)>(),
    ) -> Record {
        let [method, host, path, bucket, region, key, cos_request_id, error, trace_id] =
            <[String; 9]>::try_from(texts).unwrap();
        Record {
            method, host, path, status, bytes_in, bytes_out,
            bucket: Some(bucket),
            region: Some(region),
            key: Some(key),
            cos_request_id: Some(cos_request_id),
            error: Some(error),
            trace_id: Some(trace_id),
            duration: Duration::from_micros(micros),
            ..Record::new(Outcome::UpstreamFailed)
        }
    }
}

proptest! {
    #[test]
    fn any_record_is_one_line_of_valid_json(record in nasty()) {
        let memory = Memory::default();
        let observer = observer(memory.clone(), Format::Json);
        let method = record.method.clone();
        observer.record(record);
        prop_assert!(observer.flush());
        let text = memory.text();
        prop_assert_eq!(text.matches('\n').count(), 1);
        prop_assert!(!text.trim_end().contains(char::is_control));
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        if !method.is_empty() && coswhy::cos::redact::target(&method) == method {
            prop_assert_eq!(line["method"].as_str(), Some(method.as_str()));
        }
    }

    #[test]
    fn any_record_is_one_line_on_a_terminal(record in nasty()) {
        let memory = Memory::default();
        let observer = observer(memory.clone(), Format::Pretty { colour: false });
        observer.record(record);
        prop_assert!(observer.flush());
        let text = memory.text();
        // The request's line and the error's.
        prop_assert_eq!(text.matches('\n').count(), 2);
        prop_assert!(!text.replace('\n', "").contains(char::is_control));
    }
}
