//! The access log that COS itself keeps of a bucket (its document 436/16920): a line of fields a request, or the same
//! fields as JSON out of the vendor's log service.

use std::ops::Range;
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use regex::Regex;
use serde_json::Value;

use crate::cos::auth::masked;
use crate::evidence::finding::Finding;
use crate::evidence::labels;
use crate::evidence::pattern::pattern;
use crate::evidence::source::Kind;
use crate::evidence::token::{Name, Says};
use crate::evidence::url::Address;

/// Agent and message may hold spaces, and the request line has two. What comes after the source of the request is
/// read from its end as far as it goes, for the log has grown fields.
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?m)^\d+\.\d+ (?P<bucket>\S+-\d+) (?P<region>\S+) \d{4}-\d\d-\d\dT\S+Z (?P<host>\S+\.\S+) (?P<event>\S+) \S+ (?P<key>\S+) \S+ (?:\d+|-) (?:-?\d+|-) (?P<path>\S+) (?P<method>\w+) (?P<agent>.+?) (?P<status>[1-5]\d\d) (?P<code>\S+) (?P<message>.+?) (?:\d+|-) (?:\d+|-) (?:USER|CDN|INNER|[A-Z]{2,})\b(?P<rest>[^\r\n]*)",
    )
});

/// Class, account, time, requester, RequestId, size, version, class, referer, request line.
static REST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"^ \S+ \S+ \S+ (?P<requester>\S+) (?P<id>\S+)(?: \S+ \S+ \S+ (?P<referer>\S+)(?: "?[A-Z]+ (?P<target>/\S*) HTTP/[\d.]+"?)?)?"#,
    )
});

/// What a record says, each field as COS writes it.
#[derive(Debug, Default)]
struct Record<'a> {
    host: &'a str,
    key: &'a str,
    path: &'a str,
    method: &'a str,
    agent: &'a str,
    status: &'a str,
    code: &'a str,
    message: &'a str,
    requester: &'a str,
    id: &'a str,
    referer: &'a str,
    /// Path and query as they were asked for.
    target: &'a str,
}

/// The requests in `text`, each with the range of its text; of those that did not fail, the range alone.
pub(in crate::evidence) fn find(text: &str) -> Vec<(Range<usize>, Finding)> {
    let lines = LINE.captures_iter(text).filter_map(|line| {
        let range = line.get(0)?.range();
        let field = |name: &str| line.name(name).map_or("", |field| field.as_str());
        let rest = REST.captures(field("rest"));
        let last = |name: &str| Some(rest.as_ref()?.name(name)?.as_str());
        let record = Record {
            host: field("host"),
            key: field("key"),
            path: field("path"),
            method: field("method"),
            agent: field("agent"),
            status: field("status"),
            code: field("code"),
            message: field("message"),
            requester: last("requester").unwrap_or(""),
            id: last("id").unwrap_or(""),
            referer: last("referer").unwrap_or(""),
            target: last("target").unwrap_or(""),
        };
        Some((range.clone(), record.finding(range.start)))
    });
    lines.chain(json(text)).collect()
}

/// Records as JSON, a line each, perhaps inside an object of the log service's own.
fn json(text: &str) -> Vec<(Range<usize>, Finding)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        if !(line.contains("\"resHttpCode\"") && line.contains("\"reqMethod\"")) {
            continue;
        }
        let Ok(value) = serde_json::from_str::<Value>(line.trim()) else { continue };
        let Some(record) = record_in(&value) else { continue };
        let status = match record.get("resHttpCode") {
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::String(text)) => text.clone(),
            _ => continue,
        };
        let field = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or("");
        let line = field("requestUri");
        let record = Record {
            host: field("eventSource"),
            key: field("userSecretKeyId"),
            path: field("reqPath"),
            method: field("reqMethod"),
            agent: field("userAgent"),
            status: &status,
            code: field("resErrorCode"),
            message: field("resErrorMsg"),
            requester: field("requester"),
            id: field("requestId"),
            referer: field("referer"),
            target: line.split(' ').nth(1).filter(|target| target.starts_with('/')).unwrap_or(""),
        };
        found.push((range.clone(), record.finding(range.start)));
    }
    found
}

/// The object that has the record's fields: the value itself, or one in it.
fn record_in(value: &Value) -> Option<&Value> {
    if value.get("resHttpCode").is_some() {
        return Some(value);
    }
    value.as_object()?.values().find(|inner| inner.get("resHttpCode").is_some())
}

impl Record<'_> {
    fn finding(&self, at: usize) -> Finding {
        let mut finding = Finding::sealed(at, Kind::AccessLog);
        let Some(status) = labels::status(self.status) else { return finding };
        finding.put(Says::Status(status));
        finding.put(Says::Text(Name::Method, self.method.to_ascii_uppercase()));
        let target = if self.target.is_empty() { self.path } else { self.target };
        if let Some(address) = Address::parse(&format!("{}{target}", self.host)) {
            finding.put(Says::Url(address));
        }
        for (name, value) in
            [(Name::Code, self.code), (Name::Message, self.message), (Name::RequestId, self.id)]
        {
            if is_shown(value) {
                let value = percent_decode_str(value.trim_matches('"')).decode_utf8_lossy();
                finding.put(Says::Text(name, value.into_owned()));
            }
        }
        for (name, value) in [("referer", self.referer), ("user-agent", self.agent)] {
            if is_shown(value) {
                finding.put(Says::RequestHeader(name.to_owned(), value.trim_matches('"').to_owned()));
            }
        }
        self.put_signer(&mut finding, target);
        finding
    }

    /// The log shows who signed and not the signature; nobody did where there is neither key nor account.
    fn put_signer(&self, finding: &mut Finding, target: &str) {
        let in_query = ["q-ak=", "X-Amz-Credential=", "AWSAccessKeyId=", "sign="];
        if in_query.iter().any(|name| target.contains(name)) {
            return;
        }
        if is_shown(self.key) {
            finding.request.push("authorization", &masked::signed_by(self.key));
        } else if self.requester == "-" && self.code == "AccessDenied" {
            finding.request.push("authorization", "");
        }
    }
}

fn is_shown(value: &str) -> bool {
    !matches!(value, "" | "-")
}
