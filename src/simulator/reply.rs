//! Answers: bodies, and errors in the shape of COS.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, SERVER};
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use sha2::{Digest as _, Sha256};

use super::refusal::Refusal;
use super::request::Request;
use super::store::hex;
use super::xml::Document;
use crate::cos::endpoint::HostKind;
use crate::cos::time;

pub(super) type Body = UnsyncBoxBody<Bytes, std::io::Error>;
pub(super) type Answer = Result<Response<Body>, Refusal>;

pub(super) fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

pub(super) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(full(Bytes::new()));
    *response.status_mut() = status;
    response
}

pub(super) fn xml(document: Document) -> Response<Body> {
    let mut response = Response::new(full(document.finish()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    response
}

/// Sets a header, where its value is a legal one.
pub(super) fn set(response: &mut Response<Body>, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}

/// What every answer of COS carries.
pub(super) fn sign_off(mut response: Response<Body>, id: &str, now: i64) -> Response<Body> {
    set(&mut response, "x-cos-request-id", id);
    if let Ok(date) = HeaderValue::from_str(&time::format_http_date(now)) {
        response.headers_mut().insert(DATE, date);
    }
    response.headers_mut().insert(SERVER, HeaderValue::from_static("tencent-cos"));
    response
}

/// A refusal as COS tells it; `page_shape`: as its troubleshooting page prints it.
pub(super) fn refused(refusal: Refusal, request: &Request, page_shape: bool, now: i64) -> Response<Body> {
    let (code, message) = match refusal.page {
        Some(page) if page_shape => ("AccessDenied", page),
        _ => (refusal.code, refusal.message.as_str()),
    };
    let trace_id = trace_id(refusal.code, &refusal.message);
    let is_page = request.endpoint.kind == HostKind::Website;
    let body = if is_page {
        html(refusal.status, code, message, request, &trace_id)
    } else {
        let mut document = Document::new();
        document.nest("Error", |error| {
            error.leaf("Code", code);
            error.leaf("Message", message);
            for (name, text) in &refusal.extra {
                error.leaf(name, text);
            }
            if refusal.tells_time {
                error.leaf("ServerTime", time::format_rfc3339(now));
            }
            error.leaf("Resource", request.resource());
            error.leaf("RequestId", &request.id);
            error.leaf("TraceId", &trace_id);
        });
        document.finish()
    };
    let mut response = empty(refusal.status);
    for (name, value) in refusal.headers {
        response.headers_mut().insert(name, value);
    }
    set(&mut response, "x-cos-trace-id", &trace_id);
    if request.method != Method::HEAD {
        set(&mut response, "content-type", if is_page { "text/html" } else { "application/xml" });
        *response.body_mut() = full(body);
    }
    response
}

/// Website hosts list the same in HTML.
fn html(status: StatusCode, code: &str, message: &str, request: &Request, trace_id: &str) -> String {
    use quick_xml::escape::escape;
    let items = [
        ("Code", code),
        ("Message", message),
        ("Key", request.key()),
        ("RequestId", &request.id),
        ("TraceId", trace_id),
    ];
    let items: String =
        items.iter().map(|(name, text)| format!("<li>{name}: {}</li>\n", escape(*text))).collect();
    format!(
        "<html>\n<head><title>{status}</title></head>\n<body>\n<h1>{status}</h1>\n<ul>\n{items}</ul>\n</body>\n</html>\n"
    )
}

/// The same for equal failures: it marks the place in the server, not the request.
fn trace_id(code: &str, message: &str) -> String {
    let place = message.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
    STANDARD.encode(hex(&Sha256::digest(format!("{code} {place}").as_bytes())))
}
