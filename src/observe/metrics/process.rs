//! `process_*`: what the system says of this process, under the names that Prometheus' own clients use
//! (<https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics>). What it does not say is left out.

use std::fmt;
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use rustix::process::{Resource, getrlimit};
use rustix::time::{ClockId, clock_gettime};

/// This process, looked at when somebody asks.
#[derive(Debug)]
pub(super) struct Process {
    started: f64,
}

impl Process {
    /// At the start of the process.
    pub(super) fn new() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: since.as_secs_f64() }
    }
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        encoder
            .encode_descriptor(
                "process_cpu_seconds",
                "User and system CPU time in seconds.",
                None,
                MetricType::Counter,
            )?
            .encode_counter::<NoLabelSet, f64, u64>(&cpu_seconds(), None)?;
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let gauges = [
            ("process_start_time_seconds", "Start of the process in epoch seconds.", Some(self.started)),
            ("process_resident_memory_bytes", "Resident memory.", bytes(&status, "VmRSS:")),
            ("process_virtual_memory_bytes", "Virtual memory.", bytes(&status, "VmSize:")),
            ("process_open_fds", "Open file descriptors.", open_files()),
            ("process_max_fds", "File descriptors at most.", getrlimit(Resource::Nofile).current.map(float)),
        ];
        for (name, help, value) in gauges {
            if let Some(value) = value {
                encoder.encode_descriptor(name, help, None, MetricType::Gauge)?.encode_gauge(&value)?;
            }
        }
        Ok(())
    }
}

fn cpu_seconds() -> f64 {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    float(u64::try_from(used.tv_sec).unwrap_or(0)) + float(u64::try_from(used.tv_nsec).unwrap_or(0)) / 1e9
}

/// A line of `/proc/self/status`, such as `VmRSS: 12345 kB`.
fn bytes(status: &str, name: &str) -> Option<f64> {
    let rest = status.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse::<u64>().ok().map(|kib| float(kib * 1024))
}

fn open_files() -> Option<f64> {
    // Since Linux 6.2 the directory's length is their number; listing thousands would take milliseconds.
    let length = fs::metadata("/proc/self/fd").ok()?.len();
    if length > 0 {
        return Some(float(length));
    }
    // Less the one that the listing itself opens.
    let listed = fs::read_dir("/proc/self/fd").ok()?.count().saturating_sub(1);
    u64::try_from(listed).ok().map(float)
}

/// Exact up to 2^53, which none of these reaches.
fn float(number: u64) -> f64 {
    number as f64
}
