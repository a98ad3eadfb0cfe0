//! The metrics, in OpenMetrics text (<https://github.com/prometheus/OpenMetrics>); docs/metrics.md lists them.
//!
//! What a plain request touches is made beforehand: counting one is a few atomic additions.

mod diagnoses;
mod handshakes;
mod histogram;
mod process;
mod reloads;
mod requests;
mod spans;
mod text;
mod upstream;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use self::diagnoses::Diagnoses;
pub use self::handshakes::{Handshakes, Side};
use self::histogram::{EXCHANGES, Histogram, OWN};
use self::process::Process;
pub use self::reloads::Reloads;
use self::requests::Requests;
pub use self::spans::Spans;
pub use self::upstream::{Connections, Upstream};
use super::log::Counts;
use super::record::Record;
use super::store;
use crate::diagnosis::Warning;

/// Everything that is counted.
#[derive(Debug)]
pub struct Metrics {
    own: Registry,
    /// What every program has; its names have no prefix.
    process: Registry,
    requests: Requests,
    diagnoses: Diagnoses,
    warnings: Family<WarningLabels, Counter>,
    duration: Histogram,
    upstream_duration: Histogram,
    overhead: Histogram,
    bytes_in: Counter,
    bytes_out: Counter,
    log: Counts,
    store: store::Counts,
    /// Requests being served.
    pub in_flight: Gauge,
    /// Open connections of clients.
    pub connections: Gauge,
    /// How many of them there may be.
    pub max_connections: Gauge,
    pub upstream: Upstream,
    pub handshakes: Handshakes,
    pub reloads: Reloads,
    pub spans: Spans,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WarningLabels {
    kind: &'static str,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut metrics = Self {
            own: Registry::with_prefix("coswhy"),
            process: Registry::default(),
            requests: Requests::new(),
            diagnoses: Diagnoses::default(),
            warnings: Family::default(),
            duration: Histogram::new(EXCHANGES),
            upstream_duration: Histogram::new(EXCHANGES),
            overhead: Histogram::new(OWN),
            bytes_in: Counter::default(),
            bytes_out: Counter::default(),
            log: Counts::default(),
            store: store::Counts::default(),
            in_flight: Gauge::default(),
            connections: Gauge::default(),
            max_connections: Gauge::default(),
            upstream: Upstream::default(),
            handshakes: Handshakes::new(),
            reloads: Reloads::new(),
            spans: Spans::default(),
        };
        // There from the start, for rates.
        for kind in Warning::KINDS {
            drop(metrics.warnings.get_or_create(&WarningLabels { kind }));
        }
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        self.process.register_collector(Box::new(Process::new()));
        let r = &mut self.own;
        r.register("requests", "Requests by status class and how they ended", self.requests.clone());
        self.diagnoses.register(r);
        r.register("warnings", "Successes that are going to fail one day, by kind", self.warnings.clone());
        r.register("in_flight", "Requests being served", self.in_flight.clone());
        r.register("connections", "Open connections of clients", self.connections.clone());
        r.register(
            "max_connections",
            "Connections of clients at most, as listener.max_connections says",
            self.max_connections.clone(),
        );
        r.register_with_unit(
            "request_duration",
            "From a request's head to the end of its answer",
            Unit::Seconds,
            self.duration.clone(),
        );
        r.register_with_unit(
            "upstream_duration",
            "From sending a request to the head of the upstream's answer",
            Unit::Seconds,
            self.upstream_duration.clone(),
        );
        r.register_with_unit(
            "overhead_duration",
            "Of the time to the head of an answer, what was not the upstream's",
            Unit::Seconds,
            self.overhead.clone(),
        );
        r.register("bytes_in", "Bytes of requests' bodies", self.bytes_in.clone());
        r.register("bytes_out", "Bytes of answers' bodies", self.bytes_out.clone());
        self.upstream.register(r);
        self.handshakes.register(r);
        r.register("log_dropped", "Log lines that were not written", self.log.dropped.clone());
        r.register("log_write_errors", "Failed writes of the log", self.log.write_errors.clone());
        self.store.register(r);
        self.reloads.register(r);
        self.spans.register(r);
        r.register("build", "The program that runs", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
    }

    pub(super) fn count(&self, record: &Record) {
        self.requests.count(record.status, record.outcome);
        self.duration.observe(record.duration);
        if let Some(upstream) = record.upstream {
            self.upstream_duration.observe(upstream);
        }
        if let Some(overhead) = record.overhead {
            self.overhead.observe(overhead);
        }
        if record.bytes_in > 0 {
            self.bytes_in.inc_by(record.bytes_in);
        }
        if record.bytes_out > 0 {
            self.bytes_out.inc_by(record.bytes_out);
        }
        for warning in &record.warnings {
            self.warnings.get_or_create(&WarningLabels { kind: warning.kind() }).inc();
        }
        if let Some(diagnosis) = &record.diagnosis {
            self.diagnoses.count(diagnosis, record.bucket.as_deref());
        }
    }

    pub(super) fn store_counts(&self) -> store::Counts {
        self.store.clone()
    }

    pub(super) fn log_counts(&self) -> Counts {
        self.log.clone()
    }

    /// The whole as OpenMetrics text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = encode_registry(&mut out, &self.own)
            .and_then(|()| encode_registry(&mut out, &self.process))
            .and_then(|()| encode_eof(&mut out));
        out
    }

    /// The whole as Prometheus text, version 0.0.4.
    #[must_use]
    pub fn to_prometheus_text(&self) -> String {
        text::to_prometheus(&self.to_text())
    }
}
