//! `upstream.proxy = "env"`: the variables that curl reads, in its order. Those in lower case come first, and
//! `HTTP_PROXY` is not read at all: in a CGI program it is a client's header field.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::HeaderValue;
use percent_encoding::percent_decode_str;

use super::no_proxy::NoProxy;
use super::{OutgoingProxies, OutgoingProxy};

const HTTPS: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const HTTP: [&str; 3] = ["http_proxy", "all_proxy", "ALL_PROXY"];
const EXCEPT: [&str; 2] = ["no_proxy", "NO_PROXY"];

pub(super) fn read(variable: impl Fn(&'static str) -> Option<String>) -> Result<OutgoingProxies, String> {
    let first = |names: &[&'static str]| {
        let mut set = names.iter().filter_map(|name| Some((*name, variable(name)?)));
        set.find(|(_, text)| !text.trim().is_empty())
    };
    let proxy = |names: &[&'static str]| match first(names) {
        Some((name, text)) => OutgoingProxy::parse(name, text.trim()).map(Arc::new).map(Some),
        None => Ok(None),
    };
    let except = first(&EXCEPT).map(|(_, text)| NoProxy::new(&text)).unwrap_or_default();
    Ok(OutgoingProxies { https: proxy(&HTTPS)?, http: proxy(&HTTP)?, except })
}

/// The value of Proxy-Authorization for `USER:PASSWORD`, both perhaps percent-encoded (RFC 7617).
pub(super) fn basic(user_info: &str) -> Option<HeaderValue> {
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let mut credentials: Vec<u8> = percent_decode_str(user).collect();
    credentials.push(b':');
    credentials.extend(percent_decode_str(password));
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(credentials))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(set: &[(&str, &str)]) -> Result<OutgoingProxies, String> {
        read(|name| set.iter().find(|(n, _)| *n == name).map(|(_, text)| (*text).to_owned()))
    }

    fn leads(set: &[(&str, &str)], tls: bool, host: &str) -> Option<(String, &'static str)> {
        let proxies = with(set).unwrap();
        proxies.to(tls, host, if tls { 443 } else { 80 }).map(|proxy| (proxy.address(), proxy.named_by))
    }

    #[test]
    fn each_scheme_has_its_variables() {
        let all = [
            ("https_proxy", "http://a:1"),
            ("HTTPS_PROXY", "http://b:2"),
            ("http_proxy", "c"),
            ("ALL_PROXY", "d:4"),
        ];
        assert_eq!(leads(&all, true, "x"), Some(("a:1".into(), "https_proxy")));
        assert_eq!(leads(&all[1..], true, "x"), Some(("b:2".into(), "HTTPS_PROXY")));
        assert_eq!(leads(&all[2..], true, "x"), Some(("d:4".into(), "ALL_PROXY")));
        assert_eq!(leads(&all, false, "x"), Some(("c:80".into(), "http_proxy")));
        assert_eq!(leads(&[("HTTP_PROXY", "http://evil:1")], false, "x"), None);
        assert_eq!(
            leads(&[("https_proxy", " "), ("ALL_PROXY", "[fd00::1]:5")], true, "x").unwrap().0,
            "[fd00::1]:5"
        );
        assert_eq!(leads(&[], true, "x"), None);
    }

    #[test]
    fn no_proxy_keeps_names_off_it() {
        let set = [("HTTPS_PROXY", "a:1"), ("NO_PROXY", "example.com")];
        assert_eq!(leads(&set, true, "img.example.com"), None);
        assert!(leads(&set, true, "example.net").is_some());
    }

    #[test]
    fn a_wrong_variable_is_named_without_its_value() {
        assert_eq!(
            with(&[("all_proxy", "socks5://u:hunter2@a:1")]).unwrap_err(),
            "all_proxy: only http:// leads to a proxy that coswhy can use"
        );
    }

    /// The vector of RFC 7617, section 2, and a password that a URL must encode.
    #[test]
    fn user_info_becomes_basic_authorization() {
        assert_eq!(basic("Aladdin:open%20sesame").unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(basic("u:p%40%3a").unwrap(), format!("Basic {}", STANDARD.encode("u:p@:")).as_str());
        assert!(basic("u:p").unwrap().is_sensitive());
    }
}
