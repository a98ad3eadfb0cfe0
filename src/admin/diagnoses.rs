//! `/diagnoses` and `/diagnoses/ID`.

use std::borrow::Cow;
use std::time::SystemTime;

use serde::Serialize;
use ulid::Ulid;

use super::answer::{self, Answer};
use super::query::{self, Query};
use crate::config::settings::Language;
use crate::diagnosis::report::Headline;
use crate::observe::Ring;
use crate::observe::ring::Entry;

#[derive(Debug, Serialize)]
struct Page<'a> {
    diagnoses: Vec<Item<'a>>,
    /// Asks for the page after this one; null on the last.
    next: Option<String>,
}

/// One diagnosis in a list; what is not known is null.
#[derive(Debug, Serialize)]
pub(super) struct Item<'a> {
    id: String,
    timestamp: String,
    cause: &'a str,
    title: Cow<'a, str>,
    confidence: &'static str,
    summary: Cow<'a, str>,
    method: &'a str,
    bucket: Option<&'a str>,
    region: Option<&'a str>,
    key: Option<&'a str>,
    status: Option<u16>,
    fingerprint: &'a str,
    /// How often this failure had come by then.
    count: u64,
}

impl<'a> Item<'a> {
    pub(super) fn new(entry: &'a Entry, language: Option<Language>) -> Self {
        let Headline { title, summary } = entry.headline(language);
        Self {
            id: entry.id.to_string(),
            timestamp: entry.timestamp(),
            cause: &entry.cause,
            title,
            confidence: entry.confidence.as_str(),
            summary,
            method: &entry.method,
            bucket: entry.bucket.as_deref(),
            region: entry.region.as_deref(),
            key: entry.key.as_deref(),
            status: entry.status,
            fingerprint: &entry.failure.fingerprint,
            count: entry.failure.count,
        }
    }
}

pub(super) fn page(ring: &Ring, query: &str) -> Answer {
    let query = match Query::parse(query, query::DIAGNOSES, SystemTime::now()) {
        Ok(query) => query,
        Err(wrong) => return answer::bad_request(&wrong),
    };
    let (entries, more) = ring.page(&query.filter, query.before, query.limit);
    let next = entries.last().filter(|_| more).map(|last| last.number.to_string());
    let diagnoses = entries.iter().map(|entry| Item::new(entry, query.language)).collect();
    answer::json_of(&Page { diagnoses, next })
}

pub(super) fn one(ring: &Ring, id: &str, query: &str) -> Answer {
    let language = match Query::parse(query, query::LANGUAGE, SystemTime::now()) {
        Ok(query) => query.language,
        Err(wrong) => return answer::bad_request(&wrong),
    };
    let entry = Ulid::from_string(id).ok().and_then(|id| ring.get(id));
    match entry.and_then(|entry| entry.whole(language)) {
        Some(whole) => answer::json(whole),
        None => answer::not_found(&format!(
            "No diagnosis with this id is kept: the last {} are, and with store.path what that has room for.",
            ring.capacity()
        )),
    }
}
