//! One guess of what was signed, and how many may be tried.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Distortion, Row};
use crate::cos::redact;

/// A line of what is hashed, as a client may have signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Guess {
    pub distortion: Distortion,
    /// The header or the parameter that it is about.
    pub name: Option<String>,
    /// What the client signed, and what it sent, without secrets.
    pub signed: String,
    pub sent: String,
    /// The string that the client signed is the very one that COS computed.
    pub agreed: bool,
    pub(super) line: usize,
    /// As signed: the line, and once it is found the whole string.
    pub(super) text: Vec<u8>,
}

impl Guess {
    /// The two values side by side, where the difference is one of values.
    pub(crate) fn row(&self) -> Option<Row> {
        let part = match self
            .distortion
            .as_str()
            .split_once('-')
            .map_or(self.distortion.as_str(), |(first, _)| first)
        {
            "path" => "path",
            "method" => "method",
            "param" => "parameter",
            "host" | "content" | "body" | "header" => "header",
            _ => return None,
        };
        Some(Row::new(part, self.name.as_deref(), Some(&self.signed), Some(&self.sent)))
    }

    /// That nothing differs.
    pub(super) fn none() -> Self {
        Self::of(Distortion::None, 0, Vec::new())
    }

    pub(super) fn of(distortion: Distortion, line: usize, text: Vec<u8>) -> Self {
        Self { distortion, name: None, signed: String::new(), sent: String::new(), agreed: false, line, text }
    }

    /// Of a line as a whole.
    pub(super) fn line(distortion: Distortion, line: usize, signed: &[u8], sent: &[u8]) -> Self {
        Self::of(distortion, line, signed.to_vec()).between(sent, signed)
    }

    /// Each text once.
    pub(super) fn distinct(guesses: impl Iterator<Item = Self>) -> Vec<Self> {
        let mut seen = HashSet::new();
        guesses.filter(|guess| seen.insert(guess.text.clone())).collect()
    }

    /// With the two values that differ.
    pub(super) fn between(mut self, sent: &[u8], signed: &[u8]) -> Self {
        self.sent = shown(self.name.as_deref(), sent);
        self.signed = shown(self.name.as_deref(), signed);
        self
    }

    pub(super) fn about(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }
}

fn shown(name: Option<&str>, value: &[u8]) -> String {
    let value = match name {
        Some(name) => redact::header_value(name, value),
        None => String::from_utf8_lossy(value),
    };
    match redact::text(&value) {
        Cow::Borrowed(_) => value.into_owned(),
        Cow::Owned(redacted) => redacted,
    }
}

/// How many tries are left: a diagnosis is to take 2 ms at most, whatever a stranger sends.
#[derive(Debug)]
pub(super) struct Tries {
    count: usize,
    bytes: usize,
}

const MOST: usize = 500;
const MOST_BYTES: usize = 192 * 1024;

impl Default for Tries {
    fn default() -> Self {
        Self { count: 0, bytes: MOST_BYTES }
    }
}

impl Tries {
    /// Whether another string of this length may be signed.
    pub(super) fn allow(&mut self, length: usize) -> bool {
        let allowed = self.count < MOST && self.bytes >= length;
        if allowed {
            self.count += 1;
            self.bytes -= length;
        }
        allowed
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }
}
