//! Every setting, its type and its default. `config/coswhy.toml` holds the same with the reasons for changing it.

use std::net::SocketAddr;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::units::{ByteSize, Span};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where clients connect.
    pub listen: SocketAddr,
    pub runtime: Runtime,
    pub admin: Admin,
    pub upstream: Upstream,
    pub listener: Listener,
    pub forward: Forward,
    pub diagnosis: Diagnosis,
    pub log: Log,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Runtime {
    /// Worker threads; absent: one a core.
    pub threads: Option<usize>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Admin {
    pub listen: SocketAddr,
    /// Needed in `Authorization: Bearer TOKEN` where it is set; must be set where `listen` is not loopback.
    pub token: Option<String>,
    /// How clients reach the admin listener, for `Link` to the whole explanation.
    pub public_url: Option<String>,
    pub metrics: MetricsAccess,
    /// How many recent diagnoses are kept.
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

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Upstream {
    /// Everything the address rules let through goes to this origin, Host unchanged.
    pub url: Option<String>,
    /// Dial this address whatever the name; the TLS name stays.
    pub connect_to: Option<String>,
    pub connect_timeout: Span,
    /// From the end of the request's body to the head of the answer.
    pub response_timeout: Span,
    /// How long a body is held back for the upstream's 100 (Continue).
    pub expect_timeout: Span,
    /// Longest silence inside an answer's body.
    pub body_timeout: Span,
    /// How long an unused connection is kept.
    pub idle_timeout: Span,
    /// Unused connections kept for one host by one worker thread.
    pub max_idle: usize,
    /// Certificates (PEM) trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Custom domains that are COS: exact names, or `*.example.com`.
    pub allowed_hosts: Vec<String>,
    /// Names or globs of the buckets that may be asked for; absent: any, on a loopback listener alone.
    pub allowed_buckets: Option<Vec<String>>,
    /// Names in `allowed_hosts` may resolve to private addresses.
    pub allow_private: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Listener {
    /// From the first byte of a request's head to its last.
    pub header_timeout: Span,
    /// How long an unused connection lives.
    pub idle_timeout: Span,
    /// Longest silence inside a request's body.
    pub body_timeout: Span,
    /// Longest time in which a client takes nothing of its answer.
    pub send_timeout: Span,
    /// How long new connections are still taken after SIGTERM.
    pub drain_delay: Span,
    /// How long requests in flight may go on after that.
    pub drain_timeout: Span,
    /// Largest request head.
    pub max_head: ByteSize,
    pub max_connections: usize,
    /// How long a connection above the limit waits for a place.
    pub queue_timeout: Span,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Forward {
    /// Adds Via to what is forwarded; some servers then stop compressing.
    pub via: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Diagnosis {
    /// Answers with these statuses are diagnosed.
    pub statuses: Vec<u16>,
    pub body: BodyMode,
    /// Rule files, or directories of them, beside the built-in rules.
    pub rules: Vec<PathBuf>,
    pub language: Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BodyMode {
    /// Problem JSON for who asks for JSON, the same XML with a `<Diagnosis>` element for everyone else.
    #[default]
    Negotiate,
    /// The header alone.
    Untouched,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    #[default]
    En,
    Zh,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    pub format: LogFormat,
    /// Absent: standard output.
    pub file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    #[default]
    Json,
    Pretty,
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
        }
    }
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

impl Default for Listener {
    fn default() -> Self {
        Self {
            header_timeout: Span::secs(10),
            idle_timeout: Span::secs(75),
            body_timeout: Span::secs(60),
            send_timeout: Span::secs(60),
            drain_delay: Span::secs(0),
            drain_timeout: Span::secs(30),
            max_head: ByteSize(64 * 1024),
            max_connections: 10_000,
            queue_timeout: Span::secs(2),
        }
    }
}

impl Default for Diagnosis {
    fn default() -> Self {
        Self {
            statuses: vec![400, 401, 402, 403, 411, 451],
            body: BodyMode::default(),
            rules: Vec::new(),
            language: Language::default(),
        }
    }
}
