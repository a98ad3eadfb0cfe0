//! `response.*`: who answered, and in what form.

use super::error;
use super::request::detached;
use super::table::{Fact, Get, Kind, Source};
use super::value::MapView;
use crate::cos::error::Form;
use crate::cos::request_id;
use crate::diagnosis::exchange::{Field, Fields, ResponseEvidence, Seen};

#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub status: Option<u16>,
    pub headers: Fields,
    pub body: Option<&'static str>,
    pub from_cos: Option<bool>,
    pub server_kind: Option<&'static str>,
    /// A short body of plain text.
    pub text: Option<String>,
}

/// Longer plain text is no error message.
const LONGEST_TEXT: usize = 1024;

impl Facts {
    pub(super) fn of(response: &ResponseEvidence, error: &error::Facts) -> Self {
        let body = response.body.as_deref().map(|body| body_kind(body, error));
        let from_cos = from_cos(&response.headers, body, error);
        Self {
            status: response.status,
            body,
            from_cos,
            server_kind: server_kind(&response.headers, from_cos, body, error),
            text: (body == Some("text")).then(|| plain_text(response)).flatten(),
            headers: detached(&response.headers),
        }
    }
}

fn plain_text(response: &ResponseEvidence) -> Option<String> {
    let text = std::str::from_utf8(response.body.as_deref()?).ok()?.trim();
    (text.len() <= LONGEST_TEXT).then(|| text.to_owned())
}

fn body_kind(body: &[u8], error: &error::Facts) -> &'static str {
    let start = body.trim_ascii_start();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let begins = |word: &[u8]| start.get(..word.len()).is_some_and(|s| s.eq_ignore_ascii_case(word));
    if start.is_empty() {
        return "empty";
    }
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<head") || begins(b"<body") {
        return "html";
    }
    if error.present == Some(true) {
        return match error.body.form {
            Form::Xml => "cos-xml",
            Form::Json => "cos-json",
            Form::LegacyJson => "legacy-json",
            Form::Html => "html",
        };
    }
    match start.first() {
        Some(b'<') => "xml",
        Some(b'{' | b'[') => "json",
        _ => "text",
    }
}

/// Public COS names itself in `Server` and `x-cos-request-id`, and its request ids hold a clock.
fn from_cos(headers: &Fields, body: Option<&str>, error: &error::Facts) -> Option<bool> {
    let text = |name| headers.get(name).text();
    if text("server").is_some_and(|s| s.starts_with("tencent-co") || s.starts_with("tencent-ci"))
        || text("x-cos-request-id").is_some_and(|id| request_id::time(id).is_some())
        || error.body.form == Form::LegacyJson && error.present == Some(true)
    {
        return Some(true);
    }
    // Ceph's RGW numbers its transactions so, whatever the rest of the answer looks like.
    if text("x-amz-request-id").is_some_and(|id| id.starts_with("tx")) {
        return Some(false);
    }
    if error.request_id.as_deref().is_some_and(|id| request_id::time(id).is_some()) {
        return Some(true);
    }
    if others_body(error).is_some() || OTHERS_IDS.iter().any(|name| headers.get(name).text().is_some()) {
        return Some(false);
    }
    let shown = headers.seen != Seen::Some;
    let named = !matches!(headers.get("x-cos-request-id"), Field::Absent | Field::Unknown);
    match body {
        _ if named => None,
        _ if shown => Some(false),
        Some("html") if error.present != Some(true) => Some(false),
        _ => None,
    }
}

/// Headers by which storages of other vendors number their requests.
const OTHERS_IDS: [&str; 3] = ["x-oss-request-id", "x-obs-request-id", "x-tos-request-id"];

/// What kind of storage wrote an error body that COS would not: another vendor's host in it, Alibaba's and Volcano's
/// `EC`, Ceph's request ids, S3's short ones beside a `HostId`.
fn others_body(error: &error::Facts) -> Option<&'static str> {
    let host_id = error.body.host_id.as_deref();
    let id = error.request_id.as_deref().unwrap_or_default();
    let short = id.len() == 16 && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if id.starts_with("tx0") && id.len() > 30 {
        return Some("ceph");
    }
    let named = host_id.is_some_and(|host| host.ends_with(".aliyuncs.com"));
    (named || host_id.is_some() && (short || error.body.extra("EC").is_some())).then_some("s3")
}

fn server_kind(
    headers: &Fields,
    from_cos: Option<bool>,
    body: Option<&str>,
    error: &error::Facts,
) -> Option<&'static str> {
    let server = headers.get("server").text().unwrap_or_default().to_ascii_lowercase();
    let has = |name| matches!(headers.get(name), Field::Present(_));
    let request_id = headers.get("x-amz-request-id").text().unwrap_or_default();
    Some(match () {
        () if server.starts_with("tencent-ci") => "ci",
        () if from_cos == Some(true) => "cos",
        () if server.contains("waf") || has("x-waf-uuid") => "waf",
        () if server.starts_with("ceph") || request_id.starts_with("tx") => "ceph",
        () if ["amazons3", "minio", "aliyunoss", "obs"].iter().any(|s| server.starts_with(s))
            || OTHERS_IDS.into_iter().any(has) =>
        {
            "s3"
        }
        () if ["nws", "cloudflare", "akamai", "cdn"].iter().any(|s| server.contains(s))
            || ["x-nws-log-uuid", "x-cache-lookup", "cf-ray", "x-cdn-request-id"].into_iter().any(has) =>
        {
            "cdn"
        }
        () if server.starts_with("nginx")
            || server.starts_with("openresty")
            || server.starts_with("tengine") =>
        {
            "nginx"
        }
        () if others_body(error).is_some() => return others_body(error),
        () if headers.seen != Seen::Some || !server.is_empty() || body == Some("html") => "other",
        () => return None,
    })
}

const fn fact(name: &'static str, get: Get, kind: Kind, en: &'static str, zh: &'static str) -> Fact {
    Fact::new(name, get, kind, Source::Response, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact("response.status", Get::Int(|f| f.response.status.map(i64::from)), Kind::Plain, "status", "状态码"),
    fact(
        "response.headers",
        Get::Map(|f| Some(MapView::Fields(&f.response.headers))),
        Kind::HeaderFields,
        "response header",
        "响应头",
    ),
    fact(
        "response.body",
        Get::Text(|f| f.response.body),
        Kind::Word,
        "form of the body: empty, cos-xml, cos-json, legacy-json, html, xml, json or text",
        "响应体格式",
    ),
    fact(
        "response.text",
        Get::Text(|f| f.response.text.as_deref()),
        Kind::Free,
        "body of plain text, where it is short",
        "纯文本响应体（较短时）",
    ),
    fact(
        "response.from_cos",
        Get::Bool(|f| f.response.from_cos),
        Kind::Plain,
        "public COS gave the answer",
        "响应来自公有云 COS",
    ),
    fact(
        "response.server_kind",
        Get::Text(|f| f.response.server_kind),
        Kind::Word,
        "who answered: cos, ci, cdn, waf, nginx, ceph, s3 or other",
        "响应方类型",
    ),
];
