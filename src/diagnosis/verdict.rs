//! The outcome of a diagnosis: the cause, how sure it is, and everything its reports are made of.

use std::sync::Arc;

use ulid::Ulid;

/// How sure a diagnosis is. `Certain` is a promise: every other cause is excluded by evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    Possible,
    Likely,
    Certain,
}

impl Confidence {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// Why COS refused, and on what evidence.
#[derive(Debug, Clone)]
pub struct Diagnosis {
    pub id: Ulid,
    pub cause: Arc<str>,
    pub confidence: Confidence,
    /// One English sentence or two.
    pub summary: String,
}
