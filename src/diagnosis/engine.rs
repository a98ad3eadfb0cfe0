//! The rules, loaded and indexed, and the way from an exchange to its diagnosis.

use std::sync::Arc;

use ulid::Ulid;

use super::exchange::Exchange;
use super::verdict::{Confidence, Diagnosis};

/// The rule catalogue, ready to diagnose.
#[derive(Debug, Default)]
pub struct Engine {}

impl Engine {
    /// The cause of a failed exchange; there is always one, `unrecognised` at the least.
    #[must_use]
    pub fn diagnose(&self, _exchange: &Exchange, id: Ulid) -> Diagnosis {
        Diagnosis {
            id,
            cause: Arc::from("unrecognised"),
            confidence: Confidence::Possible,
            summary: String::new(),
        }
    }
}
