//! Connections to the upstream. Each worker counts its own, so that a request touches no other worker's memory; they
//! are added up when somebody looks.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// Connections of all workers to the upstream.
#[derive(Debug, Default)]
pub struct Upstream {
    workers: Arc<Workers>,
    failed: Family<Labels, Counter>,
}

/// One worker's connections to the upstream.
#[derive(Debug, Default)]
pub struct Connections {
    opened: AtomicU64,
    reused: AtomicU64,
    idle: AtomicU64,
}

#[derive(Debug, Default)]
struct Workers(Mutex<Vec<Arc<Connections>>>);

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    kind: &'static str,
}

impl Upstream {
    pub(super) fn register(&self, r: &mut Registry) {
        r.register_collector(Box::new(Arc::clone(&self.workers)));
        r.register(
            "upstream_connections_failed",
            "Connections to the upstream that came to nothing, by RFC 9209's kind of error",
            self.failed.clone(),
        );
    }

    /// What a new worker counts with.
    pub fn worker(&self) -> Arc<Connections> {
        let connections = Arc::default();
        self.workers.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&connections));
        connections
    }

    /// There is no connection. `kind` is the error type of RFC 9209, section 2.3.
    pub fn failed(&self, kind: &'static str) {
        self.failed.get_or_create(&Labels { kind }).inc();
    }
}

impl Connections {
    pub fn opened(&self) {
        self.opened.fetch_add(1, Relaxed);
    }

    /// A request goes over a connection that another one has used.
    pub fn reused(&self) {
        self.reused.fetch_add(1, Relaxed);
    }

    /// One more waits for its next request.
    pub fn put(&self) {
        self.idle.fetch_add(1, Relaxed);
    }

    /// So many wait no more.
    pub fn taken(&self, number: usize) {
        self.idle.fetch_sub(u64::try_from(number).unwrap_or(0), Relaxed);
    }
}

impl Collector for Workers {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let workers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = |of: fn(&Connections) -> &AtomicU64| -> u64 {
            workers.iter().map(|worker| of(worker).load(Relaxed)).sum()
        };
        for (name, help, count) in [
            ("upstream_connections_opened", "Connections opened to the upstream.", sum(|w| &w.opened)),
            ("upstream_connections_reused", "Requests over a connection used before.", sum(|w| &w.reused)),
        ] {
            encoder
                .encode_descriptor(name, help, None, MetricType::Counter)?
                .encode_counter::<NoLabelSet, u64, u64>(&count, None)?;
        }
        let help = "Connections to the upstream that wait for a request.";
        encoder
            .encode_descriptor("upstream_connections_idle", help, None, MetricType::Gauge)?
            .encode_gauge(&sum(|w| &w.idle))
    }
}
