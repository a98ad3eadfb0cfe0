//! CONNECT (RFC 9110, section 9.3.6): which names a tunnel may be asked for.

use std::sync::Arc;

use http::header::{HOST, HeaderValue};
use http::{Uri, Version, request};

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
        is_well_formed(head)?;
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

/// A CONNECT's target is a host and a port (RFC 9112, section 3.2.3), and it has a Host field like any other request
/// (section 3.2). Somebody on the way here could read anything else as a request for another place.
fn is_well_formed(head: &request::Parts) -> Result<(), Fault> {
    if head.uri.scheme().is_some() || head.uri.path_and_query().is_some() {
        return Err(Fault::bad_request(
            "The target of a CONNECT request is a host and a port, such as example.com:443 (RFC 9112, section 3.2.3).",
        ));
    }
    let hosts = head.headers.get_all(HOST).iter().count();
    if hosts > 1 {
        return Err(Fault::bad_request("The request has more than one Host field."));
    }
    if hosts == 0 && head.version == Version::HTTP_11 {
        return Err(Fault::bad_request("The request has no Host field."));
    }
    Ok(())
}
