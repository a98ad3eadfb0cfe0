//! The program's own events in the log.

use coswhy::observe::log::Format;
use coswhy::observe::program::EventLog;
use serde_json::json;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt};

use super::sinks::{Memory, observer};

fn logged(format: Format, level: LevelFilter, act: impl FnOnce()) -> Memory {
    let memory = Memory::default();
    let observer = observer(memory.clone(), format);
    let subscriber = tracing_subscriber::registry().with(EventLog::new(&observer).with_filter(level));
    tracing::subscriber::with_default(subscriber, act);
    assert!(observer.flush());
    memory
}

#[test]
fn an_event_is_one_json_object_with_its_fields_and_spans() {
    let memory = logged(Format::Json, LevelFilter::INFO, || {
        let span = tracing::info_span!("connection", client = "192.0.2.1:5000");
        let _inside = span.enter();
        tracing::warn!(attempts = 3_u64, ratio = 0.5, fresh = true, name = "a\"b", "dial failed: {}", "why");
        tracing::debug!("not wanted");
    });
    let mut lines = memory.lines();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].as_object_mut().unwrap().remove("timestamp").is_some());
    assert_eq!(
        lines[0],
        json!({
            "level": "WARN",
            "message": "dial failed: why",
            "target": module_path!(),
            "span": "connection{client=192.0.2.1:5000}",
            "fields": {"attempts": 3, "ratio": 0.5, "fresh": true, "name": "a\"b"},
        })
    );
}

#[test]
fn numbers_that_json_does_not_have_become_text() {
    let memory = logged(Format::Json, LevelFilter::INFO, || tracing::info!(ratio = f64::NAN, "x"));
    assert_eq!(memory.lines()[0]["fields"]["ratio"], "NaN");
}

#[test]
fn a_span_that_was_asked_for_says_when_it_ends() {
    let act = || tracing::debug_span!("address", host = "h").in_scope(|| ());
    assert!(logged(Format::Json, LevelFilter::INFO, act).text().is_empty());
    let line = logged(Format::Json, LevelFilter::DEBUG, act).lines()[0].clone();
    assert_eq!(line["message"], "span ended");
    assert_eq!(line["span"], "address{host=h}");
    assert!(line["fields"]["duration_ms"].is_f64());
}

#[test]
fn events_carry_no_secrets() {
    let act = || {
        tracing::error!(header = "q-signature=0123456789abcdef", "bad: x-cos-security-token=hunter2hunter2");
        let value = http::HeaderValue::from_static("hunter2");
        let fields = http::HeaderMap::from_iter([(http::header::COOKIE, value)]);
        tracing::error!(?fields, cookie = "hunter2", security_token = "hunter2", "x");
    };
    for format in [Format::Json, Format::Pretty { colour: false }] {
        let text = logged(format, LevelFilter::INFO, act).text();
        assert!(!text.contains("0123456789abcdef") && !text.contains("hunter2"), "{text}");
    }
}

#[test]
fn an_event_reads_well_on_a_terminal() {
    let memory = logged(Format::Pretty { colour: false }, LevelFilter::INFO, || {
        tracing::info!(listen = "127.0.0.1:8080", "listening");
    });
    assert_eq!(memory.text().split_once(' ').unwrap().1, "INFO  listening  listen=127.0.0.1:8080\n");
}
