//! Access-log lines: COS's own format (its document 436/16920), and the combined format of nginx and Apache.

use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use regex::Regex;

use super::finding::Finding;
use super::labels;
use super::pattern::pattern;
use super::source::Kind;
use super::token::{Name, Says};
use super::url::Address;
use crate::diagnosis::Seen;

/// Version, bucket, region, time, host, operation, address, SecretId, two counts, path, method, agent, status,
/// code, message, and so on; a message or an agent may hold spaces.
static COS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?m)^(?:\d+\.\d+) (\S+-\d+) (\S+) (\d{4}-\d\d-\d\dT\S+Z) (\S+\.\S+) (\S+) (\S+) (\S+) \S+ (?:\d+|-) (?:-?\d+|-) (\S+) (\w+) (.+?) ([1-5]\d\d) (\S+) (.+?) (?:\d+|-) (?:\d+|-) (?:USER|CDN|INNER|\w+)\b([^\r\n]*)",
    )
});

/// `"METHOD TARGET HTTP/1.1" STATUS BYTES "REFERER" "AGENT"`.
static COMBINED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(\[[^\]\n]*\d{4}[^\]\n]*\] )?"(GET|PUT|POST|DELETE|HEAD|OPTIONS) (\S+) HTTP/[\d.]+" ([45]\d\d) (?:\d+|-)(?: "([^"\r\n]*)" "([^"\r\n]*)")?[^\r\n]*"#,
    )
});

/// The failures in access-log lines, each with the range of its text.
pub(super) fn find(text: &str) -> Vec<(std::ops::Range<usize>, Finding)> {
    let mut found = Vec::new();
    for line in COS.captures_iter(text) {
        let Some(whole) = line.get(0) else { continue };
        let field = |group: usize| line.get(group).map_or("", |m| m.as_str());
        let mut finding = Finding::sealed(whole.start(), Kind::AccessLog);
        let Some(status) = labels::status(field(11)) else {
            found.push((whole.range(), Finding::sealed(whole.start(), Kind::AccessLog)));
            continue;
        };
        finding.put(Says::Status(status));
        finding.put(Says::Text(Name::Method, field(9).to_ascii_uppercase()));
        if let Some(address) = Address::parse(&format!("{}{}", field(4), field(8))) {
            finding.put(Says::Url(address));
        }
        if field(12) != "-" {
            finding.put(Says::Text(Name::Code, field(12).to_owned()));
        }
        if field(13) != "-" {
            let message = percent_decode_str(field(13).trim_matches('"')).decode_utf8_lossy().into_owned();
            finding.put(Says::Text(Name::Message, message));
        }
        if field(7) == "-" {
            // The log would show a SecretId, and shows referer and agent besides.
            finding.request.seen = Seen::All;
        }
        for (_, id) in super::request_id::find(field(14)) {
            finding.put(Says::Text(Name::RequestId, id.to_owned()));
        }
        found.push((whole.range(), finding));
    }
    for line in COMBINED.captures_iter(text) {
        let Some(whole) = line.get(0) else { continue };
        let field = |group: usize| line.get(group).map_or("", |m| m.as_str());
        if line.get(1).is_none() && line.get(5).is_none() {
            continue;
        }
        let mut finding = Finding::sealed(whole.start(), Kind::AccessLog);
        finding.put(Says::Text(Name::Method, field(2).to_owned()));
        finding.target = Some(field(3).to_owned());
        if let Some(status) = labels::status(field(4)) {
            finding.put(Says::Status(status));
        }
        for (group, name) in [(5, "referer"), (6, "user-agent")] {
            if !matches!(field(group), "" | "-") {
                finding.put(Says::RequestHeader(name.to_owned(), field(group).to_owned()));
            }
        }
        found.push((whole.range(), finding));
    }
    found
}
