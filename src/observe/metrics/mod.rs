//! The metrics, in OpenMetrics text (<https://github.com/prometheus/OpenMetrics>); docs/operations.md lists them.
//!
//! What a plain request touches is made beforehand: counting one is a few atomic additions.

mod histogram;
mod reloads;
mod requests;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use self::histogram::Histogram;
pub use self::reloads::Reloads;
use self::requests::Requests;
use super::log::Counts;
use super::record::Record;
use crate::diagnosis::Warning;

/// Everything that is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Requests,
    diagnoses: Family<DiagnosisLabels, Counter>,
    warnings: Family<WarningLabels, Counter>,
    duration: Histogram,
    upstream_duration: Histogram,
    bytes_in: Counter,
    bytes_out: Counter,
    log: Counts,
    /// Requests being served.
    pub in_flight: Gauge,
    /// Open connections of clients.
    pub connections: Gauge,
    /// Connections opened to the upstream.
    pub upstream_connections_opened: Counter,
    pub reloads: Reloads,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DiagnosisLabels {
    cause: String,
    confidence: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WarningLabels {
    kind: &'static str,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("coswhy"),
            requests: Requests::new(),
            diagnoses: Family::default(),
            warnings: Family::default(),
            duration: Histogram::default(),
            upstream_duration: Histogram::default(),
            bytes_in: Counter::default(),
            bytes_out: Counter::default(),
            log: Counts::default(),
            in_flight: Gauge::default(),
            connections: Gauge::default(),
            upstream_connections_opened: Counter::default(),
            reloads: Reloads::new(),
        };
        // There from the start, for rates.
        for kind in Warning::KINDS {
            drop(metrics.warnings.get_or_create(&WarningLabels { kind }));
        }
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let r = &mut self.registry;
        r.register("requests", "Requests by status class and how they ended", self.requests.clone());
        r.register("diagnoses", "Diagnosed answers by cause", self.diagnoses.clone());
        r.register("warnings", "Successes that are going to fail one day, by kind", self.warnings.clone());
        r.register("in_flight", "Requests being served", self.in_flight.clone());
        r.register("connections", "Open connections of clients", self.connections.clone());
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
        r.register("bytes_in", "Bytes of requests' bodies", self.bytes_in.clone());
        r.register("bytes_out", "Bytes of answers' bodies", self.bytes_out.clone());
        r.register(
            "upstream_connections_opened",
            "Connections opened to the upstream",
            self.upstream_connections_opened.clone(),
        );
        r.register("log_dropped", "Log lines that were not written", self.log.dropped.clone());
        r.register("log_write_errors", "Failed writes of the log", self.log.write_errors.clone());
        self.reloads.register(r);
        r.register("build", "The program that runs", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
    }

    pub(super) fn count(&self, record: &Record) {
        self.requests.count(record.status, record.outcome);
        self.duration.observe(record.duration);
        if let Some(upstream) = record.upstream {
            self.upstream_duration.observe(upstream);
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
            let labels = DiagnosisLabels {
                cause: diagnosis.cause.to_string(),
                confidence: diagnosis.confidence.as_str(),
            };
            self.diagnoses.get_or_create(&labels).inc();
        }
    }

    pub(super) fn log_counts(&self) -> Counts {
        self.log.clone()
    }

    /// The whole as OpenMetrics text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = encode(&mut out, &self.registry);
        out
    }
}
