//! Explanations that coswhy itself gave: problem JSON, and the same JSON as the `<Diagnosis>` of an error body.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::finding::Finding;
use super::pattern::pattern;
use super::recorded::{self, Credentials};
use super::source::Kind;
use super::token::{Name, Says};

static START: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\{\s*"type"\s*:\s*"urn:coswhy:cause:"#));

/// The explanations in `text`, with their ranges.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, Finding)> {
    START
        .find_iter(text)
        .filter_map(|found| {
            let rest = text.get(found.start()..)?;
            let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
            let value = values.next()?.ok()?;
            let end = found.start() + values.byte_offset();
            Some((found.start()..end, finding(found.start(), &value)?))
        })
        .collect()
}

/// The explanation that is the whole of `text`.
pub(super) fn parse(text: &str) -> Option<Finding> {
    let text = text.trim();
    if !START.is_match(text) {
        return None;
    }
    finding(0, &serde_json::from_str(text).ok()?)
}

fn finding(at: usize, value: &Value) -> Option<Finding> {
    let mut finding = Finding::new(at, Kind::Explanation);
    let text = |section: &str, name: &str| value.get(section)?.get(name)?.as_str().map(str::to_owned);
    let status = value.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    if let Some(status) = status {
        finding.put(Says::Status(status));
    }
    for (name, field) in [
        (Name::Code, "code"),
        (Name::Message, "message"),
        (Name::Resource, "resource"),
        (Name::RequestId, "request_id"),
        (Name::TraceId, "trace_id"),
        (Name::ServerTime, "server_time"),
    ] {
        if let Some(value) = text("cos", field) {
            finding.put(Says::Text(name, value));
        }
    }
    if let Some(method) = text("request", "method") {
        finding.put(Says::Text(Name::Method, method));
    }
    finding.host = text("request", "host");
    finding.target = text("request", "path");
    Credentials::of_explanation(value).put_into(&mut finding);
    finding.proxy = recorded::proxy_of_explanation(value);
    value.get("diagnosis").map(|_| finding)
}
