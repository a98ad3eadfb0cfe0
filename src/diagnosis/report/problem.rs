//! Problem JSON (RFC 9457): the explanation as it is.

use super::explanation::Explanation;

/// A body of `application/problem+json`.
#[must_use]
pub fn json(explanation: &Explanation) -> Vec<u8> {
    serde_json::to_vec(explanation).unwrap_or_else(|_| b"{}".to_vec())
}
