//! Requests as OpenTelemetry spans, sent by OTLP to a collector.
//!
//! The spans are made of a request's record once it has ended, so that a request on its way pays for none of this; the
//! SDK's own thread sends them. Where the variables ask for no traces, none of it is there.

mod environment;
mod exporter;
mod span;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SdkTracer, SdkTracerProvider};
use tokio::runtime::Runtime;
use ulid::Ulid;

use self::environment::Wanted;
use self::exporter::Counted;
use super::metrics::Spans;
use super::record::Record;
use crate::diagnosis::report::Explanation;

/// What sending the last spans may take at the end.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the variables of the environment say of traces, without beginning any.
///
/// # Errors
/// Where one cannot be understood; the sentence begins with its name.
pub fn check(variable: impl Fn(&str) -> Option<String>) -> Result<(), String> {
    Wanted::read(&variable).map(drop)
}

/// Makes spans of records.
#[derive(Debug)]
pub(super) struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    queue: Arc<Queue>,
    /// The collector's connections live on it.
    runtime: Option<Runtime>,
}

/// Spans that wait to be sent.
#[derive(Debug)]
struct Queue {
    waiting: AtomicUsize,
    most: usize,
    counts: Spans,
}

impl Traces {
    /// As the variables of the environment want it (docs/traces.md lists them); `None` where they want no traces.
    ///
    /// # Errors
    /// Where a variable cannot be understood; the sentence begins with its name.
    pub(super) fn from_environment(
        variable: impl Fn(&str) -> Option<String>,
        counts: Spans,
    ) -> Result<Option<Self>, String> {
        let Some(wanted) = Wanted::read(&variable)? else { return Ok(None) };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("otlp")
            .enable_all()
            .build()
            .map_err(|error| format!("OTEL_TRACES_EXPORTER: no thread for traces: {error}"))?;
        let exporter = exporter::new(&wanted, &runtime)?;
        let queue = Arc::new(Queue { waiting: AtomicUsize::new(0), most: wanted.queue, counts });
        let processor = BatchSpanProcessor::builder(Counted::new(exporter, Arc::clone(&queue))).build();
        let provider = SdkTracerProvider::builder()
            .with_span_processor(processor)
            .with_resource(resource(wanted.is_named))
            .build();
        let tracer = provider.tracer("coswhy");
        Ok(Some(Self { provider, tracer, queue, runtime: Some(runtime) }))
    }

    /// Makes the spans of a request that ended at `at`. The id of their trace, where it is sampled.
    pub(super) fn record(
        &self,
        at: SystemTime,
        record: &Record,
        explanation: Option<&Explanation>,
    ) -> Option<String> {
        if self.queue.waiting.load(Relaxed) >= self.queue.most {
            self.queue.counts.dropped.inc();
            return None;
        }
        let made = span::make(&self.tracer, at, record, explanation)?;
        self.queue.waiting.fetch_add(made.spans, Relaxed);
        Some(made.trace_id)
    }

    /// Sends what waits, in bounded time.
    pub(super) fn end(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(PATIENCE) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        // It may be dropped on another runtime, where waiting for this one would be a panic.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Who sends: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, and what they leave open.
fn resource(is_named: bool) -> Resource {
    let own = [
        KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
        KeyValue::new("service.instance.id", Ulid::generate().to_string()),
    ];
    // What is asked of the environment comes later and wins.
    let builder = Resource::builder_empty().with_attributes(own);
    let builder = if is_named { builder } else { builder.with_service_name("coswhy") };
    let detected = Resource::builder().build();
    let asked = detected.iter().filter(|(key, _)| is_named || key.as_str() != "service.name");
    builder.with_attributes(asked.map(|(key, value)| KeyValue::new(key.clone(), value.clone()))).build()
}
