//! What became of the spans of traces.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;

/// A clone is the same counters.
#[derive(Debug, Clone, Default)]
pub struct Spans {
    /// Taken by the collector.
    pub(in crate::observe) sent: Counter,
    /// Not taken by it.
    pub(in crate::observe) failed: Counter,
    /// Requests without spans, since too many waited.
    pub(in crate::observe) dropped: Counter,
}

impl Spans {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register("spans_sent", "Spans that the collector took", self.sent.clone());
        registry.register("spans_failed", "Spans that could not be sent", self.failed.clone());
        registry.register(
            "spans_dropped",
            "Requests whose spans were not made, since too many waited to be sent",
            self.dropped.clone(),
        );
    }
}
