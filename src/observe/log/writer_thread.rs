//! The writing side of the log: gathers, swaps, writes, reopens, and says how many lines were dropped.

use std::io::{self, Write};
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::event::{Event, Value};
use super::format::{Format, Level};
use super::sink::Sink;
use super::writer::{KEPT, Shared, State};

/// How long lines gather before they are written.
const GATHER: Duration = Duration::from_millis(10);
/// The log says at most so often that lines were dropped.
const DROP_NOTICE: Duration = Duration::from_secs(1);
/// Standard error hears at most so often that writing fails.
const ERROR_NOTICE: Duration = Duration::from_secs(60);

pub(super) fn run(shared: &Shared, sink: Sink, format: &Format) {
    let mut output = Output::new(sink, format);
    let mut batch = Vec::with_capacity(64 * 1024);
    loop {
        let mut state = gather(shared, shared.lock(), output.owes());
        std::mem::swap(&mut state.buffer, &mut batch);
        let goal = state.accepted;
        output.owed += std::mem::take(&mut state.dropped);
        let reopen = std::mem::take(&mut state.reopen);
        let closed = state.closed;
        state.hurry = false;
        drop(state);

        output.write(shared, &batch);
        batch.clear();
        batch.shrink_to(KEPT);
        output.notice(shared);
        if reopen {
            output.reopen(shared);
        }
        shared.lock().settled = goal;
        shared.written.notify_all();
        if closed {
            return;
        }
    }
}

/// Sleeps until there is something to do, then lets lines gather unless somebody is in a hurry.
fn gather<'a>(shared: &'a Shared, mut state: MutexGuard<'a, State>, owes: bool) -> MutexGuard<'a, State> {
    while state.buffer.is_empty() && state.is_calm() {
        state.idle = true;
        if owes || state.dropped > 0 {
            let woken = shared.wake.wait_timeout(state, DROP_NOTICE);
            let (woken, timeout) = woken.unwrap_or_else(PoisonError::into_inner);
            state = woken;
            if timeout.timed_out() {
                state.idle = false;
                return state;
            }
        } else {
            state = shared.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
    state.idle = false;
    shared.wake.wait_timeout_while(state, GATHER, |s| s.is_calm()).unwrap_or_else(PoisonError::into_inner).0
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Health {
    Good,
    Failed,
    /// Failed inside a line, which the next one must not continue.
    Torn,
}

/// The sink, and what its failures left behind.
struct Output<'a> {
    sink: Sink,
    format: &'a Format,
    state: Health,
    /// Lines that were dropped and of which the log has not said so yet.
    owed: u64,
    /// What writing failed of, where that lost lines of these; the others came faster than they could be written.
    failure: Option<String>,
    noticed: Option<Instant>,
    complained: Option<Instant>,
}

impl<'a> Output<'a> {
    fn new(sink: Sink, format: &'a Format) -> Self {
        Self { sink, format, state: Health::Good, owed: 0, failure: None, noticed: None, complained: None }
    }

    /// Whether the log should soon say that lines were dropped, even if no more come. A sink that fails is left
    /// alone until there are lines for it.
    fn owes(&self) -> bool {
        self.owed > 0 && self.state == Health::Good
    }

    fn write(&mut self, shared: &Shared, batch: &[u8]) {
        if let Err(left) = self.try_write(shared, batch) {
            let rest = batch.split_at(batch.len().saturating_sub(left)).1;
            let lost = memchr::memchr_iter(b'\n', rest).count() as u64;
            shared.counts.dropped.inc_by(lost);
            self.owed += lost;
        }
    }

    fn notice(&mut self, shared: &Shared) {
        if self.owed == 0 || self.noticed.is_some_and(|at| at.elapsed() < DROP_NOTICE) {
            return;
        }
        self.noticed = Some(Instant::now());
        let why = match &self.failure {
            Some(failure) => format!("they could not be written: {failure}"),
            None => "they could not be written fast enough".to_owned(),
        };
        let text = format!("{} log lines were dropped: {why}", self.owed);
        let mut line = Vec::new();
        self.format.event(&mut line, &own_event(Level::Warn, &text, &[("dropped", Value::U64(self.owed))]));
        if self.try_write(shared, &line).is_ok() {
            self.owed = 0;
            self.failure = None;
        }
    }

    fn reopen(&mut self, shared: &Shared) {
        match self.sink.reopen() {
            Ok(()) => self.state = Health::Good,
            Err(e) => {
                shared.counts.write_errors.inc();
                let text = format!("the log's file could not be opened again, the old one stays: {e}");
                let mut line = Vec::new();
                self.format.event(&mut line, &own_event(Level::Error, &text, &[]));
                self.write(shared, &line);
            }
        }
    }

    /// Writes `bytes`, or says how many at their end were not.
    fn try_write(&mut self, shared: &Shared, bytes: &[u8]) -> Result<(), usize> {
        if bytes.is_empty() {
            return Ok(());
        }
        if self.state == Health::Torn && self.sink.write_all(b"\n").is_err() {
            shared.counts.write_errors.inc();
            return Err(bytes.len());
        }
        let written = self.sink.write_all(bytes).and_then(|()| self.sink.flush().map_err(|e| (0, e)));
        match written {
            Ok(()) => {
                self.state = Health::Good;
                Ok(())
            }
            Err((left, e)) => {
                let (done, rest) = bytes.split_at(bytes.len().saturating_sub(left));
                let inside = !rest.is_empty() && done.last().is_some_and(|b| *b != b'\n');
                self.state = if inside { Health::Torn } else { Health::Failed };
                shared.counts.write_errors.inc();
                self.complain(&e);
                self.failure = Some(e.to_string());
                Err(left)
            }
        }
    }

    /// Standard error is the only place left; where it fails too there is nobody to tell.
    fn complain(&mut self, error: &io::Error) {
        if self.complained.is_none_or(|at| at.elapsed() >= ERROR_NOTICE) {
            self.complained = Some(Instant::now());
            let _ = writeln!(io::stderr(), "coswhy: the log cannot be written: {error}");
        }
    }
}

fn own_event<'a>(level: Level, message: &'a str, fields: &'a [(&'static str, Value)]) -> Event<'a> {
    Event { at: SystemTime::now(), level, message, target: "coswhy::observe::log", spans: "", fields }
}
