//! Takes finished lines from any thread without ever blocking it, and writes them from one thread of its own.
//!
//! A line costs its sender a lock and a copy. The thread is woken by the first line into an empty buffer, lets
//! lines gather for some milliseconds, swaps the buffer for an empty one and writes it in one system call. A full
//! buffer (the disk hangs, a pipe's reader sleeps) drops lines and counts them; so does a failing write.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use prometheus_client::metrics::counter::Counter;

use super::format::Format;
use super::sink::Sink;
use super::writer_thread;

/// Bytes that wait at most; as many again may be on their way to the sink.
pub(super) const CAPACITY: usize = 4 * 1024 * 1024;
/// With so many bytes waiting, gathering ends early.
const ENOUGH: usize = 256 * 1024;
/// What a buffer keeps of its memory after a rush.
pub(super) const KEPT: usize = 512 * 1024;
/// How long the end of the process waits for a sink that does not take its lines.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

/// What became of lines that were not written.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    pub dropped: Counter,
    pub write_errors: Counter,
}

/// The sending side; dropping it writes out what is there.
#[derive(Debug)]
pub struct Writer {
    shared: Arc<Shared>,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) state: Mutex<State>,
    /// Rouses the writing thread.
    pub(super) wake: Condvar,
    /// Tells who waits in `flush`.
    pub(super) written: Condvar,
    pub(super) counts: Counts,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) buffer: Vec<u8>,
    /// Lines ever accepted, and how many of these were written or given up.
    pub(super) accepted: u64,
    pub(super) settled: u64,
    /// Lines dropped since the log last said so.
    pub(super) dropped: u64,
    /// The writing thread sleeps until it is woken.
    pub(super) idle: bool,
    /// Somebody wants the lines out now.
    pub(super) hurry: bool,
    pub(super) reopen: bool,
    pub(super) closed: bool,
}

impl Writer {
    /// Starts the writing thread.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(sink: Sink, format: Format, counts: Counts) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State { buffer: Vec::with_capacity(64 * 1024), ..State::default() }),
            wake: Condvar::new(),
            written: Condvar::new(),
            counts,
        });
        let theirs = Arc::clone(&shared);
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || writer_thread::run(&theirs, sink, &format))?;
        Ok(Self { shared })
    }

    /// Appends one line, its line feed included, or drops it where the buffer is full.
    pub fn line(&self, line: &[u8]) {
        let mut state = self.shared.lock();
        let filled = state.buffer.len() + line.len();
        if filled > CAPACITY {
            state.dropped += 1;
            drop(state);
            self.shared.counts.dropped.inc();
            return;
        }
        state.buffer.extend_from_slice(line);
        state.accepted += 1;
        let enough = filled >= ENOUGH && !state.hurry;
        state.hurry |= enough;
        let wake = std::mem::take(&mut state.idle) || enough;
        drop(state);
        if wake {
            self.shared.wake.notify_one();
        }
    }

    /// Waits until every line accepted so far is written, but no longer than two seconds.
    /// Returns whether it was.
    pub fn flush(&self) -> bool {
        let mut state = self.shared.lock();
        let goal = state.accepted;
        let until = Instant::now() + CLOSE_PATIENCE;
        state.hurry = true;
        self.shared.wake.notify_one();
        while state.settled < goal {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.shared.written.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Has the log's file opened again, after what was logged before; returns at once.
    pub fn reopen(&self) {
        let mut state = self.shared.lock();
        state.reopen = true;
        drop(state);
        self.shared.wake.notify_one();
    }
}

impl State {
    /// Nobody asks for anything but the lines to be written some time soon.
    pub(super) fn is_calm(&self) -> bool {
        !self.hurry && !self.reopen && !self.closed
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.flush();
        self.shared.lock().closed = true;
        self.shared.wake.notify_one();
    }
}

impl Shared {
    /// A panic elsewhere leaves the buffer whole: a line is appended in one step.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
