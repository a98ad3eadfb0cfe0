//! A short name for "the same failure again": by it an operator groups diagnoses.
//!
//! COS's TraceId marks the place in the server that refused, not the request: reports with one code share its
//! leading blocks. So these blocks are part of the fingerprint where COS sent them.

use std::fmt::Write;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::record::Record;
use crate::cos::redact;
use crate::diagnosis::report::Explanation;

/// A TraceId is base64 of the hexadecimal text of 16-byte blocks, four as a rule; the last one varies most.
const LEADING: usize = 3 * 32;
/// Bytes of the hash that are shown.
const LENGTH: usize = 8;

/// What makes two failures one.
#[derive(Debug, Clone, Copy)]
struct Traits<'a> {
    cause: &'a str,
    bucket: Option<&'a str>,
    /// Masked.
    key_id: Option<&'a str>,
    action: Option<&'a str>,
    trace_id: Option<&'a str>,
}

/// The name of the failure that a diagnosed request is one more of.
pub(super) fn of(record: &Record, explanation: &Explanation) -> Arc<str> {
    let (cos, auth) = (&explanation.cos, &explanation.request.auth);
    let bucket = record.bucket.as_deref().map(redact::target);
    let name = fingerprint(&Traits {
        cause: &explanation.diagnosis.cause,
        bucket: bucket.as_deref().or(cos.bucket.as_deref()),
        key_id: auth.secret_id.as_deref(),
        action: cos.action.as_deref(),
        trace_id: cos.trace_id.as_deref(),
    });
    name.into()
}

/// Sixteen hexadecimal digits, the same in every process and version.
fn fingerprint(traits: &Traits<'_>) -> String {
    let leading = traits.trace_id.and_then(leading_blocks);
    let parts = [Some(traits.cause), traits.bucket, traits.key_id, traits.action, leading.as_deref()];
    let mut hash = Sha256::new();
    for part in parts {
        // A part's end is marked, and an absent part differs from an empty one.
        hash.update([u8::from(part.is_some())]);
        hash.update(part.unwrap_or_default());
        hash.update([0]);
    }
    let mut text = String::with_capacity(2 * LENGTH);
    for byte in hash.finalize().iter().take(LENGTH) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn leading_blocks(trace_id: &str) -> Option<String> {
    let mut decoded = STANDARD.decode(trace_id).ok()?;
    decoded.truncate(LEADING);
    String::from_utf8(decoded).ok().filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRAITS: Traits<'static> = Traits {
        cause: "permission-denied",
        bucket: Some("examples-1250000000"),
        key_id: Some("AKIDabcd…wxyz"),
        action: Some("PutObject"),
        trace_id: None,
    };

    #[test]
    fn the_same_failure_has_the_same_name_for_ever() {
        assert_eq!(fingerprint(&TRAITS), fingerprint(&TRAITS));
        assert_eq!(fingerprint(&TRAITS).len(), 16);
    }

    #[test]
    fn another_bucket_key_action_or_cause_is_another_failure() {
        let others = [
            Traits { cause: "cors-not-allowed", ..TRAITS },
            Traits { bucket: Some("other-1250000000"), ..TRAITS },
            Traits { bucket: None, ..TRAITS },
            Traits { key_id: None, ..TRAITS },
            Traits { action: Some("GetObject"), ..TRAITS },
        ];
        for other in others {
            assert_ne!(fingerprint(&other), fingerprint(&TRAITS), "{other:?}");
        }
    }

    #[test]
    fn only_the_leading_blocks_of_a_trace_id_count() {
        let trace =
            |last: char| STANDARD.encode(format!("{}{}", "a".repeat(96), last.to_string().repeat(32)));
        let name = |trace_id: &str| fingerprint(&Traits { trace_id: Some(trace_id), ..TRAITS });
        assert_eq!(name(&trace('b')), name(&trace('c')));
        assert_ne!(name(&trace('b')), name(&STANDARD.encode("b".repeat(128))));
        assert_eq!(name("no base64!"), fingerprint(&TRAITS));
    }
}
