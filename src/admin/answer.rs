//! Responses: JSON, text, and problem details (RFC 9457), each with the fields that every one carries.

use std::convert::Infallible;

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use serde::Serialize;
use serde_json::{Value, json};

pub(super) type Body = BoxBody<Bytes, Infallible>;
pub(super) type Answer = Response<Body>;

pub(super) const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";
const TEXT: &str = "text/plain; charset=utf-8";

/// A response that nobody stores and no browser guesses the type of.
pub(super) fn respond(status: StatusCode, content_type: &'static str, body: Body) -> Answer {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

pub(super) fn whole(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).boxed()
}

pub(super) fn json(body: impl Into<Bytes>) -> Answer {
    respond(StatusCode::OK, JSON, whole(body))
}

/// A value as JSON.
pub(super) fn json_of(value: &impl Serialize) -> Answer {
    match serde_json::to_vec(value) {
        Ok(body) => json(body),
        Err(e) => problem(StatusCode::INTERNAL_SERVER_ERROR, &e.to_string()),
    }
}

pub(super) fn text(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    respond(status, TEXT, whole(body))
}

pub(super) fn problem(status: StatusCode, detail: &str) -> Answer {
    problem_with(status, detail, Value::Null)
}

/// With more members, those of an object.
pub(super) fn problem_with(status: StatusCode, detail: &str, mut more: Value) -> Answer {
    let title = status.canonical_reason().unwrap_or_default();
    let mut body =
        json!({"type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail});
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object_mut()) {
        body.append(more);
    }
    respond(status, PROBLEM, whole(body.to_string()))
}

pub(super) fn with(mut answer: Answer, name: HeaderName, value: &'static str) -> Answer {
    answer.headers_mut().insert(name, HeaderValue::from_static(value));
    answer
}

pub(super) fn method_not_allowed(methods: &'static str) -> Answer {
    let answer = problem(StatusCode::METHOD_NOT_ALLOWED, &format!("What is served here is {methods}."));
    with(answer, ALLOW, methods)
}

pub(super) fn unauthorized() -> Answer {
    let detail = "This needs the token of admin.token: Authorization: Bearer TOKEN.";
    with(problem(StatusCode::UNAUTHORIZED, detail), WWW_AUTHENTICATE, "Bearer realm=\"coswhy\"")
}

pub(super) fn bad_request(detail: &str) -> Answer {
    problem(StatusCode::BAD_REQUEST, detail)
}

pub(super) fn not_found(detail: &str) -> Answer {
    problem(StatusCode::NOT_FOUND, detail)
}

pub(super) fn busy(detail: &str) -> Answer {
    with(problem(StatusCode::SERVICE_UNAVAILABLE, detail), http::header::RETRY_AFTER, "10")
}
