//! `[admin]`: who may look inside, and where.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::Secret;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Admin {
    /// Where health, metrics and recent diagnoses are served. On an address that is not loopback, `admin.token` must be set.
    #[schemars(extend("format" = "socket-address"))]
    pub listen: SocketAddr,
    /// Asked for as `Authorization: Bearer TOKEN` where it is set.
    pub token: Option<Secret>,
    /// How clients reach the admin listener; diagnosed answers then link to their whole explanation there.
    #[schemars(extend("format" = "uri"))]
    pub public_url: Option<String>,
    /// Whether `/metrics` needs the token (`token`) or not (`open`).
    pub metrics: MetricsAccess,
    /// How many recent diagnoses are kept in memory.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub ring: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MetricsAccess {
    /// `/metrics` needs the token like the rest.
    #[default]
    Token,
    /// `/metrics` goes without.
    Open,
}

impl Default for Admin {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 9180)),
            token: None,
            public_url: None,
            metrics: MetricsAccess::default(),
            ring: 1000,
        }
    }
}
