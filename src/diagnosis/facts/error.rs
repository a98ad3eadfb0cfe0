//! `error.*`: what COS's error body says.

use super::table::{Fact, Get, Kind, Source};
use crate::cos::error::{ErrorBody, sentences};
use crate::cos::time;
use crate::diagnosis::exchange::{Field, ResponseEvidence};

#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Unknown where the body is.
    pub present: Option<bool>,
    pub body: ErrorBody,
    pub reason: Option<String>,
    pub request_id: Option<String>,
    pub trace_id: Option<String>,
    pub server_time: Option<i64>,
}

impl Facts {
    pub(super) fn of(response: &ResponseEvidence) -> Self {
        let header = |name| match response.headers.get(name) {
            Field::Present(value) => value.to_str().ok().map(str::to_owned),
            _ => None,
        };
        // vector buckets say their code there alone
        let code = header("x-cos-error-code");
        let parse = if code.is_some() { ErrorBody::parse_beside_code } else { ErrorBody::parse };
        let parsed = response.body.as_deref().map(|body| if body.is_empty() { None } else { parse(body) });
        let present = parsed.as_ref().map(Option::is_some);
        let mut body = parsed.flatten().unwrap_or_default();
        body.code = body.code.take().or(code);
        Self {
            present,
            reason: reason(&body),
            request_id: body.request_id.take().or_else(|| header("x-cos-request-id")),
            trace_id: body.trace_id.take().or_else(|| header("x-cos-trace-id")),
            server_time: body.server_time.as_deref().and_then(time::parse_iso8601),
            body,
        }
    }
}

/// The codes that the vendor's troubleshooting page prints as the message of an `AccessDenied`.
const PRINTED: [&str; 5] = [
    "AccessForbidden",
    "InvalidAccessKeyId",
    "InvalidObjectState",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
];

/// The sentences of a `SignatureDoesNotMatch`, which come under `AccessDenied` too.
const MISMATCHES: [&str; 2] =
    ["the signature you specified is invalid", "the request signature we calculated does not match"];

/// The code, or the code that stands in the message of an `AccessDenied`: both shapes occur. Where no code is shown,
/// the one whose sentence the message is.
fn reason(body: &ErrorBody) -> Option<String> {
    let Some(code) = body.code.as_deref() else {
        return body.message.as_deref().and_then(sentences::code).map(str::to_owned);
    };
    if code == "AccessDenied"
        && let Some(message) = body.message.as_deref()
    {
        let word = message.trim().trim_end_matches('.');
        if let Some(printed) = PRINTED.iter().find(|p| p.eq_ignore_ascii_case(word)) {
            return Some((*printed).to_owned());
        }
        let sentence = word.to_ascii_lowercase();
        if MISMATCHES.iter().any(|start| sentence.starts_with(start)) {
            return Some("SignatureDoesNotMatch".to_owned());
        }
        if is_code(word) {
            return Some(word.to_owned());
        }
    }
    Some(code.to_owned())
}

/// One word of letters with an inner capital, as all codes are.
fn is_code(word: &str) -> bool {
    let mut bytes = word.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_uppercase())
        && word.bytes().all(|b| b.is_ascii_alphanumeric())
        && bytes.any(|b| b.is_ascii_uppercase())
}

pub(super) const FACTS: &[Fact] = &[
    Fact::new(
        "error.present",
        Get::Bool(|f| f.error.present),
        Kind::Plain,
        Source::Response,
        "an error body of COS's shape was read",
        "已读到 COS 格式的错误响应体",
    ),
    Fact::new(
        "error.code",
        Get::Text(|f| f.error.body.code.as_deref()),
        Kind::Free,
        Source::Response,
        "COS's error code",
        "COS 错误码",
    ),
    Fact::new(
        "error.reason",
        Get::Text(|f| f.error.reason.as_deref()),
        Kind::Free,
        Source::Response,
        "COS's error code; of an AccessDenied whose message is a code, or SignatureDoesNotMatch's sentence, that code; without a code, the one that the message comes with",
        "COS 错误码；若 AccessDenied 的消息本身是错误码，则为该错误码；没有错误码时，为该错误消息对应的错误码",
    ),
    Fact::new(
        "error.message",
        Get::Text(|f| f.error.body.message.as_deref()),
        Kind::Free,
        Source::Response,
        "COS's message",
        "COS 错误消息",
    ),
    Fact::new(
        "error.resource",
        Get::Text(|f| f.error.body.resource.as_deref()),
        Kind::Target,
        Source::Response,
        "the resource that COS names",
        "COS 返回的资源",
    ),
    Fact::new(
        "error.request_id",
        Get::Text(|f| f.error.request_id.as_deref()),
        Kind::Plain,
        Source::Response,
        "COS's id of the request, from the body or the header",
        "COS 请求 ID",
    ),
    Fact::new(
        "error.trace_id",
        Get::Text(|f| f.error.trace_id.as_deref()),
        Kind::Plain,
        Source::Response,
        "COS's trace id, from the body or the header",
        "COS Trace ID",
    ),
    Fact::new(
        "error.server_time",
        Get::Int(|f| f.error.server_time),
        Kind::Instant,
        Source::Response,
        "ServerTime in the error body",
        "错误响应体中的 ServerTime",
    ),
    Fact::new(
        "error.format_string",
        Get::Text(|f| f.error.body.format_string.as_deref()),
        Kind::Free,
        Source::Response,
        "the HttpString that COS computed",
        "COS 计算得到的 HttpString（FormatString）",
    ),
    Fact::new(
        "error.string_to_sign",
        Get::Text(|f| f.error.body.string_to_sign.as_deref()),
        Kind::Free,
        Source::Response,
        "the StringToSign that COS computed",
        "COS 计算得到的 StringToSign",
    ),
];
