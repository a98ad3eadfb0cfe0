//! AWS Signature Version 2: `AWS ID:SIGNATURE`, or its parts in the query.

use http::HeaderMap;

use super::{Auth, Place, Problem, SKEW, Scheme, first};
use crate::cos::time;

pub(super) fn is(value: &str) -> bool {
    value.trim_start().starts_with("AWS ")
}

pub(super) fn parse_header(value: &str, headers: &HeaderMap) -> Auth {
    let mut auth = Auth { scheme: Scheme::SigV2, ..Auth::default() };
    let credentials = value.trim().strip_prefix("AWS ").unwrap_or_default().trim();
    let (id, signature) = credentials.split_once(':').unwrap_or((credentials, ""));
    set(&mut auth, id, signature);
    let date = ["x-amz-date", "date"].iter().find_map(|name| headers.get(*name)?.to_str().ok());
    if let Some(date) = date {
        auth.sign_time_text = date.to_owned();
        match time::parse_any(date) {
            Some(start) => auth.sign_time = Some((start, start.saturating_add(SKEW))),
            None => auth.problems.push(Problem::BadTime("date")),
        }
    }
    auth
}

pub(super) fn parse_query(pairs: &[(String, String)]) -> Auth {
    let mut auth = Auth { scheme: Scheme::SigV2, place: Some(Place::Query), ..Auth::default() };
    let text = |name| first(pairs, name).unwrap_or_default();
    set(&mut auth, text("AWSAccessKeyId"), text("Signature"));
    match text("Expires").parse::<i64>() {
        Ok(end) => auth.expires = Some(end),
        Err(_) => auth.problems.push(Problem::BadTime("Expires")),
    }
    auth
}

fn set(auth: &mut Auth, id: &str, signature: &str) {
    for (value, name) in [(id, "AWSAccessKeyId"), (signature, "Signature")] {
        if value.is_empty() {
            auth.problems.push(Problem::Missing(name));
        }
    }
    let some = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    auth.secret_id = some(id);
    auth.signature = some(signature);
}
