//! Reloads of the settings: how many there were, and what became of the last one.

use std::sync::atomic::AtomicU64;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

/// The settings' reloads.
#[derive(Debug)]
pub struct Reloads {
    total: Family<Labels, Counter>,
    successful: Gauge,
    at: Gauge<f64, AtomicU64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    result: &'static str,
}

const OK: Labels = Labels { result: "ok" };
const FAILED: Labels = Labels { result: "failed" };

impl Reloads {
    pub(super) fn new() -> Self {
        let reloads = Self { total: Family::default(), successful: Gauge::default(), at: Gauge::default() };
        // There from the start, for rates.
        for labels in [OK, FAILED] {
            drop(reloads.total.get_or_create(&labels));
        }
        reloads.in_force();
        reloads
    }

    pub(super) fn register(&self, r: &mut Registry) {
        r.register("config_reloads", "Reloads of the settings, by result", self.total.clone());
        r.register(
            "config_last_reload_successful",
            "Whether the last reload went well; 0: the settings before it are in force",
            self.successful.clone(),
        );
        r.register_with_unit(
            "config_last_reload_success_timestamp",
            "When the settings in force were loaded",
            Unit::Seconds,
            self.at.clone(),
        );
    }

    /// New settings are in force.
    pub fn succeeded(&self) {
        self.total.get_or_create(&OK).inc();
        self.in_force();
    }

    /// New settings were refused, and the old ones stay.
    pub fn failed(&self) {
        self.total.get_or_create(&FAILED).inc();
        self.successful.set(0);
    }

    fn in_force(&self) {
        self.successful.set(1);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.at.set(now.as_secs_f64());
    }
}
