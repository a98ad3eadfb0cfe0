//! `[upstream]`: which COS endpoints may be asked for, and how they are reached.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::{Secret, Span};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Upstream {
    /// Everything that the address rules let through goes to this origin, Host unchanged. Not set: to the host each request names, over https.
    #[schemars(extend("format" = "uri"))]
    pub url: Option<String>,
    /// Dial this `host:port` whatever the name; the TLS name stays. A `[[route]]` has its own address.
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
    /// Custom domains that are COS: exact names, or `*.example.com`; as a table, with what else is to be known of them.
    pub allowed_hosts: Vec<AllowedHost>,
    /// Names of the buckets that may be asked for, `*` for any run of characters. Not set: any bucket, but only on a loopback listener.
    pub allowed_buckets: Option<Vec<String>>,
    /// An HTTP proxy on the way out, `http://HOST:PORT`, or `env` for what HTTPS_PROXY and NO_PROXY say.
    pub proxy: Option<String>,
    /// What the proxy on the way out is sent as Proxy-Authorization, such as `Basic …`.
    pub proxy_authorization: Option<Secret>,
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
            max_idle: 256,
            ca_file: None,
            allowed_hosts: Vec::new(),
            allowed_buckets: None,
            proxy: None,
            proxy_authorization: None,
            allow_private: false,
        }
    }
}

/// A custom domain, or all below one. A bare text in the list is its `host`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = or_its_host_alone)]
pub struct AllowedHost {
    /// The name, or `*.example.com` for every name below.
    pub host: String,
    /// How coswhy goes on to it.
    #[serde(default)]
    pub scheme: Scheme,
    /// The bucket behind it, with its APPID.
    pub bucket: Option<String>,
    /// The bucket's region.
    pub region: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    Http,
    #[default]
    Https,
}

fn or_its_host_alone(schema: &mut schemars::Schema) {
    let table = std::mem::take(schema);
    *schema = schemars::json_schema!({"anyOf": [{"type": "string"}, table]});
}
