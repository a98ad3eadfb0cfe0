//! `[[keys]]`: the key pairs that requests may be signed anew with.

use std::fmt;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use crate::config::Secret;

/// One key pair. Its secret half comes from one of the last three.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The SecretId that requests are signed with.
    #[serde(serialize_with = "masked")]
    pub secret_id: String,
    /// A file that holds the SecretKey and nothing else.
    pub secret_key_file: Option<PathBuf>,
    /// The environment variable that holds the SecretKey.
    pub secret_key_env: Option<String>,
    /// The SecretKey itself; a file or a variable keeps it out of the settings.
    pub secret_key: Option<Secret>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { secret_id, secret_key_file, secret_key_env, secret_key } = self;
        f.debug_struct("Key")
            .field("secret_id", &Masked(secret_id))
            .field("secret_key_file", secret_key_file)
            .field("secret_key_env", secret_key_env)
            .field("secret_key", secret_key)
            .finish()
    }
}

fn masked<S: Serializer>(id: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Masked(id))
}

/// A SecretId as it is shown everywhere: its first 8 and its last 4 characters; of what does not begin like one, and so
/// may be a SecretKey in its place, its first 4.
struct Masked<'a>(&'a str);

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.0;
        let ends = match id.starts_with("AK") {
            true => id.get(..8).zip(id.len().checked_sub(4).and_then(|at| id.get(at..))),
            false => id.get(..4).zip(Some("")),
        };
        match ends.filter(|_| id.len() > 12) {
            Some((start, end)) => write!(f, "{start}…{end}"),
            None => f.write_str("…"),
        }
    }
}

impl fmt::Debug for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
