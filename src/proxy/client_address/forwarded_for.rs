//! `X-Forwarded-For` of proxies that the settings name.
//!
//! Each proxy adds the address of who spoke to it at the end, so only the end can be believed: the client is the last
//! address that is no such proxy's. RFC 7239's `Forwarded` is not read: a proxy that knows one of the two passes the
//! other on as its client made it up.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;

use crate::config::{Network, any_has};

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// No way through proxies is as long as this.
const HOPS: usize = 64;

/// The client's address, where a request came through a proxy in `trusted`; port 0: not known.
#[must_use]
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Option<SocketAddr> {
    if trusted.is_empty() || !any_has(trusted, peer) {
        return None;
    }
    let lines = headers.get_all(X_FORWARDED_FOR).iter().rev();
    let entries = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    let mut client = None;
    for entry in entries.take(HOPS).map(<[u8]>::trim_ascii).filter(|entry| !entry.is_empty()) {
        // Whoever wrote something else: the one who passed it on is known, and nobody before.
        let Some(address) = address(entry) else { break };
        client = Some(address);
        if !any_has(trusted, address.ip()) {
            break;
        }
    }
    client
}

/// `192.0.2.7`, `192.0.2.7:1234`, `2001:db8::7`, `[2001:db8::7]`, `[2001:db8::7]:1234`.
fn address(entry: &[u8]) -> Option<SocketAddr> {
    let text = std::str::from_utf8(entry).ok()?;
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let (ip, port) = match bare.parse::<IpAddr>() {
        Ok(ip) => (ip, 0),
        Err(_) => text.parse::<SocketAddr>().map(|address| (address.ip(), address.port())).ok()?,
    };
    Some(SocketAddr::new(ip.to_canonical(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &[&str]) -> Option<String> {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap());
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(X_FORWARDED_FOR, line.parse().unwrap());
        }
        client("10.0.0.1".parse().unwrap(), &headers, &trusted).map(|client| client.to_string())
    }

    #[test]
    fn the_client_is_the_last_address_that_is_no_proxys() {
        for (lines, expected) in [
            (&["192.0.2.7"][..], "192.0.2.7:0"),
            (&["198.51.100.1, 192.0.2.7"], "192.0.2.7:0"),
            (&["198.51.100.1, 192.0.2.7, 10.0.0.2,fd00::9"], "192.0.2.7:0"),
            (&["198.51.100.1", "192.0.2.7 , 10.0.0.2", "10.3.0.4"], "192.0.2.7:0"),
            (&["192.0.2.7:1234"], "192.0.2.7:1234"),
            (&["2001:DB8::7"], "[2001:db8::7]:0"),
            (&["[2001:db8::7]"], "[2001:db8::7]:0"),
            (&["[2001:db8::7]:1234"], "[2001:db8::7]:1234"),
            (&["::ffff:192.0.2.7"], "192.0.2.7:0"),
            (&["192.0.2.7, ::ffff:10.0.0.2"], "192.0.2.7:0"),
            // nobody but proxies: the first of them
            (&["10.9.9.9, 10.0.0.2"], "10.9.9.9:0"),
            (&["192.0.2.7,, ,10.0.0.2,"], "192.0.2.7:0"),
        ] {
            assert_eq!(found(lines).as_deref(), Some(expected), "{lines:?}");
        }
    }

    #[test]
    fn what_is_no_address_ends_the_search() {
        for (line, expected) in [
            ("192.0.2.7, unknown, 10.0.0.2", Some("10.0.0.2:0")),
            ("192.0.2.7, _hidden", None),
            ("192.0.2.7, 10.0.0", None),
            ("\"192.0.2.7\"", None),
            ("192.0.2.7:99999", None),
            ("[192.0.2.7", None),
            ("192.0.2.7 198.51.100.1", None),
            ("fe80::1%eth0", None),
            ("", None),
        ] {
            assert_eq!(found(&[line]).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn who_is_no_proxy_is_not_believed() {
        let mut headers = HeaderMap::new();
        headers.insert(X_FORWARDED_FOR, "192.0.2.7".parse().unwrap());
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        assert_eq!(client("11.0.0.1".parse().unwrap(), &headers, &trusted), None);
        assert_eq!(client("10.0.0.1".parse().unwrap(), &headers, &[]), None);
        assert!(client("::ffff:10.0.0.1".parse().unwrap(), &headers, &trusted).is_some());
    }

    #[test]
    fn a_long_list_is_not_read_to_its_beginning() {
        let line = format!("192.0.2.7, {}", vec!["10.0.0.2"; 5000].join(", "));
        assert_eq!(found(&[&line]).as_deref(), Some("10.0.0.2:0"));
    }
}
