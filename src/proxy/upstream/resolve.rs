//! From a name to the addresses that may be dialled.
//!
//! COS's own names may resolve to private addresses (inside the vendor's network they do), but never to this
//! machine or to the cloud's metadata service; custom domains not to private addresses either, unless the
//! operator says so.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::time::timeout;

use super::fault::{DialError, Why};
use super::names::Names;
use super::origin::Origin;
use super::reach::may_dial;
use crate::cos::endpoint::Endpoint;

/// Where a name may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Anywhere: the operator named it.
    Anywhere,
    /// To public and private addresses.
    PrivateToo,
    /// To public addresses alone.
    Public,
}

impl Reach {
    /// What the name of an origin may lead to.
    pub(super) fn of(origin: &Origin, allow_private: bool) -> Self {
        if origin.trusted {
            Self::Anywhere
        } else if allow_private || Endpoint::parse(&origin.host).is_some() {
            Self::PrivateToo
        } else {
            Self::Public
        }
    }
}

/// The addresses of a host, which are found within `limit` or not at all.
pub(super) async fn resolve(
    names: &Names,
    host: &str,
    port: u16,
    reach: Reach,
    limit: Duration,
) -> Result<Vec<SocketAddr>, DialError> {
    let found = match host.parse::<IpAddr>() {
        Ok(ip) => vec![ip],
        Err(_) => {
            // What a client asks for is a whole name; an operator may give one that the search domains complete.
            let whole = reach != Reach::Anywhere && host.contains('.');
            let asked = timeout(limit, names.addresses(host, whole)).await;
            asked
                .unwrap_or_else(|_| Err(format!("no DNS server answered within {limit:?}")))
                .map_err(|why| DialError::new(Why::Dns, format!("the name {host} does not resolve: {why}")))?
        }
    };
    let found: Vec<_> = found.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
    let Some(first) = found.first().copied() else {
        return Err(DialError::new(Why::Dns, format!("the name {host} has no address")));
    };
    if reach == Reach::Anywhere {
        return Ok(found);
    }
    let private_too = reach == Reach::PrivateToo;
    let allowed: Vec<SocketAddr> = found.into_iter().filter(|a| may_dial(a.ip(), private_too)).collect();
    if !allowed.is_empty() {
        return Ok(allowed);
    }
    let why = if first.ip().to_canonical().is_loopback() { Why::Loopback(first) } else { Why::Prohibited };
    let hint = if private_too { "" } else { " (upstream.allow_private would let private addresses pass)" };
    let says = format!("the name {host} resolves to {}, where this proxy does not go{hint}", first.ip());
    Err(DialError::new(why, says))
}
