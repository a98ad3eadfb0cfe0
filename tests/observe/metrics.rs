//! The metrics, as Prometheus reads them.

use std::io;

use coswhy::observe::log::Format;
use coswhy::observe::{Observer, Outcome, Record};
use ulid::Ulid;

use super::sinks::{observer, refusal, success};

fn value(observer: &Observer, name: &str) -> String {
    let text = observer.metrics().to_text();
    let line = text.lines().find(|line| line.starts_with(name) && line[name.len()..].starts_with(' '));
    line.unwrap_or_else(|| panic!("{name} in\n{text}")).rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn requests_are_counted_by_status_class_and_outcome() {
    let observer = observer(io::sink(), Format::Json);
    let name = "coswhy_requests_total{status_class=\"2xx\",outcome=\"forwarded\"}";
    assert_eq!(value(&observer, name), "0");
    observer.record(success());
    observer.record(success());
    observer.record(refusal(Ulid::generate()));
    observer.record(Record { status: Some(504), ..Record::new(Outcome::UpstreamTimeout) });
    observer.record(Record::new(Outcome::ClientAborted));
    assert_eq!(value(&observer, name), "2");
    assert_eq!(value(&observer, "coswhy_requests_total{status_class=\"4xx\",outcome=\"diagnosed\"}"), "1");
    assert_eq!(
        value(&observer, "coswhy_requests_total{status_class=\"5xx\",outcome=\"upstream-timeout\"}"),
        "1"
    );
    assert_eq!(
        value(&observer, "coswhy_requests_total{status_class=\"none\",outcome=\"client-aborted\"}"),
        "1"
    );
    assert_eq!(value(&observer, "coswhy_bytes_out_total"), "3072");
}

#[test]
fn diagnoses_are_counted_by_cause() {
    let observer = observer(io::sink(), Format::Json);
    let record = refusal(Ulid::generate());
    let diagnosis = record.diagnosis.clone().unwrap();
    observer.record(record);
    let name = format!(
        "coswhy_diagnoses_total{{cause=\"{}\",confidence=\"{}\"}}",
        diagnosis.cause,
        diagnosis.confidence.as_str()
    );
    assert_eq!(value(&observer, &name), "1");
}

#[test]
fn durations_fall_into_their_buckets() {
    let observer = observer(io::sink(), Format::Json);
    observer.record(success());
    assert_eq!(value(&observer, "coswhy_request_duration_seconds_bucket{le=\"0.01\"}"), "0");
    assert_eq!(value(&observer, "coswhy_request_duration_seconds_bucket{le=\"0.025\"}"), "1");
    assert_eq!(value(&observer, "coswhy_request_duration_seconds_bucket{le=\"+Inf\"}"), "1");
    assert_eq!(value(&observer, "coswhy_request_duration_seconds_count"), "1");
    assert_eq!(value(&observer, "coswhy_request_duration_seconds_sum"), "0.012345");
    assert_eq!(value(&observer, "coswhy_upstream_duration_seconds_count"), "1");
}

#[test]
fn guards_count_while_they_live() {
    let observer = observer(io::sink(), Format::Json);
    let (request, connection) = (observer.in_flight_guard(), observer.connection_guard());
    assert_eq!(value(&observer, "coswhy_in_flight"), "1");
    assert_eq!(value(&observer, "coswhy_connections"), "1");
    drop((request, connection));
    assert_eq!(value(&observer, "coswhy_in_flight"), "0");
    assert_eq!(value(&observer, "coswhy_connections"), "0");
}

#[test]
fn a_reload_that_failed_shows_until_one_goes_well() {
    let observer = observer(io::sink(), Format::Json);
    let (last, at) =
        ("coswhy_config_last_reload_successful", "coswhy_config_last_reload_success_timestamp_seconds");
    let started: f64 = value(&observer, at).parse().unwrap();
    assert_eq!(value(&observer, last), "1");
    observer.metrics().reloads.failed();
    assert_eq!(value(&observer, last), "0");
    assert_eq!(value(&observer, at).parse::<f64>().unwrap(), started);
    observer.metrics().reloads.succeeded();
    assert_eq!(value(&observer, last), "1");
    assert!(value(&observer, at).parse::<f64>().unwrap() >= started);
    assert_eq!(value(&observer, "coswhy_config_reloads_total{result=\"ok\"}"), "1");
    assert_eq!(value(&observer, "coswhy_config_reloads_total{result=\"failed\"}"), "1");
}

#[test]
fn every_name_begins_with_the_programs() {
    let observer = observer(io::sink(), Format::Json);
    let text = observer.metrics().to_text();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        assert!(line.starts_with("coswhy_"), "{line}");
    }
    assert!(text.contains("coswhy_build_info{version="), "{text}");
    assert!(text.ends_with("# EOF\n"));
}
