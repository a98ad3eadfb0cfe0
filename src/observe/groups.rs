//! The failures that come again, each with its repetitions as one group: how many, since when, how fast.
//!
//! Kept up with every diagnosis, so that listing them costs nothing but the list. A group holds its newest
//! diagnosis, which therefore outlives those of a failure that floods the ring.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::SystemTime;

use super::entry::Entry;
use super::timeline::Timeline;

/// Groups at most; beyond that the one that has not come for longest is forgotten.
const MOST: usize = 4096;

/// A failure by the name that it shares with its repetitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub fingerprint: Arc<str>,
    /// The how manieth it is of this process; from one again where it was forgotten in between.
    pub count: u64,
    pub first_seen: SystemTime,
}

/// A failure and its repetitions, as a reader gets them.
#[derive(Debug, Clone)]
pub struct Group {
    pub newest: Arc<Entry>,
    pub count: u64,
    /// How many of them are still kept.
    pub kept: usize,
    pub first_seen: SystemTime,
    pub timeline: Timeline,
}

#[derive(Debug)]
struct Tally {
    count: u64,
    kept: usize,
    first_seen: SystemTime,
    timeline: Timeline,
    /// `None` from the counting of its first until that is kept.
    newest: Option<Arc<Entry>>,
    /// The newest is out of the ring.
    alone: bool,
}

impl Tally {
    fn new(at: SystemTime) -> Self {
        Self {
            count: 0,
            kept: 0,
            first_seen: at,
            timeline: Timeline::beginning(at),
            newest: None,
            alone: false,
        }
    }

    fn group(&self) -> Option<Group> {
        let Self { count, kept, first_seen, timeline, newest, .. } = self;
        let newest = newest.clone()?;
        Some(Group {
            newest,
            count: *count,
            kept: *kept,
            first_seen: *first_seen,
            timeline: timeline.clone(),
        })
    }
}

/// All groups.
#[derive(Debug, Default)]
pub(super) struct Groups {
    tallies: HashMap<Arc<str>, Tally>,
    /// Their names, by the number of the newest of each.
    order: BTreeMap<u64, Arc<str>>,
    /// What the entries take that are out of the ring.
    bytes_alone: usize,
}

impl Groups {
    /// Counts one more of a failure.
    pub(super) fn count(&mut self, fingerprint: Arc<str>, at: SystemTime) -> Failure {
        let tally = self.tallies.entry(Arc::clone(&fingerprint)).or_insert_with(|| Tally::new(at));
        tally.count += 1;
        tally.timeline.add(at);
        Failure { fingerprint, count: tally.count, first_seen: tally.first_seen }
    }

    /// Counts one that an earlier process saw.
    pub(super) fn count_again(&mut self, entry: &Entry) {
        let Failure { fingerprint, first_seen, .. } = &entry.failure;
        let tally = self.tallies.entry(Arc::clone(fingerprint)).or_insert_with(|| Tally::new(*first_seen));
        tally.timeline.add(entry.at);
    }

    /// The newest of its failure is in the ring now; gives back what nothing holds any more.
    pub(super) fn hold(&mut self, entry: &Arc<Entry>) -> Vec<Arc<Entry>> {
        let name = &entry.failure.fingerprint;
        let tally = self.tallies.entry(Arc::clone(name)).or_insert_with(|| Tally::new(entry.at));
        // It may have been forgotten since it was counted.
        tally.count = tally.count.max(entry.failure.count);
        tally.kept += 1;
        let mut free = Vec::new();
        if let Some(old) = tally.newest.replace(Arc::clone(entry)) {
            self.order.remove(&old.number);
            if std::mem::take(&mut tally.alone) {
                tally.kept -= 1;
                self.bytes_alone = self.bytes_alone.saturating_sub(old.bytes());
                free.push(old);
            }
        }
        self.order.insert(entry.number, Arc::clone(name));
        if self.tallies.len() > MOST {
            free.extend(self.forget());
        }
        free
    }

    /// An entry is out of the ring.
    pub(super) fn release(&mut self, entry: &Entry) {
        let Some(tally) = self.tallies.get_mut(&entry.failure.fingerprint) else { return };
        if tally.newest.as_ref().is_some_and(|newest| newest.number == entry.number) {
            tally.alone = true;
            self.bytes_alone += entry.bytes();
        } else {
            tally.kept = tally.kept.saturating_sub(1);
        }
    }

    /// Forgets the failure that has not come for longest.
    pub(super) fn forget(&mut self) -> Option<Arc<Entry>> {
        let (_, name) = self.order.pop_first()?;
        let tally = self.tallies.remove(&name)?;
        let newest = tally.newest?;
        if tally.alone {
            self.bytes_alone = self.bytes_alone.saturating_sub(newest.bytes());
        }
        Some(newest)
    }

    /// What its entries take that are out of the ring.
    pub(super) fn bytes_alone(&self) -> usize {
        self.bytes_alone
    }

    /// The groups whose newest has a number below `before`, the newest first.
    pub(super) fn below(&self, before: u64) -> impl Iterator<Item = Group> {
        let names = self.order.range(..before).rev();
        names.filter_map(|(_, name)| self.tallies.get(name)?.group())
    }
}
