//! Which addresses a name that a client asked for may lead to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The metadata services of Tencent Cloud and of the other clouds: they hand out credentials.
const METADATA: [Ipv4Addr; 7] = [
    // Tencent Cloud
    Ipv4Addr::new(169, 254, 0, 23),
    // AWS, Azure, Google, Oracle and others
    Ipv4Addr::new(169, 254, 169, 254),
    // AWS, inside containers
    Ipv4Addr::new(169, 254, 170, 2),
    Ipv4Addr::new(169, 254, 170, 23),
    // Alibaba Cloud
    Ipv4Addr::new(100, 100, 100, 200),
    // Azure
    Ipv4Addr::new(168, 63, 129, 16),
    // Oracle Cloud
    Ipv4Addr::new(192, 0, 0, 192),
];
const METADATA_V6: [Ipv6Addr; 4] = [
    // AWS, and inside its containers
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23),
    // Google Cloud
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
    // Oracle Cloud
    Ipv6Addr::new(0xfd00, 0xc1, 0, 0, 0, 0, 0xa9fe, 0xa9fe),
];

/// Never this machine nor a metadata service; private addresses only where `private_too`.
pub(super) fn may_dial(ip: IpAddr, private_too: bool) -> bool {
    match ip {
        IpAddr::V4(v4) => may_dial_v4(v4, private_too),
        IpAddr::V6(v6) => may_dial_v6(v6, private_too),
    }
}

fn may_dial_v4(v4: Ipv4Addr, private_too: bool) -> bool {
    let [first, second, ..] = v4.octets();
    let never =
        v4.is_loopback() || v4.is_broadcast() || v4.is_multicast() || first == 0 || METADATA.contains(&v4);
    let shared = first == 100 && (second & 0xc0) == 64;
    !never && (private_too || !(v4.is_private() || v4.is_link_local() || shared))
}

fn may_dial_v6(v6: Ipv6Addr, private_too: bool) -> bool {
    let never = v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || METADATA_V6.contains(&v6);
    let private = v6.is_unique_local() || v6.is_unicast_link_local() || is_local_nat64(v6);
    !never && (private_too || !private) && inner_v4(v6).is_none_or(|v4| may_dial_v4(v4, private_too))
}

/// The IPv4 address that the network makes of an IPv6 one on the way.
fn inner_v4(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let (high, low) = match v6.segments() {
        // mapped, and the compatible ones of old (RFC 4291, section 2.5.5)
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] => (high, low),
        // NAT64 (RFC 6052), and where a network has a prefix of its own for it (RFC 8215)
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x64, 0xff9b, 1, _, _, _, high, low] => (high, low),
        // 6to4 (RFC 3056)
        [0x2002, high, low, ..] => (high, low),
        _ => return None,
    };
    Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}

/// 64:ff9b:1::/48, where a network translates to whatever it likes.
fn is_local_nat64(v6: Ipv6Addr) -> bool {
    matches!(v6.segments(), [0x64, 0xff9b, 1, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(ip: &str, private_too: bool) -> bool {
        may_dial(ip.parse().unwrap(), private_too)
    }

    #[test]
    fn private_addresses_are_for_cos_names_alone() {
        for ip in [
            "10.0.0.1",
            "100.64.0.1",
            "169.254.1.1",
            "192.168.1.1",
            "172.16.0.1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.1.1",
            "64:ff9b::192.168.1.1",
            "64:ff9b:1::10.0.0.1",
            "64:ff9b:1::1.1.1.1",
            "2002:a00:1::",
            "2002:c0a8:101::1",
            "2002:a9fe:101:1:2:3:4:5",
        ] {
            assert!(may(ip, true), "{ip}");
            assert!(!may(ip, false), "{ip}");
        }
        for ip in ["1.1.1.1", "2606:4700::1", "64:ff9b::1.1.1.1", "2002:101:101::1", "::ffff:1.1.1.1"] {
            assert!(may(ip, false), "{ip}");
        }
    }

    #[test]
    fn this_machine_and_the_metadata_service_are_for_nobody() {
        let never = [
            "127.0.0.1",
            "127.8.8.8",
            "::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::0.0.0.0",
            "64:ff9b:1::127.0.0.1",
            "2002:7f00:1::",
            "2002:7f08:808:1::1",
            "0.0.0.0",
            "0.1.2.3",
            "169.254.0.23",
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "64:ff9b::169.254.169.254",
            "64:ff9b::169.254.0.23",
            "2002:a9fe:a9fe::1",
            "169.254.170.2",
            "169.254.170.23",
            "100.100.100.200",
            "64:ff9b::100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "fd00:ec2::254",
            "fd00:ec2::23",
            "fd20:ce::254",
            "fd00:c1::a9fe:a9fe",
            "::",
            "224.0.0.1",
            "64:ff9b::224.0.0.1",
            "255.255.255.255",
        ];
        for ip in never {
            assert!(!may(ip, true), "{ip}");
        }
    }
}
