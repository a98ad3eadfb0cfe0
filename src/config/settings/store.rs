//! `[store]`: diagnoses that outlive the process.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::{ByteSize, Span};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// The file that diagnoses are kept in, one process a file. Not set: in memory alone.
    pub path: Option<PathBuf>,
    /// Older diagnoses are taken out.
    pub max_age: Span,
    /// The file does not grow beyond this; the oldest diagnoses are taken out for it. From 1MiB to 1024MiB.
    pub max_size: ByteSize,
}

impl Default for Store {
    fn default() -> Self {
        Self { path: None, max_age: Span::secs(30 * 24 * 60 * 60), max_size: ByteSize(128 * 1024 * 1024) }
    }
}
