//! A look at an exchange that succeeded for what is going to fail one day: a warning in the log, and where the settings
//! want it, in a header.

use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{StatusCode, request, response};

use super::annotate;
use super::client::Way;
use super::ticket::Ticket;
use crate::cos::endpoint::{Endpoint, HostKind};
use crate::diagnosis::{Success, Warning};

pub(super) const WARNING: HeaderName = HeaderName::from_static("x-cos-warning");

pub(super) fn success(
    head: &request::Parts,
    way: &Way,
    answered: &mut response::Parts,
    ticket: &mut Ticket,
    with_header: bool,
) {
    if !answered.status.is_success() && answered.status != StatusCode::NOT_MODIFIED {
        return;
    }
    let kind = way.target.endpoint.as_ref().map(|endpoint: &Endpoint| endpoint.kind);
    let warnings = Warning::of(&Success {
        headers: &head.headers,
        query: head.uri.query(),
        answer: &answered.headers,
        took: i64::try_from(ticket.elapsed().as_secs()).unwrap_or(i64::MAX / 2) + 1,
        by_cos: kind.is_some_and(|kind| kind != HostKind::DefaultCdn),
        path_style: kind == Some(HostKind::PathStyle) && ticket.record.bucket.is_some(),
    });
    if warnings.is_empty() {
        return;
    }
    if with_header {
        header(&mut answered.headers, &warnings);
    }
    ticket.record.warnings = warnings;
}

/// A list of tokens (RFC 9651).
fn header(headers: &mut HeaderMap, warnings: &[Warning]) {
    let kinds: Vec<&str> = warnings.iter().map(|warning| warning.kind()).collect();
    if let Ok(value) = HeaderValue::try_from(kinds.join(", ")) {
        headers.insert(WARNING, value);
        annotate::expose(headers, "X-Cos-Warning");
    }
}
