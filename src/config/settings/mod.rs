//! Every setting, its type, its limits and its default: a file a section.
//!
//! These doc comments are what `coswhy config schema` and `docs/configuration.md` say about a setting;
//! `config/coswhy.toml` adds the reasons for changing it.

mod admin;
mod diagnosis;
mod intercept;
mod keys;
mod listener;
mod log;
mod map;
mod route;
mod store;
mod tls;
mod upstream;

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use admin::{Admin, MetricsAccess};
pub use diagnosis::{BodyMode, Diagnosis, Expose, ExposeTo, Language};
pub use intercept::Intercept;
pub use keys::Key;
pub use listener::Listener;
pub use log::{Log, LogFormat};
pub use map::Map;
pub use route::Route;
pub use store::Store;
pub use tls::{Certificate, Tls};
pub use upstream::{AllowedHost, Scheme, Upstream};

/// The settings of coswhy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where clients connect. On an address that is not loopback, `upstream.allowed_buckets` must be set.
    #[schemars(extend("format" = "socket-address"))]
    pub listen: SocketAddr,
    /// The process.
    pub runtime: Runtime,
    /// The listener for health, metrics and the recent diagnoses.
    pub admin: Admin,
    /// The way to COS.
    pub upstream: Upstream,
    /// Limits on clients and their connections.
    pub listener: Listener,
    /// What is changed in what is forwarded.
    pub forward: Forward,
    /// Which answers are explained, and how.
    pub diagnosis: Diagnosis,
    /// One line for every request.
    pub log: Log,
    /// Diagnoses that outlive the process.
    pub store: Store,
    /// https for the clients.
    pub tls: Tls,
    /// https through this proxy (CONNECT).
    pub intercept: Intercept,
    /// The key pairs that requests may be signed anew with.
    pub keys: Vec<Key>,
    /// Addresses of this proxy that stand for a bucket or a region.
    pub map: Vec<Map>,
    /// Other origins for some buckets or hosts; the first that fits is taken.
    pub route: Vec<Route>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Runtime {
    /// Worker threads. Not set: one a core.
    #[schemars(range(min = 1, max = 1024))]
    pub threads: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Forward {
    /// Adds Via to requests and answers; some servers then stop compressing.
    pub via: bool,
    /// Adds Server-Timing to every answer, not to explained ones alone: COS's time and coswhy's own, which browsers show.
    pub server_timing: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            runtime: Runtime::default(),
            admin: Admin::default(),
            upstream: Upstream::default(),
            listener: Listener::default(),
            forward: Forward::default(),
            diagnosis: Diagnosis::default(),
            log: Log::default(),
            store: Store::default(),
            tls: Tls::default(),
            intercept: Intercept::default(),
            keys: Vec::new(),
            map: Vec::new(),
            route: Vec::new(),
        }
    }
}
