//! Who may read: the Host check against DNS rebinding, the check of the page that sends, and the token.
//!
//! A web page whose own name suddenly resolves to this machine makes the browser send that name in Host. So a Host
//! that is none of the listener's own names is refused. Names that can only mean this machine count as its own
//! with any port: `ssh -L`, `docker -p` and `kubectl port-forward` put it behind another one.

use std::net::{IpAddr, SocketAddr};

use http::header::{AUTHORIZATION, FORWARDED, HOST, HeaderName, ORIGIN, VIA};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Uri};

use crate::config::Secret;
use crate::config::settings;

/// What a request must show.
#[derive(Debug)]
pub(super) struct Access<'a> {
    listen: IpAddr,
    /// The host of `admin.public_url`.
    public: Option<String>,
    token: Option<&'a Secret>,
}

impl<'a> Access<'a> {
    pub(super) fn new(settings: &'a settings::Admin, listen: SocketAddr) -> Self {
        let public = settings.public_url.as_deref().and_then(|url| url.parse::<Uri>().ok());
        Self {
            listen: listen.ip().to_canonical(),
            public: public.as_ref().and_then(Uri::authority).map(name_of),
            token: settings.token.as_ref(),
        }
    }

    /// Whether the request means this listener by one of its own names. `local` is the address it came in on.
    pub(super) fn is_own_host(&self, uri: &Uri, headers: &HeaderMap, local: SocketAddr) -> bool {
        let mut hosts = headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
        let Ok(host) = Authority::try_from(host.as_bytes()) else { return false };
        let target = uri.authority();
        self.is_own_name(&host, local) && target.is_none_or(|target| self.is_own_name(target, local))
    }

    fn is_own_name(&self, authority: &Authority, local: SocketAddr) -> bool {
        if authority.as_str().contains('@') {
            return false;
        }
        let name = name_of(authority);
        match name.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
            Ok(ip) if ip.is_loopback() || ip == self.listen || ip == local.ip().to_canonical() => true,
            Ok(_) | Err(_) => name == "localhost" || self.public.as_ref() == Some(&name),
        }
    }

    /// Whether nobody can show a token, since none is set.
    pub(super) fn has_no_token_to_ask_for(&self) -> bool {
        self.token.is_none()
    }

    /// Whether the token is there, where one is asked for.
    pub(super) fn has_token(&self, headers: &HeaderMap) -> bool {
        let Some(token) = self.token else { return true };
        headers
            .get(AUTHORIZATION)
            .and_then(|value| value.as_bytes().split_at_checked("Bearer ".len()))
            .is_some_and(|(scheme, rest)| {
                scheme.eq_ignore_ascii_case(b"Bearer ") && token.matches(rest.trim_ascii())
            })
    }
}

/// Whether a program on this machine sent the request: no web page that a browser on it shows, and no proxy on it that
/// says for whom it asks.
pub(super) fn is_program_here(headers: &HeaderMap, peer: SocketAddr) -> bool {
    let is_for_another = [ORIGIN, FORWARDED, VIA, HeaderName::from_static("x-forwarded-for")];
    peer.ip().to_canonical().is_loopback() && !is_for_another.iter().any(|name| headers.contains_key(name))
}

/// Whether a page of another origin sent the request: browsers say so in Origin and Sec-Fetch-Site, which no page can
/// change. Other programs send neither.
pub(super) fn is_foreign(headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    let own_host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_own = |origin: &HeaderValue| {
        let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        authority.is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(own_host))
    };
    sites.any(|site| site != "same-origin" && site != "none")
        || headers.get_all(ORIGIN).iter().any(|origin| !is_own(origin))
}

/// The host in lower case, an IPv6 address without its brackets.
fn name_of(authority: &Authority) -> String {
    authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(public_url: Option<&str>, listen: &str, local: &str, host: &str) -> bool {
        let settings = settings::Admin { public_url: public_url.map(Into::into), ..Default::default() };
        let access = Access::new(&settings, listen.parse().unwrap());
        let headers = HeaderMap::from_iter([(HOST, host.parse().unwrap())]);
        access.is_own_host(&Uri::from_static("/"), &headers, local.parse().unwrap())
    }

    #[test]
    fn names_that_can_only_mean_this_machine_are_its_own() {
        for host in
            ["localhost:9180", "LOCALHOST", "127.0.0.1:9180", "127.9.9.9", "[::1]:9180", "localhost:1234"]
        {
            assert!(own(None, "127.0.0.1:9180", "127.0.0.1:9180", host), "{host}");
        }
    }

    #[test]
    fn any_other_name_is_refused() {
        for host in [
            "evil.example",
            "evil.example:9180",
            "localhost.evil.example",
            "evil.localhost",
            "user@localhost",
            "192.0.2.1:9180",
            "127.0.0.1.evil.example",
            "2130706433",
            "0.0.0.0:9180",
            "",
        ] {
            assert!(!own(None, "127.0.0.1:9180", "127.0.0.1:9180", host), "{host}");
        }
    }

    #[test]
    fn the_address_it_listens_on_and_the_public_name_are_its_own() {
        assert!(own(None, "192.0.2.1:9180", "192.0.2.1:9180", "192.0.2.1:9180"));
        assert!(own(None, "0.0.0.0:9180", "192.0.2.1:9180", "192.0.2.1"));
        assert!(own(None, "[::]:9180", "[::ffff:192.0.2.1]:9180", "192.0.2.1:9180"));
        assert!(own(Some("https://Why.example.com/x"), "0.0.0.0:9180", "192.0.2.1:9180", "why.example.com"));
        assert!(!own(Some("https://why.example.com"), "0.0.0.0:9180", "192.0.2.1:9180", "x.why.example.com"));
    }

    #[test]
    fn what_another_page_sends_is_foreign() {
        let foreign = |fields: &[(&str, &str)]| {
            let fields = fields.iter().chain(&[("host", "localhost:9180")]);
            let pair =
                |(name, value): &(&str, &str)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
            is_foreign(&fields.map(pair).collect())
        };
        assert!(!foreign(&[]));
        assert!(!foreign(&[("sec-fetch-site", "none")]));
        assert!(!foreign(&[("origin", "http://LocalHost:9180"), ("sec-fetch-site", "same-origin")]));
        for wrong in [
            ("origin", "http://evil.example"),
            ("origin", "http://localhost:9181"),
            ("origin", "http://localhost"),
            ("origin", "null"),
            ("origin", ""),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "same-origin, none"),
        ] {
            assert!(foreign(&[wrong]), "{wrong:?}");
            assert!(foreign(&[("origin", "http://localhost:9180"), wrong]), "{wrong:?}");
        }
    }

    #[test]
    fn two_hosts_or_none_mean_nothing() {
        let settings = settings::Admin::default();
        let access = Access::new(&settings, SocketAddr::from(([127, 0, 0, 1], 9180)));
        let local = SocketAddr::from(([127, 0, 0, 1], 9180));
        let mut headers = HeaderMap::new();
        assert!(!access.is_own_host(&Uri::from_static("/"), &headers, local));
        headers.append(HOST, "localhost".parse().unwrap());
        assert!(access.is_own_host(&Uri::from_static("/"), &headers, local));
        assert!(!access.is_own_host(&Uri::from_static("http://evil.example/"), &headers, local));
        headers.append(HOST, "localhost".parse().unwrap());
        assert!(!access.is_own_host(&Uri::from_static("/"), &headers, local));
    }
}
