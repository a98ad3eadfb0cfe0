//! The one thing the proxy talks to: it takes the record of a request and hands it to log, metrics and ring.

use std::cell::Cell;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use prometheus_client::metrics::gauge::Gauge;

use super::log::{Event, Format, Sink, Writer};
use super::metrics::Metrics;
use super::record::Record;
use super::ring::Ring;
use super::store::Store;
use super::traces::Traces;
use crate::config::settings::{self, Language, Log};
use crate::diagnosis::report::Explanation;

thread_local! {
    /// Where a line is built before it is appended in one step.
    static LINE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Longest line whose memory a thread keeps for the next one.
const KEPT_LINE: usize = 64 * 1024;

/// Log, metrics and ring. A clone is the same observer.
#[derive(Debug, Clone)]
pub struct Observer {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    format: Format,
    writer: Writer,
    metrics: Metrics,
    ring: Ring,
    /// Whether it is Chinese; a reload may change it.
    chinese: AtomicBool,
    traces: OnceLock<Traces>,
}

impl Observer {
    /// Logs as the settings say, and keeps the last `ring` diagnoses; explains them in `language`.
    ///
    /// # Errors
    /// Where `log.file` cannot be opened, or the system gives no thread.
    pub fn new(log: &Log, ring: usize, language: Language) -> io::Result<Self> {
        let sink = log.file.as_deref().map_or(Ok(Sink::Stdout), Sink::file)?;
        let format = Format::new(log.format, &sink);
        Self::to_sink(sink, format, ring, language)
    }

    /// Logs to `sink`.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn to_sink(sink: Sink, format: Format, ring: usize, language: Language) -> io::Result<Self> {
        let metrics = Metrics::new();
        let writer = Writer::start(sink, format, metrics.log_counts())?;
        let (ring, chinese) = (Ring::new(ring), AtomicBool::new(language == Language::Zh));
        let traces = OnceLock::new();
        Ok(Self { inner: Arc::new(Inner { format, writer, metrics, ring, chinese, traces }) })
    }

    /// Sends traces from now on, where the variables of the environment want them.
    ///
    /// # Errors
    /// Where one of them cannot be understood; the sentence begins with its name.
    pub fn trace(&self, variable: impl Fn(&str) -> Option<String>) -> Result<(), String> {
        if let Some(traces) = Traces::from_environment(variable, self.inner.metrics.spans.clone())? {
            let _ = self.inner.traces.set(traces);
        }
        Ok(())
    }

    /// Explains in another language from now on.
    pub fn speak(&self, language: Language) {
        self.inner.chinese.store(language == Language::Zh, Relaxed);
    }

    fn language(&self) -> Language {
        if self.inner.chinese.load(Relaxed) { Language::Zh } else { Language::En }
    }

    /// Keeps diagnoses in `store.path` too, where that is set, and goes on with those that are there.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn keep_in(&self, store: &settings::Store) -> io::Result<()> {
        let Inner { ring, metrics, .. } = &*self.inner;
        let language = self.language();
        if let Some((store, found)) = Store::start(store, language, metrics.store_counts(), ring.capacity())?
        {
            ring.attach(store, found);
        }
        Ok(())
    }

    /// Takes note of a request that has ended. Never blocks.
    pub fn record(&self, mut record: Record) {
        let inner = &*self.inner;
        let at = SystemTime::now();
        inner.metrics.count(&record);
        let explanation = self.explanation(&record);
        record.failure = explanation.as_deref().map(|explanation| inner.ring.note(at, &record, explanation));
        if let Some(traces) = inner.traces.get() {
            let trace_id = traces.record(at, &record, explanation.as_deref());
            record.trace_id = record.trace_id.or(trace_id);
        }
        self.line(|line| inner.format.request(line, at, &record, explanation.as_deref(), self.language()));
        if let Some(explanation) = explanation {
            inner.ring.push(at, record, explanation, self.language());
        }
    }

    fn explanation(&self, record: &Record) -> Option<Arc<Explanation>> {
        let diagnosis = record.diagnosis.as_ref()?;
        let made = record.explanation.clone();
        Some(made.unwrap_or_else(|| Arc::new(diagnosis.explanation(self.language()))))
    }

    /// Logs an event of the program itself.
    pub(super) fn event(&self, event: &Event<'_>) {
        self.line(|line| self.inner.format.event(line, event));
    }

    fn line(&self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut line = LINE.take();
        line.clear();
        write(&mut line);
        self.inner.writer.line(&line);
        line.shrink_to(KEPT_LINE);
        LINE.set(line);
    }

    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    #[must_use]
    pub fn ring(&self) -> &Ring {
        &self.inner.ring
    }

    /// Takes finished lines.
    #[must_use]
    pub fn log_writer(&self) -> &Writer {
        &self.inner.writer
    }

    /// Counts a request as in flight for as long as the guard lives.
    #[must_use]
    pub fn in_flight_guard(&self) -> Guard {
        Guard::new(&self.inner.metrics.in_flight)
    }

    /// Counts a client's connection as open for as long as the guard lives.
    #[must_use]
    pub fn connection_guard(&self) -> Guard {
        Guard::new(&self.inner.metrics.connections)
    }

    /// Sends the last traces, and waits until all that was logged and is to be kept is written, for two seconds each at
    /// most; returns whether it was.
    pub fn flush(&self) -> bool {
        if let Some(traces) = self.inner.traces.get() {
            traces.end();
        }
        // Both, for the one says why the other failed.
        self.inner.ring.flush() & self.inner.writer.flush()
    }

    /// Has `log.file` opened again, as logrotate wants it; returns at once.
    pub fn reopen_log(&self) {
        self.inner.writer.reopen();
    }
}

/// One more in a gauge, until it is dropped.
#[derive(Debug)]
pub struct Guard {
    gauge: Gauge,
}

impl Guard {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self { gauge: gauge.clone() }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.gauge.dec();
    }
}
