//! The last diagnoses, kept in memory for the admin listener.
//!
//! Readers look at a bounded stretch at a time, so that a request never waits for a page of diagnoses.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use tokio::sync::broadcast;
use ulid::Ulid;

use super::log::clock::timestamp;
use super::record::Record;
use super::repeats::{Failure, Repeats};
use crate::cos::redact;
use crate::diagnosis::Confidence;
use crate::diagnosis::report::{Explanation, problem};

/// Entries looked at under one lock.
const STRETCH: usize = 1024;
/// New diagnoses that a slow subscriber may lag behind before it loses some.
const LAG: usize = 256;

/// What each entry may take on average; a ring of larger ones keeps fewer.
const BYTES_EACH: usize = 16 * 1024;

/// One diagnosed request.
#[derive(Debug)]
pub struct Entry {
    /// Counts up from 1 with every diagnosis of this process.
    pub number: u64,
    pub at: SystemTime,
    pub id: Ulid,
    pub cause: Arc<str>,
    pub confidence: Confidence,
    pub summary: String,
    pub method: String,
    pub bucket: Option<String>,
    pub region: Option<String>,
    pub key: Option<String>,
    pub status: Option<u16>,
    /// The SecretId that signed, masked.
    pub key_id: Option<String>,
    pub failure: Failure,
    /// The whole explanation, in which no secret of the request is; JSON is made of it for who asks.
    explanation: Arc<Explanation>,
    /// What that takes, roughly.
    weight: usize,
}

/// Which diagnoses are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub cause: Option<String>,
    pub bucket: Option<String>,
    /// Masked.
    pub key_id: Option<String>,
    pub fingerprint: Option<String>,
    /// Of each failure the newest alone.
    pub newest: bool,
    /// Not older than this.
    pub since: Option<SystemTime>,
}

/// The newest diagnoses, up to a number.
#[derive(Debug)]
pub struct Ring {
    capacity: usize,
    kept: Mutex<Kept>,
    repeats: Repeats,
    news: broadcast::Sender<Arc<Entry>>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Arc<Entry>>,
    /// What they take, roughly.
    bytes: usize,
    /// The number given last.
    last: u64,
}

impl Kept {
    /// Takes out the oldest until number and size are right; the newest stays whatever its size.
    fn shrink(&mut self, capacity: usize) -> Vec<Arc<Entry>> {
        let budget = capacity.saturating_mul(BYTES_EACH);
        let mut forgotten = Vec::new();
        while self.entries.len() > capacity || (self.bytes > budget && self.entries.len() > 1) {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.bytes = self.bytes.saturating_sub(oldest.bytes());
            forgotten.push(oldest);
        }
        forgotten
    }
}

impl Ring {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            kept: Mutex::default(),
            repeats: Repeats::default(),
            news: broadcast::channel(LAG).0,
        }
    }

    /// Which failure a diagnosed request is one more of.
    pub(super) fn note(&self, record: &Record, explanation: &Explanation) -> Failure {
        self.repeats.note(record, explanation)
    }

    pub(super) fn push(&self, at: SystemTime, record: Record, explanation: Arc<Explanation>) {
        let Some(mut entry) = Entry::new(at, record, explanation) else { return };
        let bytes = entry.bytes();
        let mut kept = self.lock();
        kept.last += 1;
        entry.number = kept.last;
        let entry = Arc::new(entry);
        kept.bytes += bytes;
        kept.entries.push_back(Arc::clone(&entry));
        let forgotten = kept.shrink(self.capacity);
        // Under the lock, so that news come in the order of their numbers. Without subscribers it is an error.
        let _ = self.news.send(entry);
        drop(kept);
        drop(forgotten);
    }

    /// How many are kept.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// The newest entries that pass `filter` and whose number is below `before`, newest first, `limit` at most;
    /// and whether there are more.
    #[must_use]
    pub fn page(&self, filter: &Filter, before: Option<u64>, limit: usize) -> (Vec<Arc<Entry>>, bool) {
        let mut found = Vec::new();
        let mut before = before.unwrap_or(u64::MAX);
        while let Some(stretch) = self.stretch(before) {
            for entry in stretch {
                before = entry.number;
                if !filter.passes(&entry) || (filter.newest && self.came_again(&entry.failure)) {
                    continue;
                }
                if found.len() == limit {
                    return (found, true);
                }
                found.push(entry);
            }
        }
        (found, false)
    }

    fn came_again(&self, failure: &Failure) -> bool {
        self.repeats.count(&failure.fingerprint).is_some_and(|count| count > failure.count)
    }

    /// The entry of a diagnosis, if it is still kept.
    #[must_use]
    pub fn get(&self, id: Ulid) -> Option<Arc<Entry>> {
        let mut before = u64::MAX;
        while let Some(stretch) = self.stretch(before) {
            for entry in stretch {
                if entry.id == id {
                    return Some(entry);
                }
                before = entry.number;
            }
        }
        None
    }

    /// Entries from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.news.subscribe()
    }

    /// The next entries below `before`, newest first; `None` where there are none.
    fn stretch(&self, before: u64) -> Option<Vec<Arc<Entry>>> {
        let kept = self.lock();
        let entries = &kept.entries;
        let first = entries.front()?.number;
        let below = usize::try_from(before.saturating_sub(first)).ok()?.min(entries.len());
        let from = below.saturating_sub(STRETCH);
        let found: Vec<_> = entries.range(from..below).rev().cloned().collect();
        (!found.is_empty()).then_some(found)
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn new(at: SystemTime, record: Record, explanation: Arc<Explanation>) -> Option<Self> {
        let diagnosis = record.diagnosis?;
        let (cos, auth) = (&explanation.cos, &explanation.request.auth);
        let bucket = record.bucket.map(harmless).or_else(|| cos.bucket.clone());
        Some(Self {
            number: 0,
            at,
            id: diagnosis.id,
            cause: Arc::clone(&diagnosis.cause),
            confidence: diagnosis.confidence,
            summary: explanation.diagnosis.summary.clone(),
            failure: record.failure?,
            method: harmless(record.method),
            bucket,
            region: record.region.map(harmless).or_else(|| cos.region.clone()),
            key: record.key.map(harmless).or_else(|| cos.key.clone()),
            status: record.status,
            key_id: auth.secret_id.clone(),
            weight: explanation.weight(),
            explanation,
        })
    }

    fn bytes(&self) -> usize {
        let key = self.key.as_ref().map_or(0, String::len);
        size_of::<Self>() + self.weight + self.summary.len() + self.method.len() + key
    }

    /// The whole explanation as JSON.
    #[must_use]
    pub fn explanation(&self) -> Bytes {
        problem::json(&self.explanation).into()
    }

    /// When it was recorded, RFC 3339.
    #[must_use]
    pub fn timestamp(&self) -> String {
        timestamp(self.at)
    }
}

impl Filter {
    fn passes(&self, entry: &Entry) -> bool {
        let same = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        same(&self.cause, Some(&entry.cause))
            && same(&self.bucket, entry.bucket.as_deref())
            && same(&self.key_id, entry.key_id.as_deref())
            && same(&self.fingerprint, Some(&entry.failure.fingerprint))
            && self.since.is_none_or(|since| entry.at >= since)
    }
}

/// The text without secrets, in its own memory where it has none.
fn harmless(text: String) -> String {
    match redact::target(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(redacted) => redacted,
    }
}
