//! The program's own events in the same log: a tracing-subscriber layer that writes them as the requests' lines
//! are written.
//!
//! `RUST_LOG` chooses what is logged, or else `log.level`, which a reload may change. A span at debug or trace level says when it ends and how
//! long it took, so that `RUST_LOG=coswhy=debug` shows a request's way through the stations.

use std::fmt::{self, Write};
use std::time::{Duration, Instant, SystemTime};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Scope, SpanRef};
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{EnvFilter, Layer, Registry, reload};

use super::log::{Event, Level, Value};
use super::observer::Observer;
use crate::cos::redact;

/// Sends the program's events to `observer`'s log from now on, those of `level`.
///
/// # Errors
/// Where another subscriber was set before.
pub fn init_tracing(observer: &Observer, level: &str) -> Result<LogLevel, TryInitError> {
    let (filter, handle) = reload::Layer::new(filter(level));
    Registry::default().with(EventLog::new(observer).with_filter(filter)).try_init()?;
    Ok(LogLevel(handle))
}

/// Which of the program's events are logged.
#[derive(Debug, Clone)]
pub struct LogLevel(reload::Handle<EnvFilter, Registry>);

impl LogLevel {
    /// Another level from now on.
    pub fn set(&self, level: &str) {
        // It can fail for lack of a subscriber alone.
        let _ = self.0.reload(filter(level));
    }
}

fn filter(level: &str) -> EnvFilter {
    let builder = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into());
    match std::env::var(EnvFilter::DEFAULT_ENV) {
        Ok(variable) if !variable.is_empty() => builder.parse_lossy(variable),
        // What the setting does not name is logged as it would be without the setting.
        _ => builder.parse_lossy(format!("info,{level}")),
    }
}

/// The layer. As the global subscriber it lives as long as the process, so the end of `main` must flush the log.
#[derive(Debug)]
pub struct EventLog {
    observer: Observer,
}

impl EventLog {
    #[must_use]
    pub fn new(observer: &Observer) -> Self {
        Self { observer: observer.clone() }
    }
}

/// What a span keeps until it closes.
struct Opened {
    at: Instant,
    /// `{client=192.0.2.1:5000}`, or empty.
    fields: String,
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for EventLog {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(Opened { at: Instant::now(), fields: fields.to_suffix() });
        }
    }

    fn on_event(&self, event: &tracing::Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let metadata = event.metadata();
        self.observer.event(&Event {
            at: SystemTime::now(),
            level: level(*metadata.level()),
            message: &fields.message,
            target: metadata.target(),
            spans: &context.event_scope(event).map(path).unwrap_or_default(),
            fields: &fields.others,
        });
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let metadata = span.metadata();
        if *metadata.level() < tracing::Level::DEBUG {
            return;
        }
        let elapsed = span.extensions().get::<Opened>().map(|opened| opened.at.elapsed());
        self.observer.event(&Event {
            at: SystemTime::now(),
            level: level(*metadata.level()),
            message: "span ended",
            target: metadata.target(),
            spans: &path(span.scope()),
            fields: &[("duration_ms", Value::F64(millis(elapsed.unwrap_or_default())))],
        });
    }
}

/// The spans from the outermost in, `connection{client=…}:request`.
fn path<'a, S: LookupSpan<'a>>(scope: Scope<'a, S>) -> String {
    let mut path = String::new();
    for span in scope.from_root() {
        push_span(&mut path, &span);
    }
    path
}

fn push_span<'a, S: LookupSpan<'a>>(path: &mut String, span: &SpanRef<'a, S>) {
    if !path.is_empty() {
        path.push(':');
    }
    path.push_str(span.name());
    if let Some(opened) = span.extensions().get::<Opened>() {
        path.push_str(&opened.fields);
    }
}

/// The fields of an event or a span; texts have their secrets taken out.
#[derive(Default)]
struct Fields {
    message: String,
    others: Vec<(&'static str, Value)>,
}

impl Fields {
    fn push_text(&mut self, field: &Field, text: &str) {
        if field.name() == "message" {
            self.message = redact::text(text).into_owned();
        } else {
            // A field named like a header that is secret as a whole is dealt with as that header.
            let header = field.name().replace('_', "-");
            let text = redact::header_value(&header, text).into_owned();
            self.others.push((field.name(), Value::Text(text)));
        }
    }

    fn to_suffix(&self) -> String {
        if self.others.is_empty() {
            return String::new();
        }
        let mut suffix = String::from("{");
        for (i, (name, value)) in self.others.iter().enumerate() {
            let comma = if i > 0 { ", " } else { "" };
            // Writing to a String cannot fail.
            let _ = write!(suffix, "{comma}{name}={}", value.to_text());
        }
        suffix.push('}');
        suffix
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.push_text(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.push_text(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.others.push((field.name(), Value::U64(value)));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.others.push((field.name(), Value::I64(value)));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.others.push((field.name(), Value::F64(value)));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.others.push((field.name(), Value::Bool(value)));
    }
}

fn level(level: tracing::Level) -> Level {
    match level {
        tracing::Level::TRACE => Level::Trace,
        tracing::Level::DEBUG => Level::Debug,
        tracing::Level::INFO => Level::Info,
        tracing::Level::WARN => Level::Warn,
        tracing::Level::ERROR => Level::Error,
    }
}

fn millis(span: Duration) -> f64 {
    (span.as_secs_f64() * 1_000_000.0).round() / 1000.0
}
