//! What the log and the ring say about a diagnosed request, taken from its diagnosis once.

use crate::diagnosis::Diagnosis;

/// The parts of a diagnosis that are logged beside its cause; nothing in here is secret.
#[derive(Debug, Default)]
pub(crate) struct Refusal {
    pub(crate) summary: String,
    pub(crate) cos_code: Option<String>,
    pub(crate) cos_message: Option<String>,
    pub(crate) cos_trace_id: Option<String>,
    /// Masked.
    pub(crate) secret_id: Option<String>,
    pub(crate) action: Option<String>,
    /// A JSON array, empty where there is none.
    pub(crate) evidence: Vec<u8>,
    /// What the evidence says, a sentence each.
    pub(crate) says: Vec<String>,
}

impl Refusal {
    pub(crate) fn new(diagnosis: &Diagnosis) -> Self {
        Self { summary: diagnosis.summary.clone(), ..Self::default() }
    }
}
