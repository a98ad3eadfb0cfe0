//! How a client came in.

use std::sync::Arc;

/// One of coswhy's listening sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// `listen`
    Plain,
    /// `tls.listen`
    Tls,
}

#[derive(Debug, Clone)]
pub(crate) enum Entrance {
    Plain,
    /// By https, at `tls.listen`.
    Tls,
    /// An intercepted tunnel to `name`, in lower case, without its port.
    Tunnel {
        name: Arc<str>,
    },
}

impl Entrance {
    pub(crate) fn own_port(&self) -> &'static str {
        match self {
            Self::Plain => "80",
            Self::Tls | Self::Tunnel { .. } => "443",
        }
    }
}
