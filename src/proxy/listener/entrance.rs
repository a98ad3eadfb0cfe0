//! How a client came in.

use std::sync::Arc;

#[derive(Debug, Clone)]
pub(crate) enum Entrance {
    Plain,
    #[expect(dead_code)]
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
