//! `[log]`: one line for every request.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// One JSON object a line (`json`), or lines for a person to read (`pretty`).
    pub format: LogFormat,
    /// The file that lines are added to; opened anew on SIGHUP. Not set: standard output.
    pub file: Option<PathBuf>,
    /// Which of the program's own events are logged: `error`, `warn`, `info`, `debug`, `trace`, or directives such as `info,coswhy::proxy=trace`. RUST_LOG, where it is set, goes before it.
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::default(), file: None, level: "info".to_owned() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    #[default]
    Json,
    Pretty,
}
