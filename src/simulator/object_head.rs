//! The head of an object's answers: its own headers, conditions and ranges.

use http::{HeaderName, HeaderValue, Response, StatusCode};

use super::refusal::Refusal;
use super::reply::{self, Body};
use super::request::Request;
use super::store::Object;
use crate::cos::time;

/// Kept with an object and given back with it, besides the metadata.
const KEPT: [&str; 6] = [
    "content-type",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "expires",
];

/// The headers of an upload that belong to its object.
pub(super) fn kept(request: &Request) -> Vec<(HeaderName, HeaderValue)> {
    let is_kept = |name: &str| {
        KEPT.contains(&name) || name.starts_with("x-cos-meta-") || name.starts_with("x-amz-meta-")
    };
    let mut headers: Vec<_> = request
        .headers
        .iter()
        .filter(|(name, value)| is_kept(name.as_str()) && !value.as_bytes().starts_with(b"aws-chunked"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if !headers.iter().any(|(name, _)| name == http::header::CONTENT_TYPE) {
        headers.push((http::header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")));
    }
    headers
}

/// If-Match and its like; `Some` where the answer is 304.
pub(super) fn conditions(request: &Request, object: &Object) -> Result<Option<Response<Body>>, Refusal> {
    let bare = |etag: &str| etag.trim().trim_start_matches("W/").trim_matches('"').to_owned();
    let is_ours =
        |list: &str| list.split(',').any(|etag| etag.trim() == "*" || bare(etag) == bare(&object.etag));
    let since = |name: &str| request.header(name).and_then(time::parse_http_date);
    if request.header("if-match").is_some_and(|list| !is_ours(list))
        || since("if-unmodified-since").is_some_and(|instant| object.modified > instant)
    {
        return Err(Refusal::precondition());
    }
    let unchanged = match request.header("if-none-match") {
        Some(list) => is_ours(list),
        None => since("if-modified-since").is_some_and(|instant| object.modified <= instant),
    };
    if !unchanged {
        return Ok(None);
    }
    let mut response = reply::empty(StatusCode::NOT_MODIFIED);
    reply::set(&mut response, "etag", &object.etag);
    Ok(Some(response))
}

/// The one range asked for, or the whole; a form that is not understood asks for the whole.
pub(super) fn range(request: &Request, length: usize) -> Result<Option<(usize, usize)>, Refusal> {
    let Some((from, to)) = request
        .header("range")
        .and_then(|range| range.strip_prefix("bytes="))
        .filter(|range| !range.contains(','))
        .and_then(|range| range.split_once('-'))
    else {
        return Ok(None);
    };
    let unsatisfiable = || Refusal::new(416, "InvalidRange", "The requested range is not satisfiable.");
    let last = length.checked_sub(1).ok_or_else(unsatisfiable)?;
    let range = match (from.parse::<usize>(), to.parse::<usize>()) {
        (Ok(from), Ok(to)) if from <= to => (from, to.min(last)),
        (Ok(from), Err(_)) if to.is_empty() => (from, last),
        (Err(_), Ok(suffix)) if from.is_empty() && suffix > 0 => (length.saturating_sub(suffix), last),
        _ => return Ok(None),
    };
    if range.0 > last { Err(unsatisfiable()) } else { Ok(Some(range)) }
}

/// What an object says of itself.
pub(super) fn describe(response: &mut Response<Body>, object: &Object, request: &Request, now: i64) {
    for (name, value) in &object.headers {
        response.headers_mut().insert(name.clone(), value.clone());
    }
    // a parameter of the request overrides the object's own header
    for (name, value) in &request.params {
        if let Some(header) =
            name.strip_prefix("response-").and_then(|name| KEPT.iter().find(|kept| **kept == name))
        {
            reply::set(response, header, value);
        }
    }
    reply::set(response, "etag", &object.etag);
    reply::set(response, "last-modified", &time::format_http_date(object.modified));
    reply::set(response, "accept-ranges", "bytes");
    if object.class != "STANDARD" {
        reply::set(response, "x-cos-storage-class", &object.class);
    }
    if let Some(at) = object.restored_at {
        let state = if at > now {
            "ongoing-request=\"true\"".to_owned()
        } else {
            format!("ongoing-request=\"false\", expiry-date=\"{}\"", time::format_http_date(at + 86_400))
        };
        reply::set(response, "x-cos-restore", &state);
    }
}
