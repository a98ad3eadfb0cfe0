//! A request's record as spans, by the semantic conventions for HTTP
//! (<https://opentelemetry.io/docs/specs/semconv/http/http-spans/>).
//!
//! One SERVER span for the client's side, from its head to the end of the answer; in it one CLIENT span for COS's, from
//! sending the request to the head of the answer. The diagnosis is an event of the SERVER span, and its main points are
//! attributes, so that they can be searched by. Everything is redacted as in the log.

use std::time::SystemTime;

use http::Version;
use opentelemetry::trace::{
    Span, SpanBuilder, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId,
    TraceState, Tracer,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::SdkTracer;

use crate::cos::redact;
use crate::diagnosis::report::Explanation;
use crate::observe::record::{Outcome, Record};

/// What has its name in the conventions; any other method is called HTTP.
const METHODS: [&str; 10] =
    ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "QUERY"];

pub(super) struct Made {
    pub(super) trace_id: String,
    pub(super) spans: usize,
}

/// `None` where the trace is not sampled.
pub(super) fn make(
    tracer: &SdkTracer,
    at: SystemTime,
    record: &Record,
    explanation: Option<&Explanation>,
) -> Option<Made> {
    let began = at.checked_sub(record.duration).unwrap_or(at);
    let known = METHODS.into_iter().find(|method| *method == record.method);
    let name = known.unwrap_or("HTTP");
    let builder = SpanBuilder::from_name(name).with_kind(SpanKind::Server).with_start_time(began);
    let mut server = tracer.build_with_context(builder, &parent(record));
    if !server.is_recording() {
        return None;
    }
    let shared = shared(record, known);
    server.set_attributes(shared.iter().cloned());
    server.set_attributes(of_server(record));
    if let Some(explanation) = explanation {
        server.set_attributes(of_diagnosis(explanation));
        server.add_event_with_timestamp("coswhy.diagnosis", at, of_event(record, explanation));
    }
    if record.status.is_none_or(|status| status >= 500) {
        server.set_status(Status::error(
            record.error.as_deref().map(|e| redact::text(e).into_owned()).unwrap_or_default(),
        ));
    }
    let context = Context::new().with_remote_span_context(server.span_context().clone());
    let client = record.sent.map(|how| {
        let sent = began + how.after.min(record.duration);
        let builder = SpanBuilder::from_name(name)
            .with_kind(SpanKind::Client)
            .with_start_time(sent)
            .with_attributes(shared.into_iter().chain(of_client(record, how.scheme)));
        let mut client = tracer.build_with_context(builder, &context);
        if error_type(record, 400).is_some() {
            client.set_status(Status::error(""));
        }
        client.end_with_timestamp(record.upstream.map_or(at, |upstream| sent + upstream));
    });
    let trace_id = server.span_context().trace_id().to_string();
    server.end_with_timestamp(at);
    Some(Made { trace_id, spans: 1 + usize::from(client.is_some()) })
}

/// The span of the client, where it named one.
fn parent(record: &Record) -> Context {
    let context = || {
        let trace = TraceId::from_hex(record.trace_id.as_deref()?).ok()?;
        let parent = record.parent?;
        let flags = if parent.sampled { TraceFlags::SAMPLED } else { TraceFlags::default() };
        let span = SpanId::from(parent.span_id);
        Some(SpanContext::new(trace, span, flags, true, TraceState::NONE))
    };
    context().map_or_else(Context::new, |parent| Context::new().with_remote_span_context(parent))
}

/// What both spans say.
fn shared(record: &Record, known: Option<&'static str>) -> Vec<KeyValue> {
    let mut attributes = vec![KeyValue::new("http.request.method", known.unwrap_or("_OTHER"))];
    if known.is_none() && !record.method.is_empty() {
        attributes
            .push(KeyValue::new("http.request.method_original", redact::target(&record.method).into_owned()));
    }
    let (host, _) = split(&record.host);
    if !host.is_empty() {
        attributes.push(KeyValue::new("server.address", redact::target(host).into_owned()));
    }
    if let Some(status) = record.status {
        attributes.push(KeyValue::new("http.response.status_code", i64::from(status)));
    }
    let known =
        [("coswhy.bucket", &record.bucket), ("coswhy.region", &record.region), ("coswhy.key", &record.key)];
    for (name, value) in known {
        if let Some(value) = value {
            attributes.push(KeyValue::new(name, redact::target(value).into_owned()));
        }
    }
    if let Some(id) = &record.cos_request_id {
        attributes.push(KeyValue::new("coswhy.cos_request_id", redact::target(id).into_owned()));
    }
    attributes
}

