//! Lines for a person at a terminal: aligned columns, the diagnosis indented beneath.

use std::time::{Duration, SystemTime};

use super::clock::push_time_of_day;
use super::event::Event;
use super::format::Level;
use super::json::message;
use super::text::push_terminal;
use crate::config::settings::Language;
use crate::cos::redact;
use crate::diagnosis::report::Explanation;
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

/// Appends a request's lines:
/// `02:17:48.123 WARN   403 GET    host/path  12.3 ms  forwarded`.
pub(super) fn push_request(
    out: &mut Vec<u8>,
    at: SystemTime,
    record: &Record,
    explanation: Option<&Explanation>,
    language: Language,
    colour: bool,
) {
    let mut paint = Paint { out, colour };
    paint.start(at, Level::of(record));
    let status = record.status.map_or_else(|| "---".to_owned(), |status| status.to_string());
    paint.styled(status_style(record.status), &status);
    paint.plain(&format!(" {:<7} ", redact::target(&record.method)));
    paint.plain(&redact::target(&record.host));
    paint.plain(&redact::target(&record.path));
    paint.styled(DIM, &format!("  {}", duration(record.duration)));
    match (&record.diagnosis, &record.error) {
        (None, None) if record.outcome == Outcome::Forwarded => {}
        (None, _) => paint.plain(&format!("  {}", message(record.outcome))),
        (Some(_), _) => {}
    }
    paint.end();
    if let Some(error) = &record.error {
        paint.below(YELLOW, &redact::text(error));
    }
    for warning in &record.warnings {
        paint.below(YELLOW, &warning.says(language));
    }
    if let Some(explanation) = explanation {
        paint.explanation(explanation);
        let again = record.failure.as_ref().filter(|failure| failure.count > 1);
        let times = again.map(|failure| format!(", {} times so far", failure.count)).unwrap_or_default();
        paint.below(DIM, &format!("id {}{times}", record.request_id));
    }
}

/// Appends an event of the program itself.
pub(super) fn push_event(out: &mut Vec<u8>, event: &Event<'_>, colour: bool) {
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
    fn explanation(&mut self, explanation: &Explanation) {
        let verdict = &explanation.diagnosis;
        self.out.extend_from_slice(INDENT);
        self.styled(BOLD, &verdict.cause);
        self.styled(DIM, &format!(" ({})", verdict.confidence));
        self.end();
        self.below("", &verdict.summary);
        for evidence in &verdict.evidence {
            self.below(DIM, &format!("- {}", evidence.says));
        }
        if let Some(fix) = verdict.fixes.first() {
            self.below(GREEN, &format!("> {}", fix.says));
            if let Some(command) = &fix.command {
                self.below("", &format!("  {command}"));
            }
        }
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
