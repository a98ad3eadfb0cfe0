//! The one signature of a request. Where there are two, or parts of one twice, servers differ in which they take: such
//! a request is left alone.

use http::header;

use super::{Asked, query};
use crate::cos::auth::{Auth, Place, Problem, Scheme};
use crate::cos::sigv4;
use crate::diagnosis::ProxySigning;

/// What q-sign is made of, wherever it stands.
const QSIGN: [&str; 7] = [
    "q-sign-algorithm",
    "q-ak",
    "q-sign-time",
    "q-key-time",
    "q-header-list",
    "q-url-param-list",
    "q-signature",
];
/// What SigV4 is made of in a query.
const SIGV4: [&str; 6] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
];
/// What SigV4 is made of in the header.
const SIGV4_HEADER: [&str; 3] = ["Credential", "SignedHeaders", "Signature"];

/// Headers that say what is signed; a second one would be another word on it.
const SINGLE: [&str; 3] = ["x-amz-date", "x-amz-content-sha256", "date"];

/// The credentials of a request that can be verified; else what is to be said of it.
pub(super) fn of(asked: &Asked<'_>) -> Result<Auth, ProxySigning> {
    let auth = Auth::from_request(asked.headers, Some(query(asked.target)), None);
    match auth.scheme {
        Scheme::None => return Err(ProxySigning::NotSigned),
        Scheme::SigV2 | Scheme::Unknown | Scheme::Masked => return Err(ProxySigning::Unsupported),
        Scheme::QSign | Scheme::SigV4 => {}
    }
    let is_another = |problem: &Problem| matches!(problem, Problem::BadValue(part) if *part != "Credential");
    if auth.problems.iter().any(is_another) {
        return Err(ProxySigning::Unsupported);
    }
    if auth.scheme == Scheme::SigV4 && is_chunk_signed(asked) {
        return Err(ProxySigning::ChunkSigned);
    }
    // A backwards time and one in milliseconds are COS's to refuse; here they are a time like any.
    let readable =
        |p: &Problem| matches!(p, Problem::Unsorted(_) | Problem::Backwards(_) | Problem::Milliseconds);
    if !auth.problems.iter().all(readable) || !has_its_scope(&auth) {
        return Err(ProxySigning::DoesNotVerify);
    }
    if is_the_only_one(asked, &auth) { Ok(auth) } else { Err(ProxySigning::Ambiguous) }
}

/// The body's chunks have signatures of their own, each made from the one before, the first from the request's.
fn is_chunk_signed(asked: &Asked<'_>) -> bool {
    let values = asked.headers.get_all("x-amz-content-sha256");
    values.iter().any(|value| {
        value.as_bytes().starts_with(b"STREAMING-")
            && value.as_bytes() != b"STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    })
}

/// The key that signs is derived from the credential's scope: it must say what the date says.
fn has_its_scope(auth: &Auth) -> bool {
    auth.scheme != Scheme::SigV4 || sigv4::scope(auth).is_some_and(|scope| scope == auth.scope_text)
}

fn is_the_only_one(asked: &Asked<'_>, auth: &Auth) -> bool {
    let mut values = asked.headers.get_all(header::AUTHORIZATION).iter();
    let (value, more) = (values.next(), values.next());
    if more.is_some() || SINGLE.iter().any(|name| asked.headers.get_all(*name).iter().nth(1).is_some()) {
        return false;
    }
    let found = Found::in_query(query(asked.target));
    match (auth.place, value) {
        (Some(Place::Header), Some(value)) => {
            let Ok(value) = value.to_str() else { return false };
            found == Found::default()
                && match auth.scheme {
                    Scheme::SigV4 => has_each_once(value),
                    _ => has_all_seven_once(value),
                }
        }
        (Some(Place::SignParameter), None) => {
            let value = form_urlencoded::parse(query(asked.target).as_bytes()).find(|(n, _)| is_sign(n));
            found == Found { sign: 1, ..Found::default() }
                && value.is_some_and(|(_, value)| has_all_seven_once(&value))
        }
        (Some(Place::Query), None) if auth.scheme == Scheme::SigV4 => {
            found == Found { sigv4: SIGV4.len(), ..Found::default() }
        }
        (Some(Place::Query), None) => found == Found { qsign: QSIGN.len(), ..Found::default() },
        _ => false,
    }
}

/// How many parts of which signature are in a query.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    qsign: usize,
    sigv4: usize,
    sigv2: usize,
    sign: usize,
    /// One of them is there twice.
    again: bool,
}

impl Found {
    fn in_query(query: &str) -> Self {
        let mut found = Self::default();
        if query.is_empty() {
            return found;
        }
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let is = |part: &&str| name.eq_ignore_ascii_case(part);
            let count = if QSIGN.iter().any(is) {
                &mut found.qsign
            } else if SIGV4.iter().any(is) {
                &mut found.sigv4
            } else if is(&"AWSAccessKeyId") {
                &mut found.sigv2
            } else if is_sign(&name) && value.starts_with("q-") {
                &mut found.sign
            } else {
                continue;
            };
            *count += 1;
            let name = name.to_ascii_lowercase();
            // Never more than there are parts, however often a request repeats them.
            if seen.contains(&name) {
                found.again = true;
            } else {
                seen.push(name);
            }
        }
        found
    }
}

fn is_sign(name: &str) -> bool {
    name.eq_ignore_ascii_case("sign")
}

/// Whether an Authorization value of q-sign has each of its parts, and none of them twice.
fn has_all_seven_once(value: &str) -> bool {
    let mut seen = [false; QSIGN.len()];
    let none_twice = value.split('&').all(|pair| {
        let name = pair.split_once('=').map_or(pair, |(name, _)| name).trim();
        let part = QSIGN.iter().zip(&mut seen).find(|(part, _)| name.eq_ignore_ascii_case(part));
        part.is_none_or(|(_, seen)| !std::mem::replace(seen, true))
    });
    none_twice && seen.iter().all(|seen| *seen)
}

/// Whether an Authorization value of SigV4 has its three parts, and nothing else.
fn has_each_once(value: &str) -> bool {
    let Some((_, parts)) = value.trim().split_once(' ') else { return false };
    let names: Vec<&str> =
        parts.split(',').map(|part| part.trim().split_once('=').map_or("", |(name, _)| name)).collect();
    names.len() == SIGV4_HEADER.len() && SIGV4_HEADER.iter().all(|part| names.contains(part))
}
