//! AWS Signature Version 4, in the header and in the query.

use http::HeaderMap;

use super::{Auth, Place, Problem, SKEW, Scheme, first, names};
use crate::cos::time;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

pub(super) fn is(value: &str) -> bool {
    value.trim_start().starts_with("AWS4-")
}

pub(super) fn parse_header(value: &str, headers: &HeaderMap) -> Auth {
    let mut auth = Auth { scheme: Scheme::SigV4, ..Auth::default() };
    let (algorithm, rest) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
    if algorithm != ALGORITHM {
        auth.problems.push(Problem::BadValue("algorithm"));
    }
    for part in rest.split(',') {
        match part.trim().split_once('=') {
            Some(("Credential", credential)) => set_credential(&mut auth, credential),
            Some(("SignedHeaders", list)) => auth.header_list = names(list),
            Some(("Signature", signature)) if !signature.is_empty() => {
                auth.signature = Some(signature.to_owned());
            }
            _ => {}
        }
    }
    complain(&mut auth);
    let date = ["x-amz-date", "date"].iter().find_map(|name| headers.get(*name)?.to_str().ok());
    set_times(&mut auth, date, None);
    auth
}

pub(super) fn parse_query(pairs: &[(String, String)]) -> Auth {
    let mut auth = Auth { scheme: Scheme::SigV4, place: Some(Place::Query), ..Auth::default() };
    if first(pairs, "X-Amz-Algorithm").is_some_and(|algorithm| algorithm != ALGORITHM) {
        auth.problems.push(Problem::BadValue("X-Amz-Algorithm"));
    }
    if let Some(credential) = first(pairs, "X-Amz-Credential") {
        set_credential(&mut auth, credential);
    }
    auth.header_list = names(first(pairs, "X-Amz-SignedHeaders").unwrap_or_default());
    auth.signature = first(pairs, "X-Amz-Signature").filter(|s| !s.is_empty()).map(str::to_owned);
    complain(&mut auth);
    let expires = first(pairs, "X-Amz-Expires").and_then(|seconds| seconds.parse::<i64>().ok());
    if expires.is_none() {
        auth.problems.push(Problem::Missing("X-Amz-Expires"));
    }
    set_times(&mut auth, first(pairs, "X-Amz-Date"), expires);
    auth
}

/// `ID/20190516/REGION/s3/aws4_request`; an id has no slash, but be lenient to one that has.
fn set_credential(auth: &mut Auth, credential: &str) {
    let mut parts = credential.rsplitn(5, '/');
    let (terminator, _service, region, _day, id) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next());
    if terminator != Some("aws4_request") || id.is_none() {
        auth.problems.push(Problem::BadValue("Credential"));
        auth.secret_id = credential.split('/').next().filter(|id| !id.is_empty()).map(str::to_owned);
        return;
    }
    auth.secret_id = id.filter(|id| !id.is_empty()).map(str::to_owned);
    auth.scope_text = id.and_then(|id| credential.get(id.len() + 1..)).unwrap_or_default().to_owned();
    auth.region_scope = region.map(str::to_owned);
}

fn complain(auth: &mut Auth) {
    let parts = [
        (auth.secret_id.is_none(), "Credential"),
        (auth.header_list.is_empty(), "SignedHeaders"),
        (auth.signature.is_none(), "Signature"),
    ];
    auth.problems
        .extend(parts.iter().filter(|(missing, _)| *missing).map(|(_, name)| Problem::Missing(name)));
}

fn set_times(auth: &mut Auth, date: Option<&str>, expires: Option<i64>) {
    let Some(date) = date else {
        auth.problems.push(Problem::Missing("date"));
        return;
    };
    auth.sign_time_text = date.to_owned();
    match time::parse_any(date) {
        Some(start) => auth.sign_time = Some((start, start.saturating_add(expires.unwrap_or(SKEW)))),
        None => auth.problems.push(Problem::BadTime("date")),
    }
}
