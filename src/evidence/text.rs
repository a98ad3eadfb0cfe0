//! Text of any kind: finds the whole HTTP messages in it, then what the rest says.

use super::assemble;
use super::clients::{exception, minio, rust_debug};
use super::finding::Finding;
use super::input::unwrap::unwrapped;
use super::messages::{curl, http_text};
use super::source::Kind;
use super::token::{Name, Says, Token};
use super::{body, console, fetched, headers, labels, logs, no_answer, phrases, problem, told, url};

/// The failures in a text, and how many exchanges it shows in all.
pub(super) struct Found {
    pub(super) findings: Vec<Finding>,
    pub(super) exchanges: usize,
}

/// Reads a text.
pub(super) fn read(text: &str) -> Found {
    let text = unwrapped(text);
    let text = text.as_ref();
    let mut whole: Vec<(std::ops::Range<usize>, Finding)> = Vec::new();
    for find in [logs::coswhy::find, http_text::find, logs::cos::find, logs::access::find, problem::find] {
        if whole.is_empty() {
            whole = find(text);
        }
    }
    let exchanges = whole.len();
    let rest = blanked(text, whole.iter().map(|(range, _)| range.clone()));
    let mut findings: Vec<Finding> = whole
        .into_iter()
        .map(|(_, finding)| finding)
        .filter(|f| f.is_failure() || f.status.is_none() || f.is_forced_download())
        .collect();
    let commands = curl::commands(&rest);
    let rest = blanked(&rest, commands.iter().map(|(range, _)| range.clone()));
    findings.extend(commands.into_iter().map(|(_, finding)| finding));
    findings.extend(said(&rest));
    findings.sort_by_key(|finding| finding.at);
    let mut findings = assemble::joined(findings);
    // A download where a page was meant is no refusal; it is told of where nothing else is.
    if findings.iter().any(Finding::is_failure) {
        findings.retain(Finding::is_failure);
    } else {
        findings.retain(Finding::is_forced_download);
    }
    // Programs wrap COS's refusal in a failure of their own, which only has a status.
    if findings.iter().any(Finding::says_why) {
        findings.retain(Finding::says_why);
    }
    told::add(text, &mut findings);
    Found { findings, exchanges }
}

/// What the text outside of whole messages says.
fn said(text: &str) -> Vec<Finding> {
    let mut tokens = body::tokens(text);
    let bodies: Vec<usize> =
        tokens.iter().filter(|t| matches!(t.says, Says::Body(_))).map(|t| t.at).collect();
    tokens.extend(phrases::tokens(text));
    if bodies.is_empty()
        && let Some(token) = whole_body(text)
    {
        tokens.push(token);
    }
    tokens.extend(labels::tokens(text));
    tokens.extend(labels::request_ids(text));
    tokens.extend(exception::tokens(text));
    tokens.extend(minio::tokens(text));
    tokens.extend(fetched::tokens(text));
    tokens.extend(console::tokens(text));
    tokens.extend(no_answer::tokens(text));
    tokens.extend(headers::tokens(text));
    tokens.extend(headers::signatures(text));
    tokens.extend(rust_debug::tokens(text));
    tokens.extend(
        url::find(text)
            .filter_map(|(at, found)| Some((at, url::Address::parse(found)?)))
            .filter(|(_, address)| address.is_cos() || address.is_signed())
            .map(|(at, address)| Token::new(at, Says::Mention(address))),
    );
    let mut findings = assemble::findings(tokens, kind);
    for finding in &mut findings {
        let sentence =
            finding.body.as_ref().is_some_and(|body| !body.contains(&b'<') && !body.starts_with(b"{"));
        if sentence || matches!(finding.kind, Kind::Exception | Kind::Console) {
            finding.said = line_at(text, finding.at);
        }
    }
    findings
}

/// JSON or HTML that is the whole of the text.
fn whole_body(text: &str) -> Option<Token> {
    let trimmed = text.trim();
    if trimmed.starts_with('{') && is_error_json(trimmed) {
        return Some(Token::new(text.len() - text.trim_start().len(), Says::Body(trimmed.to_owned())));
    }
    body::html(text).map(|(at, page)| Token::new(at, Says::Body(page.to_owned())))
}

/// The JSON errors of vector buckets and of the retired API: a flat object with a code and a message.
fn is_error_json(text: &str) -> bool {
    let Ok(serde_json::Value::Object(object)) = serde_json::from_str(text) else {
        return false;
    };
    let has = |name: &str| object.keys().any(|key| key.eq_ignore_ascii_case(name));
    has("code") && has("message") && !has("statusCode") && !has("error") && !has("headers")
}

/// What the tokens of one failure were read from.
fn kind(tokens: &[Token]) -> Kind {
    let any = |is: fn(&Says) -> bool| tokens.iter().any(|token| is(&token.says));
    if any(|says| matches!(says, Says::Console(line) if !no_answer::is_of_a_program(line))) {
        Kind::Console
    } else if any(
        |says| matches!(says, Says::Body(body) if body.starts_with("<!") || body.starts_with("<html")),
    ) {
        Kind::Body
    } else if any(|says| {
        matches!(says, Says::Console(_) | Says::Status(_) | Says::Url(_) | Says::Mention(_) | Says::NoBody)
    }) {
        Kind::Exception
    } else if any(|says| matches!(says, Says::Body(_))) {
        Kind::Body
    } else if any(|says| matches!(says, Says::Text(Name::Code | Name::Message | Name::LabelledMessage, _))) {
        Kind::Exception
    } else {
        Kind::RequestId
    }
}

/// The line at `at`, as far as a person would quote it.
fn line_at(text: &str, at: usize) -> Option<String> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(start..)?.lines().next()?.trim();
    let end = line.char_indices().nth(500).map_or(line.len(), |(end, _)| end);
    line.get(..end).filter(|line| !line.is_empty()).map(str::to_owned)
}

/// `text` with blanks in place of `ranges`, so that places and lines stay what they are.
fn blanked(text: &str, ranges: impl Iterator<Item = std::ops::Range<usize>>) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for range in ranges {
        if let Some(part) = bytes.get_mut(range) {
            part.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
