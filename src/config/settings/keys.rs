//! `[[keys]]`: the key pairs that requests may be signed anew with.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use crate::config::Secret;

/// One key pair. Its secret half comes from one of the last three.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
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

/// Shown like everywhere else: the first 8 and the last 4 characters.
fn masked<S: Serializer>(id: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let ends = id.get(..8).zip(id.len().checked_sub(4).and_then(|at| id.get(at..)));
    match ends.filter(|_| id.len() > 12) {
        Some((start, end)) => serializer.collect_str(&format_args!("{start}…{end}")),
        None => serializer.serialize_str("…"),
    }
}
