//! The last diagnoses, kept in memory for the admin listener, and the newest of each failure that came before them.
//!
//! Readers look at a bounded stretch at a time, so that a request never waits for a page of diagnoses.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::broadcast;
use ulid::Ulid;

pub use super::entry::{Entry, Filter};
use super::fingerprint;
use super::groups::{Failure, Group, Groups};
use super::record::Record;
use super::store::{Found, Store};
use crate::config::settings::Language;
use crate::diagnosis::report::Explanation;

/// Entries looked at under one lock.
const STRETCH: usize = 1024;
/// Groups, which are copied.
const FEW: usize = 128;
/// New diagnoses that a slow subscriber may lag behind before it loses some.
const LAG: usize = 256;

/// What each entry may take on average; a ring of larger ones keeps fewer.
const BYTES_EACH: usize = 24 * 1024;

/// The newest diagnoses, up to a number.
#[derive(Debug)]
pub struct Ring {
    capacity: usize,
    kept: Mutex<Kept>,
    news: broadcast::Sender<Arc<Entry>>,
    /// Where older ones are.
    store: OnceLock<Store>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Arc<Entry>>,
    groups: Groups,
    /// What the entries take, roughly.
    bytes: usize,
    /// The number given last.
    last: u64,
}

impl Kept {
    /// Takes in an entry; gives back those that are forgotten for it.
    fn add(&mut self, entry: &Arc<Entry>, capacity: usize, budget: usize) -> Vec<Arc<Entry>> {
        self.bytes += entry.bytes();
        self.entries.push_back(Arc::clone(entry));
        let mut forgotten = self.groups.hold(entry);
        self.shrink(capacity, budget, &mut forgotten);
        forgotten
    }

    /// Takes out the oldest until number and size are right; the newest stays whatever its size. Those that stay for
    /// their failure's sake have half the room at most.
    fn shrink(&mut self, capacity: usize, budget: usize, forgotten: &mut Vec<Arc<Entry>>) {
        loop {
            let alone = self.groups.bytes_alone();
            let is_over = self.bytes + alone > budget;
            if is_over && alone > budget / 2 {
                forgotten.extend(self.groups.forget());
            } else if self.entries.len() > capacity || (is_over && self.entries.len() > 1) {
                let Some(oldest) = self.entries.pop_front() else { return };
                self.bytes = self.bytes.saturating_sub(oldest.bytes());
                self.groups.release(&oldest);
                forgotten.push(oldest);
            } else {
                return;
            }
        }
    }

    /// The last ones below `before`, newest first.
    fn below(&self, before: u64) -> Vec<Arc<Entry>> {
        let below = self.entries.partition_point(|entry| entry.number < before);
        self.entries.range(below.saturating_sub(STRETCH)..below).rev().cloned().collect()
    }

    /// Of what came before the last ones the newest of each failure.
    fn alone(&self, before: u64) -> Vec<Arc<Entry>> {
        self.groups.below(before.min(self.first())).take(STRETCH).map(|group| group.newest).collect()
    }

    /// The number of the oldest of the last ones.
    fn first(&self) -> u64 {
        self.entries.front().map_or(u64::MAX, |entry| entry.number)
    }
}

