//! The way to the collector: gRPC or HTTP, and what became of each batch.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::tonic_types::transport::ClientTlsConfig;
use opentelemetry_otlp::{WithHttpConfig, WithTonicConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use tokio::runtime::{Handle, Runtime};

use super::Queue;
use super::environment::{Protocol, Wanted};

/// How often a collector that does not answer is worth a line.
const QUIET: Duration = Duration::from_mins(1);
/// Of one request; the exporter has its own limit, by OTEL_EXPORTER_OTLP_TIMEOUT, which is mostly shorter.
const LONGEST: Duration = Duration::from_mins(1);

pub(super) fn new(wanted: &Wanted, runtime: &Runtime) -> Result<opentelemetry_otlp::SpanExporter, String> {
    let _entered = runtime.enter();
    let built = match wanted.protocol {
        Protocol::Grpc => opentelemetry_otlp::SpanExporter::builder()
            .with_tonic()
            .with_tls_config(ClientTlsConfig::new().with_native_roots())
            .build(),
        Protocol::HttpProtobuf => opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(OnRuntime::new(runtime.handle().clone())?)
            .build(),
    };
    built.map_err(|error| format!("OTEL_EXPORTER_OTLP_ENDPOINT: {error}"))
}

/// hyper needs its runtime, and the SDK asks from a thread that has none.
#[derive(Debug)]
struct OnRuntime {
    runtime: Handle,
    client: HyperClient<HttpsConnector<HttpConnector>>,
}

impl OnRuntime {
    fn new(runtime: Handle) -> Result<Self, String> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::ring::default_provider())
            .map_err(|error| format!("OTEL_EXPORTER_OTLP_ENDPOINT: the system's certificates: {error}"))?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self { runtime, client: HyperClient::new(connector, LONGEST, None) })
    }
}

#[async_trait]
impl HttpClient for OnRuntime {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        self.runtime.spawn(async move { client.send_bytes(request).await }).await?
    }
}

/// Counts what is sent and what is not, and says so now and then.
#[derive(Debug)]
pub(super) struct Counted {
    exporter: opentelemetry_otlp::SpanExporter,
    queue: Arc<Queue>,
    said: Mutex<Option<Instant>>,
}

impl Counted {
    pub(super) fn new(exporter: opentelemetry_otlp::SpanExporter, queue: Arc<Queue>) -> Self {
        Self { exporter, queue, said: Mutex::default() }
    }

    fn complain(&self, error: &dyn std::fmt::Display) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.is_none_or(|at| at.elapsed() >= QUIET) {
            *said = Some(Instant::now());
            tracing::warn!(%error, "traces could not be sent to the collector; requests are not affected");
        }
    }
}

impl SpanExporter for Counted {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let result = self.exporter.export(batch).await;
        self.queue.waiting.fetch_sub(spans, Relaxed);
        let counts = &self.queue.counts;
        let counter = if result.is_ok() { &counts.sent } else { &counts.failed };
        counter.inc_by(spans as u64);
        if let Err(error) = &result {
            self.complain(error);
        }
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
