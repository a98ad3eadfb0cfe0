//! The answers that coswhy makes itself, and what they say: one place for each sentence.
//!
//! They look like COS's errors (XML, or problem JSON for who asks), so that SDKs show them instead of breaking
//! on them; `Proxy-Status` (RFC 9209) says the same to machines.

use bytes::Bytes;
use http::StatusCode;
use http::header::{
    CONTENT_LANGUAGE, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, SERVER, VARY,
};
use ulid::Ulid;

use super::negotiate;
use crate::cos::time::format_http_date;
use crate::diagnosis::report::own;
use crate::observe::Outcome;

/// Something that kept a request from its answer.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) status: StatusCode,
    /// The `Code` of the XML error.
    pub(crate) code: &'static str,
    /// The error type of RFC 9209, section 2.3.
    pub(crate) proxy_status: &'static str,
    pub(crate) outcome: Outcome,
    /// What happened and what to do, for a person.
    pub(crate) message: String,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

const PROXY_STATUS: HeaderName = HeaderName::from_static("proxy-status");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-cos-request-id");

impl Fault {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        proxy_status: &'static str,
        outcome: Outcome,
        message: impl Into<String>,
    ) -> Self {
        Self { status, code, proxy_status, outcome, message: message.into() }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "CoswhyBadRequest",
            "http_request_error",
            Outcome::BadRequest,
            message,
        )
    }

    pub(crate) fn head_too_large() -> Self {
        Self::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "CoswhyHeadTooLarge",
            "http_request_error",
            Outcome::HeadTooLarge,
            "The request's head is larger than this proxy takes. Send fewer header fields (100 at most) or shorter \
             ones, or raise listener.max_head.",
        )
    }

    pub(crate) fn client_timeout(what: &str) -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "CoswhyClientTimeout",
            "http_request_error",
            Outcome::ClientTimeout,
            format!(
                "The client stopped sending {what} for longer than this proxy waits. Send it faster, or in smaller parts."
            ),
        )
    }

    pub(crate) fn client_aborted() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "CoswhyClientAborted",
            "http_request_error",
            Outcome::ClientAborted,
            "The client went away before the end of its request's body.",
        )
    }

    pub(crate) fn overloaded(limit: usize) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "CoswhyOverloaded",
            "connection_limit_reached",
            Outcome::Overloaded,
            format!(
                "This proxy serves {limit} connections at most, or requests at a time on connections of HTTP/2, and all places \
                 are taken. Try again, or raise listener.max_connections."
            ),
        )
    }

    /// The same for a client that need not know how things are behind this proxy: no address, name or setting.
    pub(crate) fn reserved(&self) -> Self {
        let says = match self.status.as_u16() {
            400 => "The request is malformed.",
            403 | 421 => "What was asked for is not served here.",
            408 => "The request took too long to arrive.",
            431 => "The request's head is too large.",
            502 => "What is behind this proxy could not be reached.",
            503 => "This proxy is busy. Try again.",
            504 => "What is behind this proxy did not answer in time.",
            _ => "The request cannot be served.",
        };
        Self { message: says.to_owned(), ..self.clone() }
    }

    /// The answer for a client that sent `accept`, about the resource it asked for.
    pub(crate) fn reply(&self, id: Ulid, accept: Option<&HeaderMap>, resource: &str) -> Reply {
        let json = accept.is_some_and(negotiate::prefers_json);
        let (content_type, body) =
            own::own_error(self.status.as_u16(), self.code, &self.message, resource, id, json);
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(SERVER, HeaderValue::from_static("coswhy"));
        let now = i64::try_from(id.timestamp_ms() / 1000).unwrap_or_default();
        if let Ok(date) = HeaderValue::try_from(format_http_date(now)) {
            headers.insert(DATE, date);
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static("en"));
        headers.insert(VARY, HeaderValue::from_static("Accept"));
        if let Ok(value) = HeaderValue::try_from(id.to_string()) {
            headers.insert(REQUEST_ID, value);
        }
        if let Ok(value) = HeaderValue::try_from(format!("coswhy; error={}", self.proxy_status)) {
            headers.insert(PROXY_STATUS, value);
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        Reply { status: self.status, headers, body: body.into() }
    }
}
