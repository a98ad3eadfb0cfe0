//! Entries as lines for a person, in the look of `log.format = "pretty"`.

use std::time::Duration;

use super::entry::Entry;
use super::translate::Translator;
use crate::observe::log::pretty::{self, Request, Verdict};
use crate::observe::log::{Event, Value};

pub(super) struct Show {
    pub(super) colour: bool,
}

impl Show {
    pub(super) fn entry(
        &self,
        out: &mut Vec<u8>,
        entry: &Entry,
        origin: Option<&str>,
        translator: Option<&Translator>,
    ) {
        if entry.outcome.is_some() {
            self.request(out, entry, origin, translator);
        } else {
            self.event(out, entry);
        }
    }

    pub(super) fn foreign(&self, out: &mut Vec<u8>, line: &str) {
        pretty::push_foreign(out, line.trim_end(), self.colour);
    }

    fn request(
        &self,
        out: &mut Vec<u8>,
        entry: &Entry,
        origin: Option<&str>,
        translator: Option<&Translator>,
    ) {
        let anew = translator.and_then(|translator| translator.explanation(entry));
        let verdict = entry.cause.as_deref().map(|cause| {
            let logged = Verdict {
                cause,
                confidence: &entry.confidence,
                summary: &entry.summary,
                evidence: entry.evidence.iter().map(|evidence| evidence.says.as_str()).collect(),
                fix: None,
                id: entry.request_id.as_str().into(),
                count: entry.count,
            };
            match &anew {
                Some(explanation) => Verdict {
                    confidence: logged.confidence,
                    id: logged.id,
                    count: logged.count,
                    ..Verdict::of(explanation)
                },
                None => logged,
            }
        });
        let plain = entry.outcome.as_deref() == Some("forwarded") && entry.error.is_none();
        let notes = entry.error.iter().chain(entry.warnings.iter().map(|warning| &warning.says));
        let request = Request {
            at: entry.at,
            level: entry.level(),
            status: entry.status,
            method: entry.method.as_str().into(),
            host: entry.host.as_str().into(),
            path: entry.path.as_str().into(),
            duration: Duration::try_from_secs_f64(entry.duration_ms / 1000.0).unwrap_or_default(),
            outcome: (!plain && entry.cause.is_none()).then_some(entry.message.as_str()),
            origin,
            notes: notes.map(|note| note.as_str().into()).collect(),
            verdict,
        };
        pretty::push_request(out, &request, self.colour);
    }

    fn event(&self, out: &mut Vec<u8>, entry: &Entry) {
        let fields: Vec<_> =
            entry.fields.iter().map(|(name, value)| (name.as_str(), text_of(value))).collect();
        let event = Event {
            at: entry.at,
            level: entry.level(),
            message: &entry.message,
            target: entry.target.as_deref().unwrap_or_default(),
            spans: &entry.span,
            fields: &fields,
        };
        pretty::push_event(out, &event, self.colour);
    }
}

fn text_of(value: &serde_json::Value) -> Value {
    Value::Text(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}
