//! `[[route]]`: other origins for some buckets or hosts.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::Span;

/// One origin, and which requests go there: by `bucket` or by `host`. The first that fits is taken.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Requests about buckets of this name, `*` for any run of characters.
    pub bucket: Option<String>,
    /// Requests to this host: an exact name, or `*.example.com`.
    pub host: Option<String>,
    /// The origin, `http://HOST[:PORT]` or `https://HOST[:PORT]`; Host stays unchanged.
    pub url: String,
    /// As `upstream.ca_file`, for this origin.
    pub ca_file: Option<PathBuf>,
    /// As `upstream.connect_timeout`, for this origin.
    pub connect_timeout: Option<Span>,
    /// As `upstream.response_timeout`, for this origin.
    pub response_timeout: Option<Span>,
}