/// The port that Host names, else the scheme's own.
fn port(record: &Record, scheme: &str) -> KeyValue {
    let (_, port) = split(&record.host);
    KeyValue::new("server.port", i64::from(port.unwrap_or(if scheme == "https" { 443 } else { 80 })))
}

fn of_server(record: &Record) -> Vec<KeyValue> {
    let target = redact::target(&record.path);
    let (path, query) = target.split_once('?').map_or((&*target, None), |(path, query)| (path, Some(query)));
    let scheme = if record.secure { "https" } else { "http" };
    let mut attributes = vec![
        KeyValue::new("url.path", path.to_owned()),
        KeyValue::new("url.scheme", scheme),
        port(record, scheme),
        KeyValue::new("coswhy.request_id", record.request_id.to_string()),
        KeyValue::new("coswhy.outcome", record.outcome.as_str()),
    ];
    if let Some(query) = query {
        attributes.push(KeyValue::new("url.query", query.to_owned()));
    }
    if let Some(client) = record.client {
        attributes.push(KeyValue::new("client.address", client.ip().to_string()));
        if client.port() != 0 {
            attributes.push(KeyValue::new("client.port", i64::from(client.port())));
        }
    }
    if let Some(version) = record.version.and_then(version) {
        attributes.push(KeyValue::new("network.protocol.version", version));
    }
    attributes.extend(error_type(record, 500).map(|value| KeyValue::new("error.type", value)));
    attributes
}

fn of_client(record: &Record, scheme: &str) -> Vec<KeyValue> {
    let url = format!("{scheme}://{}{}", record.host, record.path);
    let mut attributes =
        vec![KeyValue::new("url.full", redact::target(&url).into_owned()), port(record, scheme)];
    attributes.extend(error_type(record, 400).map(|value| KeyValue::new("error.type", value)));
    attributes
}

fn of_diagnosis(explanation: &Explanation) -> [KeyValue; 2] {
    let diagnosis = &explanation.diagnosis;
    [
        KeyValue::new("coswhy.cause", diagnosis.cause.to_string()),
        KeyValue::new("coswhy.confidence", diagnosis.confidence),
    ]
}

fn of_event(record: &Record, explanation: &Explanation) -> Vec<KeyValue> {
    let mut attributes = of_diagnosis(explanation).to_vec();
    attributes.push(KeyValue::new("coswhy.summary", explanation.diagnosis.summary.clone()));
    attributes.push(KeyValue::new("coswhy.diagnosis.id", record.request_id.to_string()));
    if let Some(failure) = &record.failure {
        attributes.push(KeyValue::new("coswhy.fingerprint", failure.fingerprint.to_string()));
    }
    let cos = &explanation.cos;
    for (name, value) in [("coswhy.cos_code", &cos.code), ("coswhy.cos_message", &cos.message)] {
        if let Some(value) = value {
            attributes.push(KeyValue::new(name, value.to_string()));
        }
    }
    attributes
}

/// A status from `least` up, or how a request ended that got none.
fn error_type(record: &Record, least: u16) -> Option<String> {
    match record.status {
        Some(status) if status < least => None,
        Some(status) if matches!(record.outcome, Outcome::Forwarded | Outcome::Diagnosed) => {
            Some(status.to_string())
        }
        _ => Some(record.outcome.as_str().to_owned()),
    }
}

fn version(version: Version) -> Option<&'static str> {
    match version {
        Version::HTTP_10 => Some("1.0"),
        Version::HTTP_11 => Some("1.1"),
        Version::HTTP_2 => Some("2"),
        _ => None,
    }
}

/// A host's name and its port.
fn split(host: &str) -> (&str, Option<u16>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !name.ends_with(':') => match port.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => (host, None),
        },
        _ => (host, None),
    }
}
