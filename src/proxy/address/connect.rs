//! CONNECT (RFC 9110, section 9.3.6): which names a tunnel may be asked for.

use std::sync::Arc;

use http::header::HeaderValue;
use http::{Uri, request};

use super::Addresses;
use super::target::{Asked, Target};
use crate::proxy::reply::Fault;

/// A name of COS, or one in `upstream.allowed_hosts`, that a tunnel was asked for. Only the address rules make it:
/// to hold one is to have passed them.
#[derive(Debug, Clone)]
pub(crate) struct ConnectName {
    name: Arc<str>,
    target: Target,
}

impl ConnectName {
    /// In lower case, without its port.
    pub(crate) fn as_str(&self) -> &str {
        &self.name
    }

    pub(crate) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    /// Where a request to this name would go.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// No tunnel to it, for another reason than its name.
    pub(crate) fn refused(&self, why: &str) -> Fault {
        Asked { uri: &Uri::default(), host: &self.target.asked, as_proxy: true }.refused(why)
    }
}

impl Addresses {
    /// The name that a CONNECT asks for: a name of COS or a listed one, on port 443; everything else is refused.
    pub(crate) fn connect_name(&self, head: &request::Parts) -> Result<ConnectName, Fault> {
        let authority = head.uri.authority().map_or("", |authority| authority.as_str());
        let host = HeaderValue::try_from(authority)
            .map_err(|_| Fault::bad_request("The request's target has no usable host."))?;
        let asked = Asked { uri: &head.uri, host: &host, as_proxy: true };
        if !authority.contains(':') {
            return Err(asked.refused("it names no port, a tunnel goes to port 443"));
        }
        let target = self.by_name(asked, "443")?;
        Ok(ConnectName { name: Arc::from(target.name.as_str()), target })
    }

    /// Whether the operator lets clients ask for every bucket there is.
    pub(crate) fn allow_any_bucket(&self) -> bool {
        self.allowed.any_bucket()
    }
}
