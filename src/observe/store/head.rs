//! A diagnosis as it is stored: what lists and filters need, apart from the whole.
//!
//! It is JSON behind a byte that names its version, so that another version of coswhy sees what it can't read.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// The version of this shape, and of the file as a whole.
pub(super) const VERSION: u8 = 1;

/// All of it but the explanation and the exchange; no secret is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::observe) struct Stored {
    pub(in crate::observe) id: String,
    pub(in crate::observe) at: SystemTime,
    /// When the first of its failure was.
    pub(in crate::observe) first_seen: SystemTime,
    pub(in crate::observe) cause: String,
    pub(in crate::observe) confidence: String,
    /// Title and summary.
    pub(in crate::observe) en: [String; 2],
    pub(in crate::observe) zh: [String; 2],
    pub(in crate::observe) method: String,
    pub(in crate::observe) bucket: Option<String>,
    pub(in crate::observe) region: Option<String>,
    pub(in crate::observe) key: Option<String>,
    pub(in crate::observe) status: Option<u16>,
    pub(in crate::observe) key_id: Option<String>,
    pub(in crate::observe) fingerprint: String,
    pub(in crate::observe) count: u64,
}

impl Stored {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        // Text and numbers always serialise; a clock before 1970 does not, and is read as nothing.
        let _ = serde_json::to_writer(&mut bytes, self);
        bytes
    }

    /// `None`: not of this version, or not whole.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (&VERSION, json) = bytes.split_first()? else { return None };
        serde_json::from_slice(json).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        fn stored()(
            at in 0_u64..1 << 50, texts in prop::array::uniform8(any::<String>()),
            bucket in any::<Option<String>>(), status in any::<Option<u16>>(), count: u64,
        ) -> Stored {
            let [id, cause, confidence, title, summary, method, key, fingerprint] = texts;
            Stored {
                id, cause, confidence, method, fingerprint, status, count,
                at: UNIX_EPOCH + Duration::from_micros(at),
                first_seen: UNIX_EPOCH,
                en: [title.clone(), summary.clone()],
                zh: [summary, title],
                region: bucket.clone(),
                bucket,
                key: Some(key),
                key_id: None,
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_stored_comes_back(stored in stored()) {
            prop_assert_eq!(Stored::decode(&stored.encode()), Some(stored));
        }

        #[test]
        fn any_bytes_are_read_or_refused(mut bytes: Vec<u8>, stored in stored(), at: usize, byte: u8) {
            let _ = Stored::decode(&bytes);
            bytes.insert(0, VERSION);
            let _ = Stored::decode(&bytes);
            let mut damaged = stored.encode();
            let at = at % damaged.len();
            damaged[at] = byte;
            let _ = Stored::decode(&damaged);
            damaged.truncate(at);
            prop_assert_eq!(Stored::decode(&damaged), None);
        }
    }

    #[test]
    fn another_version_is_not_read() {
        assert_eq!(Stored::decode(&[]), None);
        assert_eq!(Stored::decode(b"\x02{}"), None);
    }
}
