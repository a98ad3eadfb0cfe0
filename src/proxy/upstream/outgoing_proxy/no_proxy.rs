//! `NO_PROXY`: what is reached without the proxy. Entries are read as curl reads them: a name means itself and all
//! below it, with or without a dot in front; an address means itself, or with `/BITS` its network; `*` is
//! everything. Beyond curl, `*.` may stand in front of a name and `:PORT` after it, as Go's programs take it.

use std::net::IpAddr;

#[derive(Debug, Default)]
pub(super) struct NoProxy(Vec<Entry>);

#[derive(Debug)]
enum Entry {
    Everything,
    Network(IpAddr, u8),
    Name { name: String, port: Option<u16> },
    Address(IpAddr, Option<u16>),
}

impl NoProxy {
    pub(super) fn new(text: &str) -> Self {
        let entries = text.split([',', ' ', '\t']).filter(|entry| !entry.is_empty());
        Self(entries.filter_map(Entry::parse).collect())
    }

    pub(super) fn covers(&self, host: &str, port: u16) -> bool {
        self.0.iter().any(|entry| entry.covers(host, port))
    }
}

impl Entry {
    /// `None` where an entry can mean nothing.
    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::Everything);
        }
        if let Some((address, bits)) = text.split_once('/') {
            let address = bare(address).parse::<IpAddr>().ok()?;
            let bits = bits.parse().ok().filter(|bits| *bits <= width(address))?;
            return Some(Self::Network(address, bits));
        }
        if let Ok(address) = bare(text).parse() {
            return Some(Self::Address(address, None));
        }
        let (name, port) = match text.rsplit_once(':') {
            Some((name, port)) => (name, Some(port.parse().ok()?)),
            None => (text, None),
        };
        if let Ok(address) = bare(name).parse() {
            return Some(Self::Address(address, port));
        }
        let name = name.strip_prefix('*').unwrap_or(name);
        let name = name.strip_prefix('.').unwrap_or(name).trim_end_matches('.').to_ascii_lowercase();
        (!name.is_empty()).then_some(Self::Name { name, port })
    }

    fn covers(&self, host: &str, port: u16) -> bool {
        let address = host.parse::<IpAddr>().map(|address| address.to_canonical());
        match self {
            Self::Everything => true,
            Self::Network(network, bits) => address.is_ok_and(|address| within(address, *network, *bits)),
            Self::Address(own, on) => {
                address.is_ok_and(|address| address == *own) && on.is_none_or(|on| on == port)
            }
            Self::Name { name, port: on } => {
                let host = host.trim_end_matches('.').to_ascii_lowercase();
                let below = host
                    .strip_suffix(name.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
                below && address.is_err() && on.is_none_or(|on| on == port)
            }
        }
    }
}

/// An IPv6 address without its brackets.
fn bare(text: &str) -> &str {
    text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text)
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let (a, b) = match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits()) << 96, u128::from(b.to_bits()) << 96),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits(), b.to_bits()),
        _ => return false,
    };
    bits == 0 || (a ^ b) >> (128 - u32::from(bits)) == 0
}

#[cfg(test)]
mod tests {
    use super::NoProxy;

    fn covers(list: &str, host: &str) -> bool {
        NoProxy::new(list).covers(host, 443)
    }

    #[test]
    fn a_name_means_itself_and_all_below() {
        for list in ["example.com", ".example.com", "*.example.com", "a, Example.COM.", "a b,example.com"] {
            assert!(covers(list, "example.com"), "{list}");
            assert!(covers(list, "img.example.com"), "{list}");
            assert!(!covers(list, "evilexample.com"), "{list}");
            assert!(!covers(list, "example.com.evil"), "{list}");
        }
        assert!(covers("myqcloud.com", "b-1250000000.cos.ap-guangzhou.myqcloud.com"));
    }

    #[test]
    fn a_star_means_everything() {
        assert!(covers("*", "example.com") && covers("a,*", "10.0.0.1"));
        assert!(!covers("", "example.com") && !covers(",, .", "example.com"));
    }

    #[test]
    fn addresses_and_networks() {
        assert!(covers("10.0.0.1", "10.0.0.1") && !covers("10.0.0.1", "10.0.0.11"));
        assert!(covers("10.0.0.0/8", "10.200.0.1") && !covers("10.0.0.0/8", "11.0.0.1"));
        assert!(covers("0.0.0.0/0", "8.8.8.8") && !covers("0.0.0.0/0", "fd00::1"));
        assert!(covers("fd00::/8", "fd12::1") && covers("[fd00::1]", "fd00::1"));
        assert!(!covers("10.0.0.0/33", "10.0.0.1") && !covers("0.0.1", "10.0.0.1"));
    }

    #[test]
    fn an_entry_with_a_port_means_that_port() {
        assert!(covers("example.com:443", "img.example.com") && !covers("example.com:80", "example.com"));
        assert!(covers("[fd00::1]:443", "fd00::1") && !covers("10.0.0.1:80", "10.0.0.1"));
    }
}
