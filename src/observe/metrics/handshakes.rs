//! `coswhy_tls_handshakes_total`: TLS with clients and with the upstream, and what came of it.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// Handshakes by side and result.
#[derive(Debug)]
pub struct Handshakes {
    total: Family<Labels, Counter>,
    pub client: Side,
    pub upstream: Side,
}

/// Handshakes with one of the two sides.
#[derive(Debug)]
pub struct Side {
    ok: Counter,
    failed: Counter,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    side: &'static str,
    result: &'static str,
}

impl Handshakes {
    pub(super) fn new() -> Self {
        let total = Family::<Labels, Counter>::default();
        let counter = |side, result| Counter::clone(&total.get_or_create(&Labels { side, result }));
        let side = |side| Side { ok: counter(side, "ok"), failed: counter(side, "failed") };
        let (client, upstream) = (side("client"), side("upstream"));
        Self { total, client, upstream }
    }

    pub(super) fn register(&self, r: &mut Registry) {
        r.register("tls_handshakes", "TLS handshakes by side and result", self.total.clone());
    }
}

impl Side {
    pub fn ok(&self) {
        self.ok.inc();
    }

    pub fn failed(&self) {
        self.failed.inc();
    }
}
