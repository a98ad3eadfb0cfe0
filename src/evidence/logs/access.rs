//! Access-log lines in the combined format of nginx and Apache.

use std::sync::LazyLock;

use regex::Regex;

use crate::evidence::finding::Finding;
use crate::evidence::labels;
use crate::evidence::pattern::pattern;
use crate::evidence::source::Kind;
use crate::evidence::token::{Name, Says};

/// `"METHOD TARGET HTTP/1.1" STATUS BYTES "REFERER" "AGENT"`.
static COMBINED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(\[[^\]\n]*\d{4}[^\]\n]*\] )?"(GET|PUT|POST|DELETE|HEAD|OPTIONS) (\S+) HTTP/[\d.]+" ([45]\d\d) (?:\d+|-)(?: "([^"\r\n]*)" "([^"\r\n]*)")?[^\r\n]*"#,
    )
});

/// The failures in access-log lines, each with the range of its text.
pub(in crate::evidence) fn find(text: &str) -> Vec<(std::ops::Range<usize>, Finding)> {
    let mut found = Vec::new();
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
