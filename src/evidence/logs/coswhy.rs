//! Lines of coswhy's own log: one JSON object a line.

use std::ops::Range;

use serde_json::Value;

use crate::evidence::finding::Finding;
use crate::evidence::recorded::{self, Credentials};
use crate::evidence::source::Kind;
use crate::evidence::token::{Name, Says};

/// Whether `line` looks like one of the log's.
pub(in crate::evidence) fn is_line(line: &str) -> bool {
    line.starts_with('{')
        && ["timestamp", "outcome", "request_id"].iter().all(|name| line.contains(&format!("\"{name}\"")))
}

/// The log's lines in `text`, with their ranges; those that did not fail too, for counting.
pub(in crate::evidence) fn find(text: &str) -> Vec<(Range<usize>, Finding)> {
    let mut found = Vec::new();
    let mut start = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim();
        if is_line(line)
            && let Some(finding) = finding(start, line)
        {
            found.push((start..start + whole.len(), finding));
        }
        start += whole.len();
    }
    found
}

/// What one line says.
pub(in crate::evidence) fn finding(at: usize, line: &str) -> Option<Finding> {
    let value: Value = serde_json::from_str(line).ok()?;
    let text = |name: &str| {
        value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let outcome = text("outcome")?;
    let mut finding = Finding::sealed(at, Kind::CoswhyLog);
    finding.status =
        value.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    for (name, field) in [
        (Name::Code, "cos_code"),
        (Name::Message, "cos_message"),
        (Name::RequestId, "cos_request_id"),
        (Name::Method, "method"),
    ] {
        if let Some(value) = text(field) {
            finding.put(Says::Text(name, value));
        }
    }
    finding.host = text("host");
    finding.target = text("path");
    Credentials::of_log(&value).put_into(&mut finding);
    finding.proxy = recorded::proxy_of_log(&value);
    if !matches!(outcome.as_str(), "forwarded" | "diagnosed" | "client-aborted") {
        finding.put(Says::ResponseHeader("server".to_owned(), "coswhy".to_owned()));
        finding.said = text("error").or_else(|| text("message"));
    }
    Some(finding)
}

/// Whether the exchange of a line is worth explaining.
pub(in crate::evidence) fn failed(finding: &Finding) -> bool {
    finding.status.is_none_or(|status| status >= 400) && finding.status.is_some()
        || finding.text(Name::Code).is_some()
}
