//! A histogram of durations whose recording is two atomic additions; prometheus-client's own takes a lock.
//!
//! Its bounds are part of what users lean on: queries and alerts name them, so they stay the same over releases.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

/// Upper bounds in microseconds of what waits for a network, from a cached answer to a large transfer; above the last
/// comes `+Inf`.
pub(super) const EXCHANGES: &[u64] = &[
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    30_000_000,
    60_000_000,
    300_000_000,
];

/// The same of what a processor does, from a plain request to a refusal whose body comes late.
pub(super) const OWN: &[u64] = &[
    25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
    2_500_000,
];

/// Durations, counted by length.
#[derive(Debug, Clone)]
pub(super) struct Histogram(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    bounds: &'static [u64],
    /// One for each bound.
    counts: Box<[AtomicU64]>,
    beyond: AtomicU64,
    sum_micros: AtomicU64,
}

impl Histogram {
    pub(super) fn new(bounds: &'static [u64]) -> Self {
        let counts = bounds.iter().map(|_| AtomicU64::new(0)).collect();
        Self(Arc::new(Inner { bounds, counts, beyond: AtomicU64::new(0), sum_micros: AtomicU64::new(0) }))
    }

    pub(super) fn observe(&self, span: Duration) {
        let inner = &*self.0;
        // To the nearest: what takes 20 of them must not lose half of one each time.
        let micros = u64::try_from((span.as_nanos() + 500) / 1000).unwrap_or(u64::MAX);
        let at = inner.bounds.partition_point(|bound| *bound < micros);
        inner.counts.get(at).unwrap_or(&inner.beyond).fetch_add(1, Relaxed);
        inner.sum_micros.fetch_add(micros, Relaxed);
    }
}

impl EncodeMetric for Histogram {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        let inner = &*self.0;
        let bounds = inner.bounds.iter().map(|micros| seconds(*micros)).chain([f64::INFINITY]);
        let counts = inner.counts.iter().chain([&inner.beyond]).map(|count| count.load(Relaxed));
        let buckets: Vec<(f64, u64)> = bounds.zip(counts).collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        let sum = seconds(inner.sum_micros.load(Relaxed));
        encoder.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}

fn seconds(micros: u64) -> f64 {
    Duration::from_micros(micros).as_secs_f64()
}
