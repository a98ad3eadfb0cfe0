//! Connections that wait for their next request. Each worker has its own pool.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::dial::Connection;
use super::origin::Origin;
use crate::config::settings;
use crate::observe::metrics::Connections;

type Idle = HashMap<Origin, Vec<(Connection, Instant)>>;

/// The idle connections of one worker.
#[derive(Debug)]
pub(crate) struct Pool {
    idle: Mutex<Idle>,
    /// In milliseconds.
    idle_timeout: AtomicU64,
    max_idle: AtomicUsize,
    pub(super) counts: Arc<Connections>,
}

impl Pool {
    pub(crate) fn new(upstream: &settings::Upstream, counts: Arc<Connections>) -> Self {
        let pool = Self {
            idle: Mutex::default(),
            idle_timeout: AtomicU64::default(),
            max_idle: AtomicUsize::default(),
            counts,
        };
        pool.keep_to(upstream);
        pool
    }

    /// Other limits from now on.
    pub(crate) fn keep_to(&self, upstream: &settings::Upstream) {
        let millis = u64::try_from(upstream.idle_timeout.0.as_millis()).unwrap_or(u64::MAX);
        self.idle_timeout.store(millis, Relaxed);
        self.max_idle.store(upstream.max_idle, Relaxed);
    }

    fn idle_timeout(&self) -> Duration {
        Duration::from_millis(self.idle_timeout.load(Relaxed))
    }

    fn lock(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection used last: the others may then grow old and be closed.
    pub(super) fn take(&self, origin: &Origin) -> Option<Connection> {
        let mut idle = self.lock();
        let waiting = idle.get_mut(origin)?;
        while let Some((connection, since)) = waiting.pop() {
            self.counts.taken(1);
            if !connection.sender.is_closed() && since.elapsed() < self.idle_timeout() {
                return Some(connection);
            }
        }
        None
    }

    pub(super) fn put(&self, origin: &Origin, connection: Connection) {
        let max_idle = self.max_idle.load(Relaxed);
        if connection.sender.is_closed() || max_idle == 0 {
            return;
        }
        let mut idle = self.lock();
        if let Some(waiting) = idle.get_mut(origin) {
            if waiting.len() < max_idle {
                waiting.push((connection, Instant::now()));
                self.counts.put();
            }
        } else {
            self.counts.put();
            idle.insert(origin.clone(), vec![(connection, Instant::now())]);
        }
    }

    /// Closes what is too old or already closed.
    pub(crate) fn sweep(&self) {
        let idle_timeout = self.idle_timeout();
        self.lock().retain(|_, waiting| {
            let before = waiting.len();
            waiting.retain(|(c, since)| !c.sender.is_closed() && since.elapsed() < idle_timeout);
            self.counts.taken(before - waiting.len());
            !waiting.is_empty()
        });
    }
}
