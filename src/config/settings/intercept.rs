//! `[intercept]`: what becomes of https through this proxy (CONNECT).

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Intercept {
    /// A PEM file of the CA that certificates for intercepted names are signed with; `coswhy ca new` makes one.
    pub ca_cert: Option<PathBuf>,
    /// A PEM file of the CA's private key.
    pub ca_key: Option<PathBuf>,
    /// Tunnels what is not intercepted blindly, where it may be asked for at all.
    pub tunnel_others: bool,
}
