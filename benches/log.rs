//! What a request pays for being observed: its log line, the counters, and where COS refused, the ring.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::hint::black_box;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use coswhy::config::settings::Language;
use coswhy::diagnosis::{Engine, Exchange};
use coswhy::observe::log::Format;
use coswhy::observe::{Observer, Outcome, Record, Sink};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use ulid::Ulid;

fn success() -> Record {
    Record {
        trace_id: Some("4bf92f3577b34da6a3ce929d0e0e4736".into()),
        client: Some(SocketAddr::from(([192, 0, 2, 17], 51_234))),
        method: "GET".into(),
        host: "examplebucket-1250000000.cos.ap-beijing.myqcloud.com".into(),
        path: "/photos/2026/11/24/0123456789abcdef.jpg?imageMogr2/thumbnail/200x".into(),
        bucket: Some("examplebucket-1250000000".into()),
        region: Some("ap-beijing".into()),
        key: Some("photos/2026/11/24/0123456789abcdef.jpg".into()),
        status: Some(200),
        duration: Duration::from_micros(12_345),
        upstream: Some(Duration::from_micros(11_999)),
        bytes_out: 1024,
        cos_request_id: Some("NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=".into()),
        ..Record::new(Outcome::Forwarded)
    }
}

fn record_success(c: &mut Criterion) {
    let observer =
        Observer::to_sink(Sink::Writer(Box::new(io::sink())), Format::Json, 1000, Language::En).unwrap();
    c.bench_function("record/success", |b| {
        b.iter_batched(success, |record| observer.record(black_box(record)), BatchSize::LargeInput);
    });
}

/// A refusal that was put into words for its answer already.
fn record_refusal(c: &mut Criterion) {
    let observer =
        Observer::to_sink(Sink::Writer(Box::new(io::sink())), Format::Json, 1000, Language::En).unwrap();
    let engine = Engine::builtin().unwrap();
    let body = "<Error>\n\t<Code>AccessDenied</Code>\n\t<Message>Request has expired</Message>\n\t\
                <RequestId>NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=</RequestId>\n</Error>";
    let mut exchange = Exchange::default();
    exchange.response.status = Some(403);
    exchange.response.body = Some(body.into());
    let diagnosis = Arc::new(engine.diagnose(&exchange, Ulid::generate()));
    let explanation = Arc::new(diagnosis.explanation(Language::En));
    let refused = || Record {
        status: Some(403),
        outcome: Outcome::Diagnosed,
        diagnosis: Some(Arc::clone(&diagnosis)),
        explanation: Some(Arc::clone(&explanation)),
        ..success()
    };
    c.bench_function("record/refusal", |b| {
        b.iter_batched(refused, |record| observer.record(black_box(record)), BatchSize::LargeInput);
    });
}

criterion_group!(benches, record_success, record_refusal);
criterion_main!(benches);
