//! The simulator's clock: this machine's, or one that is off by as much as a test wants.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A running clock; clones show the same time.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    offset: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that shows `epoch` seconds now and runs on from there.
    #[must_use]
    pub fn at(epoch: i64) -> Self {
        let clock = Self::default();
        clock.set_offset(epoch - system());
        clock
    }

    /// How many seconds the clock is ahead of this machine's.
    pub fn set_offset(&self, seconds: i64) {
        self.offset.store(seconds, Ordering::Relaxed);
    }

    /// Epoch seconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        system() + self.offset.load(Ordering::Relaxed)
    }
}

fn system() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
