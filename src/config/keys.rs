//! The key pairs of `[[keys]]`, read once at the start.

use std::collections::HashMap;
use std::fmt;

use super::{Secret, settings};

/// The SecretKeys that coswhy holds. They are overwritten when it is dropped, and shown by nothing.
#[derive(Default, PartialEq)]
pub struct Keys(HashMap<String, Secret>);

impl Keys {
    /// Reads the files and variables that the settings name.
    ///
    /// # Errors
    /// What is wrong with which setting.
    pub fn new(settings: &[settings::Key]) -> Result<Self, String> {
        let mut keys = HashMap::with_capacity(settings.len());
        for (number, key) in settings.iter().enumerate() {
            if key.secret_id.is_empty() {
                return Err(format!("keys.{number}.secret_id: is empty"));
            }
            let secret = key.secret().map_err(|problem| format!("keys.{number}.{problem}"))?;
            if keys.insert(key.secret_id.clone(), secret).is_some() {
                return Err(format!("keys.{number}.secret_id: stands in an entry before it already"));
            }
        }
        Ok(Self(keys))
    }

    /// The SecretKey of this very SecretId.
    #[must_use]
    pub fn secret_key(&self, secret_id: &str) -> Option<&str> {
        self.0.get(secret_id).map(Secret::reveal)
    }

    /// Every pair, SecretId first, in no order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(id, secret)| (id.as_str(), secret.reveal()))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} key(s)", self.0.len())
    }
}
