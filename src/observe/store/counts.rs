//! What the metrics say of the store.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

#[derive(Debug, Clone, Default)]
pub(in crate::observe) struct Counts {
    /// Diagnoses that were not kept.
    pub(super) dropped: Counter,
    /// Failed reads and writes.
    pub(super) errors: Counter,
    /// What the file takes.
    pub(super) size: Gauge,
    /// Diagnoses in the file.
    pub(super) diagnoses: Gauge,
}

impl Counts {
    pub(in crate::observe) fn register(&self, registry: &mut Registry) {
        registry.register(
            "store_dropped",
            "Diagnoses that were not kept in store.path",
            self.dropped.clone(),
        );
        registry.register("store_errors", "Failed reads and writes of store.path", self.errors.clone());
        registry.register_with_unit("store_size", "What store.path takes", Unit::Bytes, self.size.clone());
        registry.register("store_diagnoses", "Diagnoses in store.path", self.diagnoses.clone());
    }
}
