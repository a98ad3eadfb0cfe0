//! `[upstream]`: which COS endpoints may be asked for, and how they are reached.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::Span;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Upstream {
    /// Everything that the address rules let through goes to this origin, Host unchanged. Not set: to the host each request names, over https.
    #[schemars(extend("format" = "uri"))]
    pub url: Option<String>,
    /// Dial this `host:port` whatever the name; the TLS name stays.
    pub connect_to: Option<String>,
    /// Longest wait for a connection, TLS included.
    pub connect_timeout: Span,
    /// Longest wait for the head of the answer, from the end of the request's body.
    pub response_timeout: Span,
    /// How long a body is held back while the upstream has not said 100 (Continue).
    pub expect_timeout: Span,
    /// Longest silence inside an answer's body.
    pub body_timeout: Span,
    /// How long an unused connection to COS is kept.
    pub idle_timeout: Span,
    /// Unused connections kept for one host by one worker thread; 0 keeps none.
    #[schemars(range(max = 100_000))]
    pub max_idle: usize,
    /// A PEM file of certificates that are trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Custom domains that are COS: exact names, or `*.example.com`.
    pub allowed_hosts: Vec<String>,
    /// Names of the buckets that may be asked for, `*` for any run of characters. Not set: any bucket, but only on a loopback listener.
    pub allowed_buckets: Option<Vec<String>>,
    /// Lets names in `upstream.allowed_hosts` resolve to private addresses.
    pub allow_private: bool,
}

impl Default for Upstream {
    fn default() -> Self {
        Self {
            url: None,
            connect_to: None,
            connect_timeout: Span::secs(5),
            response_timeout: Span::secs(120),
            expect_timeout: Span::secs(1),
            body_timeout: Span::secs(60),
            idle_timeout: Span::secs(30),
            max_idle: 64,
            ca_file: None,
            allowed_hosts: Vec::new(),
            allowed_buckets: None,
            allow_private: false,
        }
    }
}
