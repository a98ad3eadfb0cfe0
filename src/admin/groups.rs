//! `/groups`: failures that are one, each with its count, its rate and its last hour.

use std::borrow::Cow;
use std::time::SystemTime;

use serde::Serialize;

use super::answer::{self, Answer};
use super::query::{self, Query};
use crate::config::settings::Language;
use crate::diagnosis::report::Headline;
use crate::observe::{self, Ring};

#[derive(Debug, Serialize)]
struct Page<'a> {
    groups: Vec<Group<'a>>,
    /// Asks for the page after this one; null on the last.
    next: Option<String>,
}

/// What is not known is null; what differs from one to the next is the newest's.
#[derive(Debug, Serialize)]
struct Group<'a> {
    fingerprint: &'a str,
    cause: &'a str,
    title: Cow<'a, str>,
    confidence: &'static str,
    summary: Cow<'a, str>,
    method: &'a str,
    bucket: Option<&'a str>,
    region: Option<&'a str>,
    key_id: Option<&'a str>,
    status: Option<u16>,
    count: u64,
    kept: usize,
    rate_per_minute: f64,
    first_seen: String,
    last_seen: String,
    timeline: Timeline,
    newest: String,
}

#[derive(Debug, Serialize)]
struct Timeline {
    from: String,
    step_seconds: u64,
    /// Oldest first.
    counts: Vec<u32>,
}

impl<'a> Group<'a> {
    fn new(group: &'a observe::Group, language: Option<Language>, now: SystemTime) -> Self {
        let newest = &group.newest;
        let Headline { title, summary } = newest.headline(language);
        Self {
            fingerprint: &newest.failure.fingerprint,
            cause: &newest.cause,
            title,
            confidence: newest.confidence.as_str(),
            summary,
            method: &newest.method,
            bucket: newest.bucket.as_deref(),
            region: newest.region.as_deref(),
            key_id: newest.key_id.as_deref(),
            status: newest.status,
            count: group.count,
            kept: group.kept,
            rate_per_minute: rounded(group.timeline.rate_per_minute(now)),
            first_seen: observe::timestamp(group.first_seen),
            last_seen: newest.timestamp(),
            timeline: Timeline::of(group.timeline.clone(), now),
            newest: newest.id.to_string(),
        }
    }
}

impl Timeline {
    fn of(timeline: observe::Timeline, now: SystemTime) -> Self {
        let (from, counts) = timeline.hour(now);
        Self {
            from: observe::timestamp(from),
            step_seconds: observe::Timeline::STEP.as_secs(),
            counts: counts.to_vec(),
        }
    }
}

/// More digits than two say nothing.
fn rounded(rate: f64) -> f64 {
    (rate * 100.0).round() / 100.0
}

pub(super) fn page(ring: &Ring, query: &str) -> Answer {
    let now = SystemTime::now();
    let query = match Query::parse(query, query::GROUPS, now) {
        Ok(query) => query,
        Err(wrong) => return answer::bad_request(&wrong),
    };
    let (groups, more) = ring.groups(&query.filter, query.before, query.limit);
    let next = groups.last().filter(|_| more).map(|last| last.newest.number.to_string());
    let groups = groups.iter().map(|group| Group::new(group, query.language, now)).collect();
    answer::json_of(&Page { groups, next })
}
