//! The two shapes of the log, and the level of a request's line.

use std::io::IsTerminal;
use std::time::SystemTime;

use super::Sink;
use super::event::{Event, push_event};
use super::{json, pretty};
use crate::config::settings::{Language, LogFormat};
use crate::diagnosis::report::Explanation;
use crate::observe::record::{Outcome, Record};

/// How lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Pretty { colour: bool },
}

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

impl Format {
    /// The format the settings ask for; colours only where `sink` is a terminal that wants them.
    #[must_use]
    pub fn new(format: LogFormat, sink: &Sink) -> Self {
        match format {
            LogFormat::Json => Self::Json,
            LogFormat::Pretty => {
                Self::Pretty { colour: matches!(sink, Sink::Stdout) && is_stdout_colourful() }
            }
        }
    }

    /// Appends a request's line (in the pretty format, its lines).
    pub(crate) fn request(
        self,
        out: &mut Vec<u8>,
        at: SystemTime,
        record: &Record,
        explanation: Option<&Explanation>,
        language: Language,
    ) {
        match self {
            Self::Json => json::push_request(out, at, record, explanation, language),
            Self::Pretty { colour } => {
                let request = pretty::Request::new(at, record, explanation, language);
                pretty::push_request(out, &request, colour);
            }
        }
    }

    /// Appends an event of the program itself.
    pub(crate) fn event(self, out: &mut Vec<u8>, event: &Event<'_>) {
        match self {
            Self::Json => push_event(out, event),
            Self::Pretty { colour } => pretty::push_event(out, event, colour),
        }
    }
}

impl Level {
    /// WARN where COS's refusal was diagnosed or a client did not trust this proxy, ERROR where the way to COS failed.
    pub(super) fn of(record: &Record) -> Self {
        match record.status {
            _ if record.diagnosis.is_some() => Self::Warn,
            Some(502 | 504) => Self::Error,
            _ if record.outcome == Outcome::ClientTls => Self::Warn,
            _ => Self::Info,
        }
    }

    /// The level with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [Self::Trace, Self::Debug, Self::Info, Self::Warn, Self::Error];
        all.into_iter().find(|level| level.as_str() == name)
    }

    #[must_use]
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
        }
    }
}

/// Whether standard output is a terminal that wants colours (<https://no-color.org>).
pub(crate) fn is_stdout_colourful() -> bool {
    let unset = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
    std::io::stdout().is_terminal()
        && unset("NO_COLOR")
        && std::env::var_os("TERM").is_some_and(|term| term != "dumb")
}