impl Ring {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, kept: Mutex::default(), news: broadcast::channel(LAG).0, store: OnceLock::new() }
    }

    /// Goes on with what is in the store, and keeps there what comes.
    pub(super) fn attach(&self, store: Store, found: Found) {
        let mut kept = self.lock();
        for entry in &found.entries {
            kept.groups.count_again(entry);
            kept.add(entry, self.capacity, self.capacity.saturating_mul(BYTES_EACH));
        }
        // Above all numbers of the file, even where it can be read later only: no process counts a million in a second.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        kept.last = found.last.max(u64::try_from(since.as_micros()).unwrap_or_default());
        drop(kept);
        // There is one at most.
        let _ = self.store.set(store);
    }

    /// Waits for the store to have written all.
    pub(super) fn flush(&self) -> bool {
        self.store.get().is_none_or(Store::flush)
    }

    /// Which failure a diagnosed request is one more of.
    pub(super) fn note(&self, at: SystemTime, record: &Record, explanation: &Explanation) -> Failure {
        let fingerprint = fingerprint::of(record, explanation);
        self.lock().groups.count(fingerprint, at)
    }

    pub(super) fn push(
        &self,
        at: SystemTime,
        record: Record,
        explanation: Arc<Explanation>,
        language: Language,
    ) {
        let Some(mut entry) = Entry::new(at, record, explanation, language) else { return };
        let mut kept = self.lock();
        kept.last += 1;
        entry.number = kept.last;
        let entry = Arc::new(entry);
        let forgotten = kept.add(&entry, self.capacity, self.capacity.saturating_mul(BYTES_EACH));
        // Under the lock, so that they come in the order of their numbers.
        if let Some(store) = self.store.get() {
            store.keep(Arc::clone(&entry));
        }
        // Without subscribers it is an error.
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
        if filter.newest {
            let (groups, more) = self.groups(filter, before, limit);
            return (groups.into_iter().map(|group| group.newest).collect(), more);
        }
        let next = |before| self.below(before);
        self.gather(before, limit, next, |entry| entry.number, |entry| filter.passes(entry))
    }

    /// The failures whose newest entry passes `filter` and has a number below `before`, that with the newest first,
    /// `limit` at most; and whether there are more.
    #[must_use]
    pub fn groups(&self, filter: &Filter, before: Option<u64>, limit: usize) -> (Vec<Group>, bool) {
        let next = |before| self.lock().groups.below(before).take(FEW).collect();
        self.gather(before, limit, next, |group| group.newest.number, |group| filter.passes(&group.newest))
    }

    /// Looks through what `next` gives below a number, a stretch at a time.
    fn gather<T>(
        &self,
        before: Option<u64>,
        limit: usize,
        next: impl Fn(u64) -> Vec<T>,
        number: impl Fn(&T) -> u64,
        passes: impl Fn(&T) -> bool,
    ) -> (Vec<T>, bool) {
        let mut found = Vec::new();
        let mut before = before.unwrap_or(u64::MAX);
        loop {
            let stretch = next(before);
            if stretch.is_empty() {
                return (found, false);
            }
            for item in stretch {
                before = number(&item);
                if !passes(&item) {
                    continue;
                }
                if found.len() == limit {
                    return (found, true);
                }
                found.push(item);
            }
        }
    }

    /// The entry of a diagnosis, if it is still kept.
    #[must_use]
    pub fn get(&self, id: Ulid) -> Option<Arc<Entry>> {
        let (mut before, mut stretch) = (u64::MAX, self.lock().below(u64::MAX));
        while let Some(last) = stretch.last() {
            before = last.number;
            if let Some(found) = stretch.into_iter().find(|entry| entry.id == id) {
                return Some(found);
            }
            stretch = self.lock().below(before);
        }
        match self.store.get() {
            Some(store) => store.get(id),
            None => self.lock().groups.below(before).map(|group| group.newest).find(|entry| entry.id == id),
        }
    }

    /// The next entries below `before`, newest first: the last ones, then those of the store, or without one the
    /// newest of each failure.
    fn below(&self, before: u64) -> Vec<Arc<Entry>> {
        let kept = self.lock();
        let found = kept.below(before);
        match self.store.get() {
            _ if !found.is_empty() => found,
            None => kept.alone(before),
            Some(store) => {
                let before = before.min(kept.first());
                // A file is read without the lock.
                drop(kept);
                store.below(before, STRETCH)
            }
        }
    }

    /// Whether everything that came after the entry of this number is still kept.
    #[must_use]
    pub fn is_whole_after(&self, number: u64) -> bool {
        self.lock().entries.front().is_some_and(|oldest| oldest.number <= number + 1)
    }

    /// Entries from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.news.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
