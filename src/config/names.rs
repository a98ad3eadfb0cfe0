//! The syntax of the addresses and names that settings hold: URLs, `host:port`, host patterns, bucket patterns.

use std::net::IpAddr;

use http::Uri;

/// An origin without anything after it: `https://HOST[:PORT]`.
pub(super) fn origin(text: &str) -> Result<(), String> {
    let uri = http_url(text)?;
    if uri.path() != "/" {
        return Err("a path is not wanted: the requests bring their own".into());
    }
    Ok(())
}

/// Where clients find the admin listener, perhaps behind another proxy and below a path.
pub(super) fn public_url(text: &str) -> Result<(), String> {
    http_url(text).map(drop)
}

/// No message here repeats the text, for it might hold a password.
fn http_url(text: &str) -> Result<Uri, String> {
    let wrong = "expected http://HOST[:PORT] or https://HOST[:PORT]";
    let uri: Uri = text.parse().map_err(|_| wrong.to_owned())?;
    let (Some("http" | "https"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(wrong.into());
    };
    if authority.as_str().contains('@') {
        return Err("a user or password in a URL is not supported".into());
    }
    if uri.query().is_some() || text.contains('#') {
        return Err("a query or fragment is not wanted".into());
    }
    let host = authority.host();
    let port = authority.as_str().strip_prefix(host).unwrap_or_default();
    let port = if port.is_empty() { Ok(()) } else { check_port(port.strip_prefix(':').unwrap_or_default()) };
    port.and_then(|()| check_host(host)).map_err(|says| format!("{says}; {wrong}"))?;
    Ok(uri)
}

pub(super) fn host_and_port(text: &str) -> Result<(), String> {
    let wrong = |says: &str| {
        format!("found {text:?}: {says}; expected HOST:PORT, such as \"10.0.0.1:443\" or \"[fd00::1]:443\"")
    };
    if text.contains('@') {
        return Err("a user or password is not wanted; expected HOST:PORT".into());
    }
    let (host, port) = text.rsplit_once(':').ok_or_else(|| wrong("the port is missing"))?;
    check_port(port).and_then(|()| check_host(host)).map_err(|says| wrong(&says))
}

fn check_port(port: &str) -> Result<(), String> {
    let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    match port.parse::<u16>() {
        Ok(1..) if digits => Ok(()),
        _ => Err("the port is no number from 1 to 65535".into()),
    }
}

fn check_host(host: &str) -> Result<(), String> {
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
pub(super) fn allowed_host(text: &str) -> Result<(), String> {
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
    if name != text && !name.contains('.') {
        return Err(wrong("that is a whole top-level domain"));
    }
    Ok(())
}

/// A bucket's name with its APPID, or a pattern in which `*` stands for any run of characters.
pub(super) fn allowed_bucket(text: &str) -> Result<(), String> {
    let wrong = |says: &str| {
        format!(
            "found {text:?}: {says}; expected a name or pattern, such as \"photos-1250000000\", \"*-1250000000\" or \"*\""
        )
    };
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'*';
    if !text.bytes().all(allowed) {
        return Err(wrong("buckets are named with a-z, 0-9 and -"));
    }
    let appid = text.rsplit_once('-').map_or("", |(_, appid)| appid);
    if !text.contains('*') && (appid.is_empty() || !appid.bytes().all(|b| b.is_ascii_digit())) {
        return Err(wrong("a bucket's name ends in -APPID"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_urls_without_a_path() {
        for good in [
            "http://127.0.0.1:9000",
            "https://cos.example.com",
            "https://[fd00::1]:8443/",
            "http://minio:9000",
        ] {
            assert_eq!(origin(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "cos.example.com",
            "ftp://a.example",
            "https://",
            "https://u:p@a.example",
            "https://a.example/x",
            "https://a.example?x",
            "https://a.example/#x",
            "https://a.example:0",
            "https://a.example:",
            "https://a.example:99999",
            "https://a.example.",
            "https://2130706433",
            "https://a b",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_in_a_url_is_refused_without_repeating_it() {
        assert_eq!(
            origin("https://u:hunter2@a.example").unwrap_err(),
            "a user or password in a URL is not supported"
        );
    }

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
    fn allowed_buckets_can_match_something() {
        for good in ["photos-1250000000", "*", "*-1250000000", "photos-*", "a*b-1"] {
            assert_eq!(allowed_bucket(good), Ok(()), "{good}");
        }
        for bad in ["", "photos", "Photos-1250000000", "photos-", "photos.x-125", "photos-125?", "photos-12a"]
        {
            assert!(allowed_bucket(bad).is_err(), "{bad}");
        }
    }
}
