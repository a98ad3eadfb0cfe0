//! The last station of a refused request: the diagnosis goes into the answer, as its client can take it.

use bytes::Bytes;
use http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CONTENT_ENCODING,
    CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
    LINK, TRAILER, TRANSFER_ENCODING, VARY,
};
use http::response;

use super::forward::DIAGNOSIS;
use super::negotiate;
use crate::config::settings::{self, BodyMode};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::report::{self, Explanation};

/// Fields that are true of COS's own bytes alone.
const OF_THE_BYTES: [HeaderName; 9] = [
    ACCEPT_RANGES,
    CONTENT_RANGE,
    ETAG,
    TRANSFER_ENCODING,
    TRAILER,
    HeaderName::from_static("content-md5"),
    HeaderName::from_static("content-digest"),
    HeaderName::from_static("digest"),
    HeaderName::from_static("x-cos-hash-crc64ecma"),
];

/// Adds the diagnosis to the fields of a refusal, whatever becomes of its body.
pub(super) fn header(headers: &mut HeaderMap, diagnosis: &Diagnosis, public_url: Option<&str>) {
    headers.insert(DIAGNOSIS, diagnosis.header_value());
    if let Some(url) = public_url
        && let Ok(link) =
            HeaderValue::try_from(format!("<{url}/diagnoses/{}>; rel=\"describedby\"", diagnosis.id))
    {
        headers.append(LINK, link);
    }
    expose(headers, "X-Cos-Diagnosis");
}

/// A page's script may read the field where it may read the answer at all. COS's own list stays: an asterisk
/// too, which is a name like any other where credentials are sent.
pub(super) fn expose(headers: &mut HeaderMap, field: &str) {
    if !headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        return;
    }
    let listed = headers.get_all(ACCESS_CONTROL_EXPOSE_HEADERS);
    let exposed: Vec<&[u8]> = listed.iter().map(HeaderValue::as_bytes).collect();
    let names = exposed.iter().flat_map(|list| list.split(|b| *b == b','));
    if names.map(<[u8]>::trim_ascii).any(|name| name.eq_ignore_ascii_case(field.as_bytes())) {
        return;
    }
    let all = [exposed.as_slice(), &[field.as_bytes()]].concat().join(b", ".as_slice());
    if let Ok(value) = HeaderValue::from_bytes(&all) {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, value);
    }
}

/// The body that takes the place of `body`, with the fields changed to match; `None`: it stays as it is.
///
/// Who asks for JSON reads it, in a language of its own; XML is read by programs, whose Accept-Language is their
/// library's, and has the explanation as log and ring have it.
pub(super) fn body(
    head: &mut response::Parts,
    body: &[u8],
    diagnosis: &Diagnosis,
    explanation: &Explanation,
    asked: &HeaderMap,
    settings: &settings::Diagnosis,
) -> Option<Bytes> {
    let coded = head.headers.get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity");
    if settings.body == BodyMode::Untouched || coded || body.is_empty() {
        return None;
    }
    let changed = if negotiate::prefers_json(asked) {
        if !report::xml::is_error(body) {
            return None;
        }
        let language = negotiate::language(asked, settings.language);
        head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        head.headers.insert(CONTENT_LANGUAGE, negotiate::tag(language));
        vary_by(&mut head.headers, "Accept-Language");
        if language == settings.language {
            report::problem::json(explanation)
        } else {
            report::problem::json(&diagnosis.explanation(language))
        }
    } else {
        report::xml::annotate(body, explanation)?
    };
    if OF_THE_BYTES.iter().any(|name| head.headers.contains_key(name)) {
        let kept = std::mem::take(&mut head.headers);
        for (name, value) in kept.iter().filter(|(name, _)| !OF_THE_BYTES.contains(name)) {
            head.headers.append(name.clone(), value.clone());
        }
    }
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(changed.len()));
    vary_by(&mut head.headers, "Accept");
    Some(changed.into())
}

fn vary_by(headers: &mut HeaderMap, field: &'static str) {
    let said = |value: &HeaderValue| {
        value.as_bytes().split(|b| *b == b',').any(|name| {
            let name = name.trim_ascii();
            name.eq_ignore_ascii_case(field.as_bytes()) || name == b"*"
        })
    };
    if !headers.get_all(VARY).iter().any(said) {
        headers.append(VARY, HeaderValue::from_static(field));
    }
}
