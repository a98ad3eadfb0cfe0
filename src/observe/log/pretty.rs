//! Lines for a person at a terminal: aligned columns, the diagnosis indented beneath.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use super::clock::push_time_of_day;
use super::event::Event;
use super::format::Level;
use super::json::message;
use super::text::push_terminal;
use crate::config::settings::Language;
use crate::cos::redact;
use crate::diagnosis::report::Explanation;
use crate::diagnosis::report::explanation::Fix;
use crate::observe::record::{Outcome, Record};

const RESET: &str = "\x1b[0m";
const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const CYAN: &str = "\x1b[36m";
/// As wide as time and level.
const INDENT: &[u8] = b"                   ";

/// A line being written, in colours or not.
struct Paint<'a> {
    out: &'a mut Vec<u8>,
    colour: bool,
}

/// A request as its lines show it, be it of this process's or of a log that is read.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) at: SystemTime,
    pub(crate) level: Level,
    pub(crate) status: Option<u16>,
    pub(crate) method: Cow<'a, str>,
    pub(crate) host: Cow<'a, str>,
    pub(crate) path: Cow<'a, str>,
    pub(crate) duration: Duration,
    /// What became of it, where that is not plain from the rest.
    pub(crate) outcome: Option<&'a str>,
    /// Which of several logs its line is from.
    pub(crate) origin: Option<&'a str>,
    /// Errors and warnings.
    pub(crate) notes: Vec<Cow<'a, str>>,
    pub(crate) verdict: Option<Verdict<'a>>,
}

/// The diagnosis of a request.
#[derive(Debug)]
pub(crate) struct Verdict<'a> {
    pub(crate) cause: &'a str,
    pub(crate) confidence: &'a str,
    pub(crate) summary: &'a str,
    /// What it rests on, in sentences.
    pub(crate) evidence: Vec<&'a str>,
    /// What to do first.
    pub(crate) fix: Option<&'a Fix>,
    pub(crate) id: Cow<'a, str>,
    /// The how manieth of its kind.
    pub(crate) count: Option<u64>,
}

impl<'a> Request<'a> {
    pub(super) fn new(
        at: SystemTime,
        record: &'a Record,
        explanation: Option<&'a Explanation>,
        language: Language,
    ) -> Self {
        let plain = record.outcome == Outcome::Forwarded && record.error.is_none();
        let warnings = record.warnings.iter().map(|warning| warning.says(language).into());
        Self {
            at,
            level: Level::of(record),
            status: record.status,
            method: redact::target(&record.method),
            host: redact::target(&record.host),
            path: redact::target(&record.path),
            duration: record.duration,
            outcome: (!plain && record.diagnosis.is_none()).then(|| message(record.outcome)),
            origin: None,
            notes: record.error.as_deref().map(redact::text).into_iter().chain(warnings).collect(),
            verdict: explanation.map(|explanation| Verdict {
                id: record.request_id.to_string().into(),
                count: record.failure.as_ref().map(|failure| failure.count),
                ..Verdict::of(explanation)
            }),
        }
    }
}

impl<'a> Verdict<'a> {
    pub(crate) fn of(explanation: &'a Explanation) -> Self {
        let verdict = &explanation.diagnosis;
        Self {
            cause: &verdict.cause,
            confidence: verdict.confidence,
            summary: &verdict.summary,
            evidence: verdict.evidence.iter().map(|evidence| evidence.says.as_str()).collect(),
            fix: verdict.fixes.first(),
            id: Cow::default(),
            count: None,
        }
    }
}

