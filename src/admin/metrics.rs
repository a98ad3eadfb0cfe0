//! `/metrics`, in the text format that the scraper reads.

use http::header::ACCEPT;
use http::{HeaderMap, StatusCode};

use super::answer::{self, Answer};
use crate::observe::Metrics;

const OPENMETRICS: &str = "application/openmetrics-text";
const OPENMETRICS_1: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const PROMETHEUS: &str = "text/plain";
const PROMETHEUS_004: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) fn answer(metrics: &Metrics, headers: &HeaderMap) -> Answer {
    let (format, text) = if accepts(headers, PROMETHEUS) && !accepts(headers, OPENMETRICS) {
        (PROMETHEUS_004, metrics.to_prometheus_text())
    } else {
        (OPENMETRICS_1, metrics.to_text())
    };
    answer::respond(StatusCode::OK, format, answer::whole(text))
}

/// Whether Accept names the type itself: who reads both formats names OpenMetrics, and gets it.
fn accepts(headers: &HeaderMap, wanted: &str) -> bool {
    let fields = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut kinds = fields.flat_map(|field| field.split(',')).filter_map(|range| range.split(';').next());
    kinds.any(|kind| kind.trim().eq_ignore_ascii_case(wanted))
}
