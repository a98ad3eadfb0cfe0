//! From a name to the addresses that may be dialled.
//!
//! COS's own names may resolve to private addresses (inside the vendor's network they do), but never to this
//! machine or to the cloud's metadata service; custom domains not to private addresses either, unless the
//! operator says so.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::net::lookup_host;

use super::fault::{DialError, Why};
use super::origin::Origin;
use crate::cos::endpoint::Endpoint;

/// The metadata services of Tencent Cloud and of the other clouds: they hand out credentials.
const METADATA: [Ipv4Addr; 2] = [Ipv4Addr::new(169, 254, 0, 23), Ipv4Addr::new(169, 254, 169, 254)];

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

pub(super) async fn resolve(host: &str, port: u16, reach: Reach) -> Result<Vec<SocketAddr>, DialError> {
    let found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
        Ok(ip) => vec![SocketAddr::new(ip, port)],
        Err(_) => match lookup_host((host, port)).await {
            Ok(found) => found.collect(),
            Err(error) => {
                return Err(DialError::new(Why::Dns, format!("the name {host} does not resolve: {error}")));
            }
        },
    };
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

fn may_dial(ip: IpAddr, private_too: bool) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            let never = v4.is_loopback()
                || v4.is_broadcast()
                || v4.is_multicast()
                || first == 0
                || METADATA.contains(&v4);
            let shared = first == 100 && (second & 0xc0) == 64;
            !never && (private_too || !(v4.is_private() || v4.is_link_local() || shared))
        }
        IpAddr::V6(v6) => {
            let never = v6.is_loopback() || v6.is_unspecified() || v6.is_multicast();
            !never && (private_too || !(v6.is_unique_local() || v6.is_unicast_link_local()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(ip: &str, private_too: bool) -> bool {
        may_dial(ip.parse().unwrap(), private_too)
    }

    #[test]
    fn private_addresses_are_for_cos_names_alone() {
        for ip in ["10.0.0.1", "100.64.0.1", "169.254.1.1", "192.168.1.1", "172.16.0.1", "fd00::1", "fe80::1"]
        {
            assert!(may(ip, true), "{ip}");
            assert!(!may(ip, false), "{ip}");
        }
        assert!(may("1.1.1.1", false));
        assert!(may("2606:4700::1", false));
    }

    #[test]
    fn this_machine_and_the_metadata_service_are_for_nobody() {
        let never = [
            "127.0.0.1",
            "127.8.8.8",
            "::1",
            "::ffff:127.0.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "169.254.0.23",
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "::",
            "224.0.0.1",
            "255.255.255.255",
        ];
        for ip in never {
            assert!(!may(ip, true), "{ip}");
        }
    }
}
