//! docs/log.md and docs/metrics.md name everything there is.

use std::fs;
use std::io;

use coswhy::observe::log::Format;
use coswhy::observe::{Outcome, Record};
use ulid::Ulid;

use super::sinks::{line_of, observer, refusal, success};

fn document(name: &str) -> String {
    fs::read_to_string(format!("{}/docs/{name}.md", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

#[test]
fn every_field_of_the_log_is_documented() {
    let text = document("log");
    let failure = Record { error: Some("why".into()), ..Record::new(Outcome::UpstreamFailed) };
    for line in [line_of(success()), line_of(refusal(Ulid::generate())), line_of(failure)] {
        for name in line.as_object().unwrap().keys() {
            assert!(text.contains(&format!("`{name}`")), "{name}");
        }
    }
}

#[test]
fn every_metric_is_documented() {
    let text = document("metrics");
    let observer = observer(io::sink(), Format::Json);
    observer.record(success());
    observer.record(refusal(Ulid::generate()));
    observer.metrics().upstream.failed("dns_error");
    let metrics = observer.metrics().to_text();
    let names = metrics.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    for (name, kind) in names.map(|line| line.split_once(' ').unwrap()) {
        let suffix = match kind {
            "counter" => "_total",
            "info" => "_info",
            _ => "",
        };
        assert!(text.contains(&format!("`{name}{suffix}`")), "{name}{suffix}");
    }
}
