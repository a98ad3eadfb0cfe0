//! Where the requests for a name are really sent: its own address by https, or the operator's choice.

use std::sync::Arc;

use crate::config::settings;
use crate::proxy::address::Target;

/// One place to connect to. Connections are pooled by it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Origin {
    pub(crate) tls: bool,
    /// The name for SNI and the certificate.
    pub(crate) name: Arc<str>,
    /// What is resolved and dialled.
    pub(crate) host: Arc<str>,
    pub(crate) port: u16,
    /// The operator named the address: the rules on resolved addresses do not apply.
    pub(crate) trusted: bool,
}

/// How a name becomes an origin.
#[derive(Debug)]
pub(crate) struct Origins {
    fixed: Option<Origin>,
    connect_to: Option<(Arc<str>, u16)>,
}

impl Origins {
    /// Reads `upstream.url` and `upstream.connect_to`; the sentence says what is wrong with them.
    pub(crate) fn new(upstream: &settings::Upstream) -> Result<Self, String> {
        let connect_to = match &upstream.connect_to {
            Some(text) => Some(
                host_port(text).ok_or_else(|| format!("upstream.connect_to: `{text}` is not HOST:PORT"))?,
            ),
            None => None,
        };
        let fixed = match &upstream.url {
            Some(url) => Some(fixed(url).ok_or_else(|| {
                format!("upstream.url: `{url}` is not http://HOST[:PORT] or https://HOST[:PORT]")
            })?),
            None => None,
        };
        Ok(Self { fixed, connect_to })
    }

    /// The scheme that everything goes out by.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.fixed.as_ref().is_none_or(|origin| origin.tls) { "https" } else { "http" }
    }

    pub(crate) fn origin(&self, target: &Target) -> Origin {
        let mut origin = self.fixed.clone().unwrap_or_else(|| {
            let name: Arc<str> = Arc::from(target.name.as_str());
            Origin { tls: true, host: Arc::clone(&name), name, port: 443, trusted: false }
        });
        if let Some((host, port)) = &self.connect_to {
            origin.host = Arc::clone(host);
            origin.port = *port;
            origin.trusted = true;
        }
        origin
    }
}

fn fixed(url: &str) -> Option<Origin> {
    let uri: http::Uri = url.parse().ok()?;
    let tls = match uri.scheme_str()? {
        "http" => false,
        "https" => true,
        _ => return None,
    };
    let authority = uri.authority()?;
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() || authority.as_str().contains('@') {
        return None;
    }
    let host: Arc<str> = Arc::from(authority.host().trim_start_matches('[').trim_end_matches(']'));
    let port = authority.port_u16().unwrap_or(if tls { 443 } else { 80 });
    Some(Origin { tls, name: Arc::clone(&host), host, port, trusted: true })
}

fn host_port(text: &str) -> Option<(Arc<str>, u16)> {
    let (host, port) = text.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() {
        return None;
    }
    Some((Arc::from(host), port.parse().ok()?))
}
