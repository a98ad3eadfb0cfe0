//! `[tls]`: https for the clients.

use std::net::SocketAddr;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Tls {
    /// Where clients connect by https, HTTP/1.1 and HTTP/2. On an address that is not loopback, `upstream.allowed_buckets` must be set.
    #[schemars(extend("format" = "socket-address"))]
    pub listen: Option<SocketAddr>,
    /// A PEM file of the certificate and its chain; read again when it changes.
    pub cert: Option<PathBuf>,
    /// A PEM file of the certificate's private key.
    pub key: Option<PathBuf>,
    /// Further certificates, chosen by the name that the client asks for (SNI).
    pub certificates: Vec<Certificate>,
}

/// One more certificate.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// A PEM file of the certificate and its chain.
    pub cert: PathBuf,
    /// A PEM file of its private key.
    pub key: PathBuf,
}
