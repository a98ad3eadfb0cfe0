//! `coswhy_requests_total`: a fixed table of counters, so that counting a request looks nothing up.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

use crate::observe::record::Outcome;

/// The first digit of the status the client got; `none` where it got none.
const CLASSES: [&str; 6] = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

/// Requests by status class and outcome.
#[derive(Debug, Clone)]
pub(super) struct Requests(Arc<[[AtomicU64; Outcome::ALL.len()]; CLASSES.len()]>);

impl Requests {
    pub(super) fn new() -> Self {
        Self(Arc::new(std::array::from_fn(|_| std::array::from_fn(|_| AtomicU64::new(0)))))
    }

    pub(super) fn count(&self, status: Option<u16>, outcome: Outcome) {
        let class = usize::from(status.unwrap_or(0) / 100);
        let row = self.0.get(class).or(self.0.first());
        if let Some(counter) = row.and_then(|row| row.get(outcome as usize)) {
            counter.fetch_add(1, Relaxed);
        }
    }
}

impl EncodeMetric for Requests {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        for (class, row) in CLASSES.iter().zip(self.0.iter()) {
            for (outcome, counter) in Outcome::ALL.iter().zip(row) {
                let count = counter.load(Relaxed);
                // Most of the table cannot happen; what queries ask for is there from the start, for rates.
                if count > 0 || is_asked_for(class, *outcome) {
                    let labels = [("status_class", *class), ("outcome", outcome.as_str())];
                    encoder.encode_family(&labels)?.encode_counter::<NoLabelSet, u64, u64>(&count, None)?;
                }
            }
        }
        Ok(())
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Counter
    }
}

fn is_asked_for(class: &str, outcome: Outcome) -> bool {
    matches!(
        (class, outcome),
        ("2xx", Outcome::Forwarded)
            | ("4xx", Outcome::Diagnosed)
            | (
                "5xx",
                Outcome::UpstreamUnreachable
                    | Outcome::UpstreamTls
                    | Outcome::UpstreamTimeout
                    | Outcome::UpstreamFailed
            )
    )
}
