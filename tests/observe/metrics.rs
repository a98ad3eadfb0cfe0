//! The metrics, as Prometheus reads them.

use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

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

/// A counter of diagnoses as it is named.
fn diagnosed(record: &Record, bucket: &str) -> String {
    let diagnosis = record.diagnosis.as_ref().unwrap();
    let (cause, confidence) = (&diagnosis.cause, diagnosis.confidence.as_str());
    format!("coswhy_diagnoses_total{{cause=\"{cause}\",confidence=\"{confidence}\",bucket=\"{bucket}\"}}")
}

#[test]
fn diagnoses_are_counted_by_cause_confidence_and_bucket() {
    let observer = observer(io::sink(), Format::Json);
    let record = refusal(Ulid::generate());
    let (named, none) = (diagnosed(&record, record.bucket.as_deref().unwrap()), diagnosed(&record, "none"));
    observer.record(record);
    observer.record(Record { bucket: None, ..refusal(Ulid::generate()) });
    assert_eq!(value(&observer, &named), "1");
    assert_eq!(value(&observer, &none), "1");
}

#[test]
fn the_buckets_of_a_metric_have_an_end() {
    let observer = observer(io::sink(), Format::Json);
    let record = refusal(Ulid::generate());
    for number in 0..300 {
        let bucket = Some(format!("b{number}-1250000000"));
        observer.record(Record { bucket, ..refusal(Ulid::generate()) });
    }
    observer.record(Record { bucket: Some("b7-1250000000".into()), ..refusal(Ulid::generate()) });
    let text = observer.metrics().to_text();
    assert_eq!(text.lines().filter(|line| line.starts_with("coswhy_diagnoses_total")).count(), 101);
    assert_eq!(value(&observer, &diagnosed(&record, "b7-1250000000")), "2");
    assert_eq!(value(&observer, &diagnosed(&record, "other")), "200");
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
    assert_eq!(value(&observer, "coswhy_overhead_duration_seconds_count"), "0");
    let overhead = Some(Duration::from_nanos(20_700));
    observer.record(Record { overhead, ..success() });
    assert_eq!(value(&observer, "coswhy_overhead_duration_seconds_bucket{le=\"0.000025\"}"), "1");
    assert_eq!(value(&observer, "coswhy_overhead_duration_seconds_sum"), "0.000021");
}

#[test]
fn connections_to_the_upstream_are_added_up_over_workers() {
    let observer = observer(io::sink(), Format::Json);
    let upstream = &observer.metrics().upstream;
    let (one, other) = (upstream.worker(), upstream.worker());
    one.opened();
    one.put();
    one.taken(1);
    one.reused();
    other.opened();
    other.put();
    upstream.failed("dns_error");
    assert_eq!(value(&observer, "coswhy_upstream_connections_opened_total"), "2");
    assert_eq!(value(&observer, "coswhy_upstream_connections_reused_total"), "1");
    assert_eq!(value(&observer, "coswhy_upstream_connections_idle"), "1");
    assert_eq!(value(&observer, "coswhy_upstream_connections_failed_total{kind=\"dns_error\"}"), "1");
}

#[test]
fn the_process_is_among_them() {
    let observer = observer(io::sink(), Format::Json);
    let number = |name| value(&observer, name).parse::<f64>().unwrap();
    assert!(number("process_cpu_seconds_total") > 0.0);
    assert!(number("process_resident_memory_bytes") > 1e6);
    assert!(number("process_virtual_memory_bytes") >= number("process_resident_memory_bytes"));
    let (open, most) = (number("process_open_fds"), number("process_max_fds"));
    assert!(open >= 3.0 && open <= most, "{open} of {most}");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    let started = number("process_start_time_seconds");
    assert!(started <= now && started > now - 60.0, "{started} at {now}");
}

#[test]
fn the_older_text_has_the_same_samples_under_names_of_its_own() {
    let observer = observer(io::sink(), Format::Json);
    observer.record(success());
    observer.record(refusal(Ulid::generate()));
    let (new, old) = (observer.metrics().to_text(), observer.metrics().to_prometheus_text());
    let names = |text: &str| -> Vec<String> {
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        samples.map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect()
    };
    assert_eq!(names(&new), names(&old));
    for line in [
        "# HELP coswhy_requests_total Requests by status class and how they ended.",
        "# TYPE coswhy_requests_total counter",
        "# TYPE coswhy_build_info gauge",
        "# TYPE coswhy_request_duration_seconds histogram",
        "# TYPE process_open_fds gauge",
    ] {
        assert!(old.lines().any(|has| has == line), "{line} in\n{old}");
    }
    let is_known = |line: &&str| line.starts_with("# HELP ") || line.starts_with("# TYPE ");
    assert!(old.lines().filter(|line| line.starts_with('#')).all(|line| is_known(&line)), "{old}");
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
fn every_name_begins_with_the_programs_or_is_the_processs() {
    let observer = observer(io::sink(), Format::Json);
    let text = observer.metrics().to_text();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        assert!(line.starts_with("coswhy_") || line.starts_with("process_"), "{line}");
    }
    assert!(text.contains("coswhy_build_info{version="), "{text}");
    assert!(text.ends_with("# EOF\n"));
}
