//! URLs as settings hold them: an origin, a public address, a proxy.

use http::Uri;

use super::host::{check_host, check_port};

/// An origin without anything after it: `https://HOST[:PORT]`.
pub(in crate::config) fn origin(text: &str) -> Result<(), String> {
    let uri = http_url(text)?;
    if uri.path() != "/" {
        return Err("a path is not wanted: the requests bring their own".into());
    }
    Ok(())
}

/// Where clients find the admin listener, perhaps behind another proxy and below a path.
pub(in crate::config) fn public_url(text: &str) -> Result<(), String> {
    http_url(text).map(drop)
}

/// The proxy on the way out: `http://HOST[:PORT]`, or `env`.
pub(in crate::config) fn proxy(text: &str) -> Result<(), String> {
    let wrong = "expected http://HOST:PORT, or env for what HTTPS_PROXY and NO_PROXY say";
    if text == "env" {
        return Ok(());
    }
    if text.contains('@') {
        return Err("a user and password go into upstream.proxy_authorization".into());
    }
    match text.split_once("://") {
        Some(("http", _)) => origin(text).map_err(|_| wrong.into()),
        Some(_) => Err(format!("only http:// leads to a proxy that coswhy can use; {wrong}")),
        None => Err(wrong.into()),
    }
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
    fn a_proxy_is_reached_by_http_and_its_password_is_not_repeated() {
        for good in
            ["env", "http://proxy.corp:3128", "http://10.0.0.1:3128/", "http://[fd00::1]:3128", "http://p"]
        {
            assert_eq!(proxy(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "ENV",
            "proxy.corp:3128",
            "https://p:1",
            "socks5://p:1",
            "http://",
            "http://p:0",
            "http://p/x",
        ] {
            assert!(proxy(bad).is_err(), "{bad}");
        }
        assert!(!proxy("http://u:hunter2@p:1").unwrap_err().contains("hunter2"));
    }
}