/// Appends a request's lines:
/// `02:17:48.123 WARN   403 GET    host/path  12.3 ms  forwarded`.
pub(crate) fn push_request(out: &mut Vec<u8>, request: &Request<'_>, colour: bool) {
    let mut paint = Paint { out, colour };
    paint.start(request.at, request.level);
    let status = request.status.map_or_else(|| "---".to_owned(), |status| status.to_string());
    paint.styled(status_style(request.status), &status);
    paint.plain(&format!(" {:<7} ", request.method));
    paint.plain(&request.host);
    paint.plain(&request.path);
    paint.styled(DIM, &format!("  {}", duration(request.duration)));
    if let Some(outcome) = request.outcome {
        paint.plain(&format!("  {outcome}"));
    }
    if let Some(origin) = request.origin {
        paint.styled(DIM, &format!("  {origin}"));
    }
    paint.end();
    for note in &request.notes {
        paint.below(YELLOW, note);
    }
    if let Some(verdict) = &request.verdict {
        paint.verdict(verdict);
    }
}

/// Appends a line that is none of the log's.
pub(crate) fn push_foreign(out: &mut Vec<u8>, line: &str, colour: bool) {
    let mut paint = Paint { out, colour };
    paint.styled(DIM, line);
    paint.end();
}

/// Appends an event of the program itself.
pub(crate) fn push_event(out: &mut Vec<u8>, event: &Event<'_>, colour: bool) {
    let mut paint = Paint { out, colour };
    paint.start(event.at, event.level);
    paint.plain(event.message);
    for (name, value) in event.fields {
        paint.styled(DIM, &format!("  {name}="));
        paint.plain(&value.to_text());
    }
    if !event.spans.is_empty() {
        paint.styled(DIM, &format!("  in {}", event.spans));
    }
    if event.level != Level::Info {
        paint.styled(DIM, &format!("  ({})", event.target));
    }
    paint.end();
}

impl Paint<'_> {
    fn start(&mut self, at: SystemTime, level: Level) {
        self.escape(DIM);
        push_time_of_day(self.out, at);
        self.escape(RESET);
        self.out.push(b' ');
        self.styled(level_style(level), &format!("{:<5}", level.as_str()));
        self.out.push(b' ');
    }

    /// Cause, summary, what it rests on, and what to do first.
    fn verdict(&mut self, verdict: &Verdict<'_>) {
        self.out.extend_from_slice(INDENT);
        self.styled(BOLD, verdict.cause);
        self.styled(DIM, &format!(" ({})", verdict.confidence));
        self.end();
        self.below("", verdict.summary);
        for evidence in &verdict.evidence {
            self.below(DIM, &format!("- {evidence}"));
        }
        if let Some(fix) = verdict.fix {
            self.below(GREEN, &format!("> {}", fix.says));
            if let Some(command) = &fix.command {
                self.below("", &format!("  {command}"));
            }
        }
        let again = verdict.count.filter(|count| *count > 1);
        let times = again.map(|count| format!(", {count} times so far")).unwrap_or_default();
        self.below(DIM, &format!("id {}{times}", verdict.id));
    }

    fn below(&mut self, style: &str, text: &str) {
        self.out.extend_from_slice(INDENT);
        self.styled(style, text);
        self.end();
    }

    fn plain(&mut self, text: &str) {
        push_terminal(self.out, text);
    }

    fn styled(&mut self, style: &str, text: &str) {
        self.escape(style);
        push_terminal(self.out, text);
        if !style.is_empty() {
            self.escape(RESET);
        }
    }

    fn escape(&mut self, style: &str) {
        if self.colour {
            self.out.extend_from_slice(style.as_bytes());
        }
    }

    fn end(&mut self) {
        self.out.push(b'\n');
    }
}

fn level_style(level: Level) -> &'static str {
    match level {
        Level::Trace | Level::Debug => DIM,
        Level::Info => GREEN,
        Level::Warn => YELLOW,
        Level::Error => RED,
    }
}

fn status_style(status: Option<u16>) -> &'static str {
    match status {
        Some(200..300) => GREEN,
        Some(300..400) => CYAN,
        Some(400..500) => YELLOW,
        _ => RED,
    }
}

/// `0.3 ms`, `12.3 ms`, `4.56 s`.
fn duration(span: Duration) -> String {
    if span < Duration::from_secs(1) {
        format!("{:.1} ms", span.as_secs_f64() * 1000.0)
    } else {
        format!("{:.2} s", span.as_secs_f64())
    }
}
