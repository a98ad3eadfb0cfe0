//! What coswhy holds at a moment, by the system and by its own metrics.

use std::fmt;

use crate::harness::Proxy;

pub(crate) struct Figures {
    /// Anonymous resident memory, bytes.
    pub(crate) memory: usize,
    pub(crate) descriptors: usize,
    pub(crate) in_flight: usize,
    pub(crate) connections: usize,
    pub(crate) dropped: usize,
}

impl Figures {
    pub(crate) fn of(proxy: &Proxy) -> Self {
        let text = proxy.ask_admin("/metrics").expect("metrics").text();
        let metric = |name: &str| {
            let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{name} in {text}"))
        };
        Self {
            memory: proxy.memory(),
            descriptors: descriptors(proxy),
            in_flight: metric("coswhy_in_flight"),
            connections: metric("coswhy_connections"),
            dropped: metric("coswhy_log_dropped_total"),
        }
    }
}

/// Open file descriptors.
pub(crate) fn descriptors(proxy: &Proxy) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", proxy.id())).unwrap().count()
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { memory, descriptors, in_flight, connections, dropped } = self;
        let mib = *memory as f64 / f64::from(1 << 20);
        write!(
            f,
            "{mib:.1} MiB, {descriptors} descriptors, {connections} connections, {in_flight} in flight, {dropped} log lines dropped"
        )
    }
}
