//! `[[keys]]`: the key pairs that requests may be signed anew with.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::Secret;

/// One key pair. Its secret half comes from one of the last three.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Key {
    /// The SecretId that requests are signed with.
    pub secret_id: String,
    /// A file that holds the SecretKey and nothing else.
    pub secret_key_file: Option<PathBuf>,
    /// The environment variable that holds the SecretKey.
    pub secret_key_env: Option<String>,
    /// The SecretKey itself; a file or a variable keeps it out of the settings.
    pub secret_key: Option<Secret>,
}
