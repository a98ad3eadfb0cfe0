//! How often the same failure has come: equal fingerprints are counted as one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::fingerprint::{Traits, fingerprint};
use super::record::Record;
use crate::cos::redact;
use crate::diagnosis::report::Explanation;

/// Fingerprints of a generation. Of two generations the older one is forgotten when the newer is full.
const MOST: usize = 4096;

/// A failure by the name that it shares with its repetitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub fingerprint: String,
    /// The how manieth it is of this process; from one again where it was forgotten in between.
    pub count: u64,
}

/// The counts, of the failures that came last.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    newer: HashMap<String, u64>,
    older: HashMap<String, u64>,
}

impl Repeats {
    /// Counts a failure.
    pub(super) fn note(&self, record: &Record, explanation: &Explanation) -> Failure {
        let (cos, auth) = (&explanation.cos, &explanation.request.auth);
        let bucket = record.bucket.as_deref().map(redact::target);
        let fingerprint = fingerprint(&Traits {
            cause: &explanation.diagnosis.cause,
            bucket: bucket.as_deref().or(cos.bucket.as_deref()),
            key_id: auth.secret_id.as_deref(),
            action: cos.action.as_deref(),
            trace_id: cos.trace_id.as_deref(),
        });
        let count = self.with(|counts| counts.add(&fingerprint));
        Failure { fingerprint, count }
    }

    /// How often it has come; `None`: forgotten.
    pub(super) fn count(&self, fingerprint: &str) -> Option<u64> {
        self.with(|counts| counts.newer.get(fingerprint).or_else(|| counts.older.get(fingerprint)).copied())
    }

    fn with<T>(&self, look: impl FnOnce(&mut Counts) -> T) -> T {
        look(&mut self.counts.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Counts {
    fn add(&mut self, fingerprint: &str) -> u64 {
        if let Some(count) = self.newer.get_mut(fingerprint) {
            *count += 1;
            return *count;
        }
        let count = self.older.remove(fingerprint).unwrap_or(0) + 1;
        if self.newer.len() >= MOST {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert(fingerprint.to_owned(), count);
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_again_is_counted_and_what_does_not_is_forgotten() {
        let mut counts = Counts::default();
        assert_eq!((counts.add("a"), counts.add("a"), counts.add("b")), (1, 2, 1));
        for i in 0..MOST {
            counts.add(&format!("x{i}"));
        }
        assert_eq!(counts.add("a"), 3, "of the generation before");
        for i in 0..3 * MOST {
            counts.add(&format!("y{i}"));
        }
        assert_eq!(counts.add("a"), 1);
        assert!(counts.newer.len() + counts.older.len() <= 2 * MOST);
    }
}
