//! `[listener]`: limits on clients and their connections, and the way down.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::{ByteSize, Network, Span};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Listener {
    /// Longest time from the first byte of a request's head to its last.
    pub header_timeout: Span,
    /// How long a client's unused connection lives.
    pub idle_timeout: Span,
    /// Longest silence inside a request's body.
    pub body_timeout: Span,
    /// Longest time in which a client takes nothing of its answer.
    pub send_timeout: Span,
    /// How long new connections are still taken after SIGTERM.
    pub drain_delay: Span,
    /// How long requests in flight may go on after that.
    pub drain_timeout: Span,
    /// Largest head of a request; a larger one gets 431.
    pub max_head: ByteSize,
    /// Connections at once; those above wait for a place.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub max_connections: usize,
    /// How long a connection waits for a place before it gets 503.
    pub queue_timeout: Span,
    /// Networks of balancers that begin each connection with a PROXY protocol header (version 1 or 2), which tells the client's address; whoever comes from there without one is refused.
    pub proxy_protocol: Vec<Network>,
    /// Networks of proxies whose `X-Forwarded-For` is believed: the client is the last address in it that is not in one of them.
    pub trusted_proxies: Vec<Network>,
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
            proxy_protocol: Vec::new(),
            trusted_proxies: Vec::new(),
        }
    }
}
