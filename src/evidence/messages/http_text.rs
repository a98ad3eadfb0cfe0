//! Whole HTTP messages in a text (RFC 9112): `curl -i` and `-v`, HTTPie, a proxy's raw view, OkHttp's log.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::curl;
use crate::diagnosis::{Fields, Seen};
use crate::evidence::body;
use crate::evidence::finding::Finding;
use crate::evidence::mask;
use crate::evidence::pattern::pattern;
use crate::evidence::problem;
use crate::evidence::source::Kind;
use crate::evidence::token::{Name, Says};
use crate::evidence::url::Address;

static REQUEST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(GET|PUT|POST|DELETE|HEAD|OPTIONS|PATCH|CONNECT) (\S+)(?: HTTP/\d(?:\.\d)?| http/1\.1| h2)\s*$",
    )
});

static STATUS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^HTTP/\d(?:\.\d)? (\d{3})(?: [^\r\n]*)?$"));

/// OkHttp's `<-- 403 Forbidden https://… (12ms)`.
static OKHTTP_STATUS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(\d{3}) .*?https?://\S+ \(\d+ ?ms"));

static OKHTTP_REQUEST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(GET|PUT|POST|DELETE|HEAD|OPTIONS|PATCH) (https?://\S+)"));

static FIELD: LazyLock<Regex> = LazyLock::new(|| pattern(r"^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)$"));

/// A request whose answer has not come yet.
#[derive(Debug, Default)]
struct Request {
    start: usize,
    method: String,
    target: String,
    fields: Fields,
}

/// The exchanges in `text`, each with the range it takes up.
pub(in crate::evidence) fn find(text: &str) -> Vec<(Range<usize>, Finding)> {
    let lines = curl::lines(text);
    if !lines.iter().any(|line| is_status(line)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut request: Option<Request> = None;
    let mut redirect = None;
    let scheme = curl::scheme(&lines);
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        if let Some((method, target)) = request_line(line) {
            let (mut fields, next) = head(&lines, at, line.flow);
            if line.okhttp {
                // An application's interceptor does not see what is added after it.
                fields.seen = Seen::Some;
            }
            request = Some(Request { start: line.start, method, target, fields });
            at = next;
        } else if let Some(status) = status_line(line) {
            let (fields, next) = head(&lines, at, line.flow);
            at = next;
            let tunnelled = request.as_ref().is_some_and(|r| r.method == "CONNECT") && status < 300;
            if status < 200 || tunnelled {
                // Not the answer yet: 100 Continue, or the proxy's consent to the tunnel.
                if tunnelled {
                    request = None;
                }
                continue;
            }
            let answer = Answer { start: line.start, status, fields, flow: line.flow };
            let known = request.is_some();
            let location = answer.fields.get("location").text().and_then(Address::parse);
            let redirected = (300..400).contains(&status);
            let ((range, mut finding), next) = exchange(text, &lines, at, request.take(), answer, scheme);
            at = next;
            // curl follows on its own and shows the answers alone.
            if let Some(address) = std::mem::replace(&mut redirect, location.filter(|_| redirected))
                && !known
            {
                finding.put_address(address);
            }
            found.push((range, finding));
        }
    }
    found
}

struct Answer {
    start: usize,
    status: u16,
    fields: Fields,
    flow: curl::Flow,
}

fn exchange(
    text: &str,
    lines: &[curl::Line<'_>],
    at: usize,
    request: Option<Request>,
    answer: Answer,
    scheme: Option<&str>,
) -> ((Range<usize>, Finding), usize) {
    let start = request.as_ref().map_or(answer.start, |request| request.start);
    let mut finding = Finding::sealed(start, Kind::Http);
    finding.status = Some(answer.status);
    finding.response = if_whole(answer.fields, &["server", "date"]);
    let verbose = answer.flow != curl::Flow::Raw;
    // Where both `-i` and `-v` were given, the head comes twice.
    let repeated = lines.get(at).filter(|line| verbose && line.flow == curl::Flow::Raw).and_then(status_line);
    let from = if repeated == Some(answer.status) { head(lines, at + 1, curl::Flow::Raw).1 } else { at };
    let mut end = from;
    while lines.get(end).is_some_and(|line| request_line(line).is_none() && !is_status(line)) {
        end += 1;
    }
    let shown: Vec<&curl::Line<'_>> = lines
        .get(from..end)
        .unwrap_or(&[])
        .iter()
        .filter(|line| line.flow == curl::Flow::Raw && !curl::is_noise(line.text))
        .collect();
    let body_start =
        shown.first().map_or_else(|| lines.get(from).map_or(text.len(), |line| line.start), |l| l.start);
    let method = request.as_ref().map(|request| request.method.clone());
    let joined = shown.iter().map(|line| curl::without_tail(line.text)).collect::<Vec<_>>().join("\n");
    let taken = if method.as_deref() == Some("HEAD") { None } else { body_of(&finding, &joined) };
    let body_end = match &taken {
        // Prose after a body that ends by itself is looked at on its own.
        Some(body) if body.contains("</Error>") => text
            .get(body_start..)
            .and_then(|rest| rest.find("</Error>"))
            .map_or(body_start, |n| body_start + n + 8),
        Some(_) => lines.get(end).map_or(text.len(), |line| line.start),
        None => body_start,
    };
    if let Some(request) = request {
        put_request(&mut finding, request, scheme);
    }
    match taken {
        Some(body) => put_body(&mut finding, body),
        None if finding.response.get("content-length").text() == Some("0") => finding.no_body = true,
        None => {}
    }
    let stop = if body_end <= body_start { from } else { end };
    ((start..body_end.max(start), finding), stop)
}

fn put_request(finding: &mut Finding, request: Request, scheme: Option<&str>) {
    finding.put(Says::Text(Name::Method, request.method));
    finding.host = request.fields.get("host").text().filter(|host| !mask::has_hole(host)).map(str::to_owned);
    finding.request = if_whole(request.fields, &["host"]);
    finding.scheme = scheme.map(str::to_owned);
    if request.target.contains("://")
        && let Some(address) = Address::parse(&request.target)
    {
        finding.put_address(address);
    } else {
        finding.target = Some(mask::target(&request.target));
    }
}

/// People cut heads down before they paste them: one without what every message has is not whole.
fn if_whole(mut fields: Fields, telling: &[&str]) -> Fields {
    if !telling.iter().any(|name| fields.map.contains_key(*name)) {
        fields.seen = Seen::Some;
    }
    fields
}

fn put_body(finding: &mut Finding, body: String) {
    if let Some(earlier) = problem::parse(body::diagnosis(&body).unwrap_or(&body)) {
        finding.absorb(earlier);
        if body::diagnosis(&body).is_none() {
            return;
        }
    }
    let mut tokens = body::tokens(&body).into_iter();
    match tokens.find(|token| matches!(token.says, Says::Body(_))) {
        Some(token) => finding.put(token.says),
        None => finding.put(Says::Body(body.clone())),
    }
    for token in body::tokens(&body) {
        if matches!(token.says, Says::Text(Name::Code | Name::RequestId, _)) {
            finding.put(token.says);
        }
    }
}

/// The body in the lines after a head, if what stands there can be one.
fn body_of(finding: &Finding, shown: &str) -> Option<String> {
    let trimmed = shown.trim();
    if trimmed.is_empty() {
        return None;
    }
    if let Some(token) = body::tokens(shown).into_iter().find(|token| matches!(token.says, Says::Body(_))) {
        let end = shown.get(token.at..).and_then(|rest| rest.find("</Error>"));
        let end = end.map_or(shown.len(), |end| token.at + end + "</Error>".len());
        return shown.get(token.at..end).map(str::to_owned);
    }
    let kind = finding.response.get("content-type").text().unwrap_or("").to_ascii_lowercase();
    let fits = if kind.contains("xml") || kind.contains("html") {
        trimmed.contains('<')
    } else if kind.contains("json") {
        trimmed.starts_with(['{', '['])
    } else {
        true
    };
    let length =
        finding.response.get("content-length").text().and_then(|length| length.parse::<usize>().ok());
    let whole = shown.trim_start_matches('\n');
    match length {
        _ if !fits => None,
        Some(0) => None,
        Some(length) if length < whole.len() => {
            let end = (0..=length).rev().find(|end| whole.is_char_boundary(*end))?;
            whole.get(..end).map(str::to_owned)
        }
        // Without a length, prose behind a blank line may be the person's own.
        None if !kind.contains("html") && !kind.contains("json") => {
            trimmed.split("\n\n").next().map(str::to_owned)
        }
        _ => Some(trimmed.to_owned()),
    }
}

fn is_status(line: &curl::Line<'_>) -> bool {
    status_line(line).is_some()
}

fn status_line(line: &curl::Line<'_>) -> Option<u16> {
    let status = match line.flow {
        curl::Flow::In | curl::Flow::Raw => STATUS
            .captures(line.text.trim_end())
            .or_else(|| OKHTTP_STATUS.captures(line.text).filter(|_| line.okhttp)),
        curl::Flow::Out | curl::Flow::Info => None,
    }?;
    status.get(1)?.as_str().parse().ok()
}

fn request_line(line: &curl::Line<'_>) -> Option<(String, String)> {
    let found = match line.flow {
        curl::Flow::Out | curl::Flow::Raw => {
            REQUEST.captures(line.text).or_else(|| OKHTTP_REQUEST.captures(line.text).filter(|_| line.okhttp))
        }
        curl::Flow::In | curl::Flow::Info => None,
    }?;
    Some((found.get(1)?.as_str().to_owned(), found.get(2)?.as_str().to_owned()))
}

/// The fields from line `at` on, and the line after the head.
fn head(lines: &[curl::Line<'_>], mut at: usize, flow: curl::Flow) -> (Fields, usize) {
    let mut fields = Fields { seen: Seen::All, ..Fields::default() };
    while let Some(line) = lines.get(at) {
        if line.flow == curl::Flow::Info || curl::is_noise(line.text) {
            at += 1;
            continue;
        }
        if line.flow != flow {
            break;
        }
        if line.text.trim().is_empty() {
            at += 1;
            break;
        }
        let Some((name, value)) = FIELD.captures(line.text).and_then(|f| Some((f.get(1)?, f.get(2)?))) else {
            break;
        };
        let name = name.as_str().to_ascii_lowercase();
        match mask::field(&name, value.as_str().trim()) {
            Some(shown) => fields.push(&name, &shown),
            None => fields.seen = Seen::Some,
        }
        at += 1;
    }
    (fields, at)
}
