//! A setting that must never be printed: its `Debug` and its serialised form are masked. Its memory is overwritten
//! when it is dropped.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// What stands in a secret's place. It is no token that coswhy takes, so a shown file cannot be used by mistake.
const MASK: &str = "…";

#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The secret itself, for the one place that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Compares in a time that depends on the lengths alone, so that a stranger cannot guess byte by byte.
    #[must_use]
    pub fn matches(&self, candidate: &[u8]) -> bool {
        let own = self.0.as_bytes();
        let difference = own.iter().zip(candidate).fold(0_u8, |sum, (a, b)| sum | (a ^ b));
        own.len() == candidate.len() && std::hint::black_box(difference) == 0
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.matches(other.0.as_bytes())
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// Takes the very text that the settings were read into, so that no copy of it is left behind.
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(MASK)
    }
}

impl schemars::JsonSchema for Secret {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "password", "writeOnly": true, "minLength": 1})
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn shows_itself_to_nobody() {
        let secret = Secret::new("correct horse".into());
        assert_eq!(format!("{secret:?}"), "…");
        assert_eq!(serde_json::to_string(&secret).unwrap(), "\"…\"");
    }

    #[test]
    fn matches_itself_alone() {
        let secret = Secret::new("correct horse".into());
        assert!(secret.matches(b"correct horse"));
        for other in ["", "correct", "correct horse ", "correct hors3"] {
            assert!(!secret.matches(other.as_bytes()), "{other}");
        }
    }
}
