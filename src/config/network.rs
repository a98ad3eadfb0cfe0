//! Networks, as the settings write them: `10.0.0.0/8`, `2001:db8::/32`, or a single address.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::units::as_text;

/// Addresses with the same beginning. IPv4 that is written as IPv6 (`::ffff:10.0.0.0/104`) is IPv4, as it is of clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// Whether every address is in it, of IPv4 or of IPv6.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.0.prefix_len() == 0
    }
}

/// Whether an address is in one of them.
#[must_use]
pub fn any_has(networks: &[Network], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(address))
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let network = match text.parse::<IpAddr>() {
            Ok(address) => IpNet::from(address),
            Err(_) => text
                .parse::<IpNet>()
                .map_err(|_| format!("`{text}` is no network: write one like `10.0.0.0/8`, or an address"))?,
        };
        Ok(Self(canonical(network.trunc())))
    }
}

fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(v6) = network else { return network };
    in_ipv4(v6).map_or(network, IpNet::V4)
}

fn in_ipv4(network: Ipv6Net) -> Option<Ipv4Net> {
    Ipv4Net::new(network.network().to_ipv4_mapped()?, network.prefix_len().checked_sub(96)?).ok()
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

as_text!(Network, "network", "^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$", "10.0.0.0/8");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_and_written_alike() {
        for (text, shown) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("192.0.2.7", "192.0.2.7/32"),
            ("2001:DB8::/32", "2001:db8::/32"),
            ("::1", "::1/128"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("::/0", "::/0"),
        ] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), shown, "{text}");
        }
        for wrong in
            ["", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "*", "localhost", "[::1]", "::/129", "10.0.0.0/8 "]
        {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn ipv4_that_came_over_ipv6_is_in_the_networks_of_ipv4() {
        let network: Network = "10.0.0.0/8".parse().unwrap();
        for (address, inside) in
            [("10.255.0.1", true), ("::ffff:10.0.0.1", true), ("11.0.0.1", false), ("::a00:1", false)]
        {
            assert_eq!(network.contains(address.parse().unwrap()), inside, "{address}");
        }
        assert!(any_has(&["::1".parse().unwrap(), network], "10.0.0.1".parse().unwrap()));
        assert!(!any_has(&[], "10.0.0.1".parse().unwrap()));
    }
}
