//! The last diagnoses, kept in memory for the admin listener.
//!
//! Readers look at a bounded stretch at a time, so that a request never waits for a page of diagnoses.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::broadcast;
use ulid::Ulid;

use super::fingerprint::{Traits, fingerprint};
use super::log::clock::timestamp;
use super::record::Record;
use super::refusal::Refusal;
use crate::cos::redact;
use crate::diagnosis::Diagnosis;

/// Entries looked at under one lock.
const STRETCH: usize = 1024;
/// New diagnoses that a slow subscriber may lag behind before it loses some.
const LAG: usize = 256;

/// One diagnosed request.
#[derive(Debug)]
pub struct Entry {
    /// Counts up from 1 with every diagnosis of this process.
    pub number: u64,
    pub at: SystemTime,
    pub method: String,
    pub bucket: Option<String>,
    pub region: Option<String>,
    pub key: Option<String>,
    pub status: Option<u16>,
    /// The SecretId that signed, masked.
    pub key_id: Option<String>,
    pub fingerprint: String,
    pub diagnosis: Arc<Diagnosis>,
}

/// Which diagnoses are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub cause: Option<String>,
    pub bucket: Option<String>,
    /// Masked.
    pub key_id: Option<String>,
    /// Not older than this.
    pub since: Option<SystemTime>,
}

/// The newest diagnoses, up to a number.
#[derive(Debug)]
pub struct Ring {
    capacity: usize,
    entries: Mutex<VecDeque<Arc<Entry>>>,
    news: broadcast::Sender<Arc<Entry>>,
}

impl Ring {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, entries: Mutex::default(), news: broadcast::channel(LAG).0 }
    }

    pub(super) fn push(&self, at: SystemTime, record: Record, refusal: Refusal) {
        let Some(diagnosis) = record.diagnosis else { return };
        let traits = Traits {
            cause: &diagnosis.cause,
            bucket: record.bucket.as_deref(),
            key_id: refusal.secret_id.as_deref(),
            action: refusal.action.as_deref(),
            trace_id: refusal.cos_trace_id.as_deref(),
        };
        let mut entry = Entry {
            number: 0,
            at,
            fingerprint: fingerprint(&traits),
            method: harmless(record.method),
            bucket: record.bucket.map(harmless),
            region: record.region.map(harmless),
            key: record.key.map(harmless),
            status: record.status,
            key_id: refusal.secret_id,
            diagnosis,
        };
        let mut entries = self.lock();
        entry.number = entries.back().map_or(0, |last| last.number) + 1;
        let entry = Arc::new(entry);
        entries.push_back(Arc::clone(&entry));
        let oldest = if entries.len() > self.capacity { entries.pop_front() } else { None };
        // Under the lock, so that news come in the order of their numbers. Without subscribers it is an error.
        let _ = self.news.send(entry);
        drop(entries);
        drop(oldest);
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
                if !filter.passes(&entry) {
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

    /// The entry of a diagnosis, if it is still kept.
    #[must_use]
    pub fn get(&self, id: Ulid) -> Option<Arc<Entry>> {
        let mut before = u64::MAX;
        while let Some(stretch) = self.stretch(before) {
            for entry in stretch {
                if entry.diagnosis.id == id {
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
        let entries = self.lock();
        let first = entries.front()?.number;
        let below = usize::try_from(before.saturating_sub(first)).ok()?.min(entries.len());
        let from = below.saturating_sub(STRETCH);
        let found: Vec<_> = entries.range(from..below).rev().cloned().collect();
        (!found.is_empty()).then_some(found)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Entry>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
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
        same(&self.cause, Some(&entry.diagnosis.cause))
            && same(&self.bucket, entry.bucket.as_deref())
            && same(&self.key_id, entry.key_id.as_deref())
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
