//! Sentences in which SDKs and tools wrap COS's answer: boto3 and the AWS CLI, the AWS SDKs, COS's Go SDK, the
//! Java SDKs, coscmd, HTTP libraries that know the status alone.
//!
//! The labelled parts of such texts (`Request ID: …`) are read by `labels`; here is what stands without a label.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::invented;
use super::operation;
use crate::evidence::codes;
use crate::evidence::labels;
use crate::evidence::pattern::pattern;
use crate::evidence::token::{Name, Says, Token};
use crate::evidence::url::{self, Address};

/// botocore: `An error occurred (CODE) when calling the OPERATION operation: MESSAGE`.
static BOTO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"An error occurred \(([^)\n]*)\) when calling the (\w+) operation(?: \([^)\n]*\))?: ?([^\r\n]*)")
});

/// AWS SDK for Go v2, and what is built on it: `operation error S3: PutObject, https response error …, api error CODE: MESSAGE`.
static GO_V2: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"operation error S3: (\w+)|api error (\w+)(?:: ?([^\r\n]*))?"));

/// COS's Go SDK: `PUT URL: 403 CODE(Message: …`; the URL is printed decoded and may hold spaces.
static COS_GO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(GET|PUT|POST|DELETE|HEAD|OPTIONS) (https?://[^\r\n]*?): (\d{3}) (\w*)\(Message:")
});

/// Java: `…Exception: MESSAGE (Service: …` or `(Status Code: …`.
static JAVA: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:(\w+)(?:Exception|Error): ([^\r\n]*?)|^([^\r\n:]*?)) ?\((?:Service|Status Code|Error Code): ",
    )
});

/// AWS SDK for PHP: `CODE (client): MESSAGE - <?xml`.
static PHP: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(\w+) \((?:client|server)\): ([^\r\n]*?)(?: - <|[\r\n]|$)"));

/// AWS SDK for Ruby: `Aws::S3::Errors::CODE (MESSAGE)` or `…: MESSAGE`; the class is the code.
static RUBY: LazyLock<Regex> = LazyLock::new(|| pattern(r"Aws::S3::Errors::(\w+)(?:(?: \(|: )([^\r\n)]*))?"));

/// Java's own exception has the name of a code of COS's vector buckets: Hadoop throws it for any 403.
const JAVA_OWN: &str = "AccessDeniedException";

/// A code as a word, with the sentence that may follow it.
static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[A-Z][A-Za-z]{3,60}\b"));

/// As much behind a code as can be looked at for its sentence.
const SENTENCE: usize = 600;

/// As near behind `AccessDenied` stands the second word that is its message.
const SECOND: usize = 32;

