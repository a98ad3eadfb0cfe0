//! A line of the log, as docs/log.md describes it; of its fields those that are shown.

use std::time::SystemTime;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::observe::log::Level;

#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    timestamp: String,
    level: String,
    pub(super) message: String,
    /// Requests have it, events of the program do not.
    pub(super) outcome: Option<String>,
    /// The module that speaks, of an event.
    pub(super) target: Option<String>,
    #[serde(default)]
    pub(super) span: String,
    #[serde(default)]
    pub(super) fields: Map<String, Value>,
    #[serde(default)]
    pub(super) request_id: String,
    #[serde(default)]
    pub(super) method: String,
    #[serde(default)]
    pub(super) host: String,
    #[serde(default)]
    pub(super) path: String,
    pub(super) bucket: Option<String>,
    pub(super) status: Option<u16>,
    #[serde(default)]
    pub(super) duration_ms: f64,
    pub(super) error: Option<String>,
    #[serde(default)]
    pub(super) warnings: Vec<Says>,
    pub(super) cause: Option<String>,
    #[serde(default)]
    pub(super) confidence: String,
    #[serde(default)]
    pub(super) summary: String,
    #[serde(default)]
    pub(super) evidence: Vec<Says>,
    pub(super) fingerprint: Option<String>,
    pub(super) count: Option<u64>,
    /// When it was written; [`Entry::read`] fills it.
    #[serde(skip, default = "epoch")]
    pub(super) at: SystemTime,
    /// The line itself.
    #[serde(skip)]
    pub(super) json: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Says {
    pub(super) says: String,
}

fn epoch() -> SystemTime {
    SystemTime::UNIX_EPOCH
}

impl Entry {
    /// The entry of one JSON object; `None`: it is none of the log's.
    pub(super) fn read(json: &str) -> Option<Self> {
        let mut entry: Self = serde_json::from_str(json).ok()?;
        Level::named(&entry.level)?;
        entry.at = entry.timestamp.parse::<jiff::Timestamp>().ok()?.try_into().ok()?;
        if entry.outcome.is_none() && entry.target.is_none() {
            return None;
        }
        json.clone_into(&mut entry.json);
        Some(entry)
    }

    pub(super) fn level(&self) -> Level {
        Level::named(&self.level).unwrap_or(Level::Info)
    }

    /// Whether it is a request that went wrong: refused and explained, or with no answer of COS at all.
    pub(super) fn has_failed(&self) -> bool {
        self.cause.is_some()
            || self.outcome.as_deref().is_some_and(|outcome| {
                !matches!(outcome, "forwarded" | "client-aborted" | "intercepted" | "tunnelled")
            })
    }
}
