//! Hosts as settings hold them: to dial, to allow, to map.

use std::net::IpAddr;

use super::registry::is_anybodys_domain;

pub(in crate::config) fn host_and_port(text: &str) -> Result<(), String> {
    let wrong = |says: &str| {
        format!("found {text:?}: {says}; expected HOST:PORT, such as \"10.0.0.1:443\" or \"[fd00::1]:443\"")
    };
    if text.contains('@') {
        return Err("a user or password is not wanted; expected HOST:PORT".into());
    }
    let (host, port) = text.rsplit_once(':').ok_or_else(|| wrong("the port is missing"))?;
    check_port(port).and_then(|()| check_host(host)).map_err(|says| wrong(&says))
}

pub(super) fn check_port(port: &str) -> Result<(), String> {
    let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    match port.parse::<u16>() {
        Ok(1..) if digits => Ok(()),
        _ => Err("the port is no number from 1 to 65535".into()),
    }
}

pub(super) fn check_host(host: &str) -> Result<(), String> {
    if let Some(address) = host.strip_prefix('[') {
        let address = address.strip_suffix(']').unwrap_or_default();
        return address.parse::<std::net::Ipv6Addr>().map(drop).map_err(|_| "that is no IPv6 address".into());
    }
    if host.parse::<std::net::Ipv4Addr>().is_ok() { Ok(()) } else { dns_name(host) }
}

fn dns_name(name: &str) -> Result<(), String> {
    if !name.is_ascii() {
        return Err("write the name as DNS has it, in its xn-- form".into());
    }
    if name.ends_with('.') {
        return Err("leave out the dot at the end".into());
    }
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(allowed);
    if name.len() > 253 || !name.split('.').all(label) {
        return Err("that is no host name".into());
    }
    // Resolvers read 127.1, 0x7f.1 and 2130706433 as addresses, so none of them is taken for a name.
    let last = name.rsplit('.').next().unwrap_or_default();
    if last.bytes().all(|b| b.is_ascii_digit()) || last.starts_with("0x") || last.starts_with("0X") {
        return Err("that would be read as an IP address".into());
    }
    Ok(())
}

/// `name.example.com`, or `*.example.com` for every name below.
pub(in crate::config) fn allowed_host(text: &str) -> Result<(), String> {
    let wrong = |says: &str| {
        format!(
            "found {text:?}: {says}; expected a host name, such as \"cos.example.com\" or \"*.example.com\""
        )
    };
    if text.contains('@') {
        return Err("a user or password is not wanted; expected a host name".into());
    }
    if text.contains("://") || text.contains('/') {
        return Err(wrong("a scheme or path is not wanted"));
    }
    if text.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return Err(wrong("an IP address is not a domain; upstream.url can name one"));
    }
    if text.contains(':') {
        return Err(wrong("a port is not wanted: it is the scheme's own"));
    }
    let name = text.strip_prefix("*.").unwrap_or(text);
    if name.contains('*') {
        return Err(wrong("`*` stands only for the first label"));
    }
    dns_name(name).map_err(|says| wrong(&says))?;
    if name != text && is_anybodys_domain(name) {
        return Err(wrong("anybody can register a name below that"));
    }
    Ok(())
}

/// As above, but none of COS's own names: an entry for one would let requests past the list of buckets.
pub(in crate::config) fn custom_domain(text: &str) -> Result<(), String> {
    allowed_host(text)?;
    if is_of_cos(text.strip_prefix("*.").unwrap_or(text)) {
        return Err(format!(
            "found {text:?}: the names of COS need no entry, upstream.allowed_buckets says which of them may be asked \
             for; expected a domain of your own, such as \"cos.example.com\" or \"*.example.com\""
        ));
    }
    Ok(())
}

/// The domains that every name of COS is below.
const COS: [&str; 2] = ["myqcloud.com", "tencentcos.cn"];

/// Whether a name, in whatever case, is one of COS's domains or below one, be it a name that COS knows or not.
#[must_use]
pub fn is_of_cos(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_below = |domain: &str| name.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    COS.iter().any(|domain| name == *domain || is_below(domain))
}

/// A Host that requests to coswhy itself carry: a name or an address, with or without a port, or `*` for any.
pub(in crate::config) fn mapped_host(text: &str) -> Result<(), String> {
    let wrong = |says: &str| {
        format!(
            "found {text:?}: {says}; expected a host, such as \"files.internal\", \"127.0.0.1:8080\" or \"[::1]\", or \"*\" for any"
        )
    };
    if text == "*" {
        return Ok(());
    }
    if text.contains('@') {
        return Err("a user or password is not wanted; expected a host".into());
    }
    if text.contains('/') {
        return Err(wrong("a scheme or path is not wanted"));
    }
    if text.contains('*') {
        return Err(wrong("`*` stands alone"));
    }
    if text.parse::<std::net::Ipv6Addr>().is_ok() {
        return Err(wrong("an IPv6 address stands in brackets"));
    }
    let (host, port) = split_port(text);
    port.map_or(Ok(()), check_port).and_then(|()| check_host(host)).map_err(|says| wrong(&says))?;
    if is_of_cos(host) {
        return Err(wrong("a name of COS means itself"));
    }
    Ok(())
}

/// A host and its port, if it has one.
pub(in crate::config) fn split_port(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_need_a_port_to_be_dialled() {
        for good in ["127.0.0.1:443", "[::1]:443", "cos.example.com:8443", "cos-sim:80"] {
            assert_eq!(host_and_port(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "127.0.0.1",
            "::1",
            "[::1]",
            "a.example:",
            "a.example:+1",
            "a.example:0",
            ":443",
            "http://a:1",
        ] {
            assert!(host_and_port(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn allowed_hosts_are_names_or_everything_below_one() {
        for good in ["cos.example.com", "*.example.com", "Static.Example.COM", "xn--fiq228c.example"] {
            assert_eq!(allowed_host(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "*",
            "*.com",
            "*.*.com",
            "a.*.com",
            "https://a.example",
            "a.example/",
            "a.example:443",
            "10.0.0.1",
            "::1",
            "[::1]",
            "127.1",
            "0x7f.1",
            "a.0x1",
            "a.example.",
            ".example",
            "a..b",
            "中文.example",
            "u@a.example",
        ] {
            assert!(allowed_host(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_mapped_host_is_one_that_a_request_can_carry() {
        for good in [
            "*",
            "localhost",
            "Files.internal:9000",
            "127.0.0.1",
            "127.0.0.1:8080",
            "[::1]",
            "[::1]:8080",
            "c-1",
        ] {
            assert_eq!(mapped_host(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "*.example.com",
            "*:8080",
            "::1",
            "[::1",
            "[::1]:",
            "[x]:80",
            "a.example:",
            "a.example:0",
            "a.example:99999",
            "http://a.example",
            "a.example/b",
            "u@a.example",
            "a.example.",
            "127.1",
            "b-1250000000.cos.ap-x.myqcloud.com",
            "COS.ap-x.MyQCloud.com:80",
            "x.tencentcos.cn",
        ] {
            assert!(mapped_host(bad).is_err(), "{bad}");
        }
    }
}