/// A status in words or behind them.
static STATUS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?ix)
        (?: \b(?: http(?:/[\d.]+)? (?:\ error|\ status)? | status[\ _]?(?:code)?(?:\ of)? | \w*(?:error|exception) | 状态码 | 报错 | 返回 )
            (?:\ is|\ was)? [\ :=(\[："]* | \A\s* | \bcode\ + )
        ([45]\d\d)\b
        | \b([45]\d\d) \)? [\ :-]+ \(?
          (?: client\ error | forbidden | access\ denied | bad\ request | unauthorized | payment\ required | not\ found | length\ required
            | method\ not\ allowed | conflict | precondition\ failed | unavailable\ for\ legal | too\ many\ requests
            | service\ unavailable | internal\ server\ error )
        | \b([45]\d\d)\ \(
        | \bCosServerException:\ \{([45]\d\d)\}"#,
    )
});

/// A failed line of the browser's console or of a log: `PUT https://… 403 (Forbidden)`.
static METHOD_URL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"\b(GET|PUT|POST|DELETE|HEAD|OPTIONS|Get|Put|Post|Delete|Head)[ `"']+(https?://[^\s"'`<>]+)"#)
});

/// Feign: `[403 Forbidden] during [PUT] to [URL]`.
static FEIGN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"during \[(GET|PUT|POST|DELETE|HEAD|OPTIONS)\] to \[(https?://[^\]\s]+)\]"));

/// OpenDAL: `PermissionDenied (persistent) at stat, context: { uri: URL`.
static OPENDAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\((?:persistent|permanent|temporary)\) at ([\w:]+), context: \{ ur[il]: (https?://[^\s,]+)")
});

/// AWS's SDK for C++ in Arrow: `AWS Error ACCESS_DENIED during HeadObject operation: No response body.`
static ARROW: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"AWS Error (\w+)(?: \(HTTP status (\d{3})\))? during (\w+) operation: ([^\r\n]*)")
});

/// Frames of the SDKs' own code, which name the operation.
static FRAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"cos_client\.py", line \d+, in (\w+)|(?:COSClient|AmazonS3Client|DefaultS3Client|TransferManager)\.(\w+)\("#,
    )
});

/// COS's Python SDK prints the answer's headers where there was no body.
static PYTHON_HEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?m)(?:CosServiceError: |^)\{'(?:Server|Date|Content-Type|Connection|Content-Length)'[^\n]*'x-cos-request-id'",
    )
});

/// COS's Python SDK has a code of its own for a HEAD that was answered with 404.
static PYTHON_MISSING: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bNoSuchResource\b"));

/// What the wrapping sentences in `text` say.
pub(in crate::evidence) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for found in BOTO.captures_iter(text) {
        opening(&mut tokens, found.get(0));
        answer(&mut tokens, &found, 1, Some(3));
        method(&mut tokens, &found, 2);
    }
    for found in GO_V2.captures_iter(text) {
        opening(&mut tokens, found.get(1));
        method(&mut tokens, &found, 1);
        answer(&mut tokens, &found, 2, Some(3));
    }
    for found in COS_GO.captures_iter(text) {
        labelled_method(&mut tokens, &found);
        push_url(&mut tokens, &found, 2);
        push_status(&mut tokens, &found, 3);
        answer(&mut tokens, &found, 4, None);
    }
    for found in JAVA.captures_iter(text) {
        java(&mut tokens, &found);
    }
    for found in RUBY.captures_iter(text) {
        answer(&mut tokens, &found, 1, Some(2));
        tokens.extend(hidden_status(&found));
    }
    for found in PHP.captures_iter(text) {
        if found.get(1).is_some_and(|code| codes::known(code.as_str()).is_some()) {
            answer(&mut tokens, &found, 1, Some(2));
        }
    }
    words(&mut tokens, text);
    for found in STATUS.captures_iter(text) {
        for group in 1..=4 {
            push_status(&mut tokens, &found, group);
        }
    }
    for found in METHOD_URL.captures_iter(text) {
        labelled_method(&mut tokens, &found);
        push_url(&mut tokens, &found, 2);
    }
    for found in FEIGN.captures_iter(text) {
        labelled_method(&mut tokens, &found);
        push_url(&mut tokens, &found, 2);
    }
    for found in OPENDAL.captures_iter(text) {
        if let (Some(operation), Some(url)) = (found.get(1), found.get(2))
            && let Some(method) = operation::of_opendal(operation.as_str(), url.as_str())
        {
            tokens.push(Token::text(operation.start(), Name::Method, method));
            if method == "HEAD" {
                tokens.push(Token::new(operation.start(), Says::NoBody));
            }
        }
    }
    for found in ARROW.captures_iter(text) {
        arrow(&mut tokens, &found);
    }
    for found in PYTHON_HEAD.find_iter(text) {
        tokens.push(Token::new(found.start(), Says::NoBody));
    }
    for found in PYTHON_MISSING.find_iter(text) {
        tokens.push(Token::new(found.start(), Says::NoBody));
        tokens.push(Token::text(found.start(), Name::Method, "HEAD"));
        tokens.push(Token::new(found.start(), Says::Status(404)));
    }
    for found in FRAME.captures_iter(text) {
        method(&mut tokens, &found, 1);
        method(&mut tokens, &found, 2);
    }
    tokens
}

fn opening(tokens: &mut Vec<Token>, found: Option<regex::Match<'_>>) {
    tokens.extend(found.map(|found| Token::new(found.start(), Says::Opening)));
}

/// A code with its message, or, where the client made them up, that there was no body.
fn answer(tokens: &mut Vec<Token>, found: &Captures<'_>, code: usize, message: Option<usize>) {
    let Some(code) = found.get(code) else { return };
    let message = message.and_then(|group| found.get(group));
    let invented_message =
        message.is_none_or(|m| m.as_str().starts_with("Aws::") || invented::message(tail(m.as_str())));
    if let Some(status) = labels::status(code.as_str()) {
        tokens.push(Token::new(code.start(), Says::Status(status)));
    }
    if invented::code(code.as_str()) {
        if invented_message && !code.as_str().is_empty() {
            tokens.push(Token::new(code.start(), Says::NoBody));
        }
    } else {
        tokens.push(Token::text(code.start(), Name::Code, code.as_str()));
    }
    if let Some(message) = message.filter(|_| !invented_message) {
        tokens.push(Token::text(message.start(), Name::Message, tail(message.as_str())));
    }
}

/// The name in capitals is the client's own word for the status.
fn arrow(tokens: &mut Vec<Token>, found: &Captures<'_>) {
    method(tokens, found, 3);
    push_status(tokens, found, 2);
    let (Some(name), Some(message)) = (found.get(1), found.get(4)) else { return };
    if invented::message(message.as_str()) {
        tokens.push(Token::new(message.start(), Says::NoBody));
        if name.as_str() == "ACCESS_DENIED" {
            tokens.push(Token::new(name.start(), Says::Status(403)));
        }
    }
}

/// Ruby's class for an answer without a body is named after the status.
fn hidden_status(found: &Captures<'_>) -> Option<Token> {
    let class = found.get(1)?;
    let status = match class.as_str() {
        "Forbidden" => 403,
        "NotFound" => 404,
        _ => return None,
    };
    Some(Token::new(class.start(), Says::Status(status)))
}

/// A message without what tools put behind it.
fn tail(message: &str) -> &str {
    let mut message = message.trim();
    for mark in [
        " - <?xml",
        " - <Error",
        " (Service:",
        " (Status Code",
        ", RequestId",
        " status code:",
        "\\n",
        "\", ",
        "\" ",
    ] {
        message = message.split(mark).next().unwrap_or(message);
    }
    labels::sentence(message).trim()
}

fn method(tokens: &mut Vec<Token>, found: &Captures<'_>, group: usize) {
    if let Some(name) = found.get(group)
        && let Some(method) = operation::method(name.as_str())
    {
        tokens.push(Token::text(name.start(), Name::Method, method));
    }
}

fn labelled_method(tokens: &mut Vec<Token>, found: &Captures<'_>) {
    if let Some(method) = found.get(1) {
        tokens.push(Token::text(method.start(), Name::Method, method.as_str().to_ascii_uppercase()));
    }
}

fn push_status(tokens: &mut Vec<Token>, found: &Captures<'_>, group: usize) {
    if let Some(digits) = found.get(group)
        && let Some(status) = labels::status(digits.as_str())
    {
        tokens.push(Token::new(digits.start(), Says::Status(status)));
    }
}

fn push_url(tokens: &mut Vec<Token>, found: &Captures<'_>, group: usize) {
    if let Some(printed) = found.get(group)
        && let Some(address) = Address::parse(url::trimmed(printed.as_str()))
    {
        tokens.push(Token::new(printed.start(), Says::Url(address)));
    }
}

/// Java's exceptions: the class may name the code (`NoSuchKeyException`), a message `null` means no body.
fn java(tokens: &mut Vec<Token>, found: &Captures<'_>) {
    let Some(message) = found.get(2).or_else(|| found.get(3)) else { return };
    let of_java = found.get(0).is_some_and(|whole| whole.as_str().starts_with(JAVA_OWN));
    if let Some(class) = found.get(1).filter(|class| !of_java && codes::unmistakable(class.as_str())) {
        tokens.push(Token::text(class.start(), Name::Code, class.as_str()));
    }
    let text = message.as_str().trim();
    // One exception may be the cause of another that repeats its message, or has none.
    let text = text.rsplit_once("Exception: ").map_or(text, |(_, last)| last);
    let text = if text.ends_with("Exception:") { "" } else { text };
    if invented::message(text) {
        tokens.push(Token::new(message.start(), Says::NoBody));
    } else {
        tokens.push(Token::text(message.start(), Name::LabelledMessage, text));
    }
}

/// Codes as words in prose, with the sentence behind them: `AccessDenied: Access Denied.`,
/// `400 RequestTimeOut User network is too slow`.
fn words(tokens: &mut Vec<Token>, text: &str) {
    let mut taken = 0;
    for word in WORD.find_iter(text).filter(|word| codes::unmistakable(word.as_str())) {
        if word.start() < taken {
            continue;
        }
        let before = text.get(..word.start()).unwrap_or("");
        if word.as_str() == JAVA_OWN && before.ends_with("java.nio.file.") {
            continue;
        }
        let before = before.trim_end_matches([' ', ':', '-', '"', '\'', '[', '(']);
        let status = before.get(before.len().saturating_sub(3)..).and_then(labels::status);
        if let Some(status) = status {
            tokens.push(Token::new(word.start().saturating_sub(4), Says::Status(status)));
        }
        tokens.push(Token::text(word.start(), Name::Code, word.as_str()));
        let behind = head(text.get(word.end()..).unwrap_or(""), SENTENCE).lines().next().unwrap_or("");
        if word.as_str() == "AccessDenied"
            && let Some(second) =
                WORD.find(head(behind, SECOND)).filter(|next| is_page_message(next.as_str()))
        {
            tokens.push(Token::text(word.end() + second.start(), Name::Message, second.as_str()));
            taken = word.end() + second.end();
        }
        let separated = behind.starts_with(':');
        let sentence = tail(behind.trim_start_matches([':', ' ']));
        let is_sentence = sentence.starts_with(|c: char| c.is_ascii_uppercase()) && sentence.contains(' ');
        if is_sentence && (separated || status.is_some()) && !invented::message(sentence) {
            tokens.push(Token::text(word.end() + 1, Name::LabelledMessage, sentence));
        }
    }
}

/// Whether the vendor's troubleshooting page prints `code` as the message of an `AccessDenied`.
fn is_page_message(code: &str) -> bool {
    [
        "AccessForbidden",
        "InvalidAccessKeyId",
        "InvalidObjectState",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    ]
    .contains(&code)
}

/// At most `length` bytes from the beginning, in whole characters.
fn head(text: &str, length: usize) -> &str {
    let end = (0..=length.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or("")
}
