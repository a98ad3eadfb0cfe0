//! The proxy that coswhy's own requests go out through: `upstream.proxy`, or what the environment says.
//!
//! To an https origin, and to one whose address is not the name in Host, a tunnel leads (CONNECT, RFC 9110, section
//! 9.3.6). A request to an http origin by its own name goes to the proxy in absolute form (RFC 9112, section 3.2.2),
//! which names the very Host that the client signed. Names are resolved by the proxy, so the rules on resolved
//! addresses cannot hold there: whoever set the proxy trusts it.

mod connect;
mod environment;
mod no_proxy;

use std::sync::Arc;

use http::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use http::uri::{Authority, Scheme};
use http::{Request, Uri};

pub(super) use connect::{refused, tunnel};

use self::no_proxy::NoProxy;
use crate::config::settings;

/// One proxy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct OutgoingProxy {
    pub(super) host: String,
    pub(super) port: u16,
    /// Goes to the proxy and nowhere else; its `Debug` shows nothing.
    authorization: Option<HeaderValue>,
    /// The setting or the variable that names it.
    pub(super) named_by: &'static str,
}

/// Which proxy, if any, leads to an origin.
#[derive(Debug, Default)]
pub(super) struct OutgoingProxies {
    https: Option<Arc<OutgoingProxy>>,
    http: Option<Arc<OutgoingProxy>>,
    except: NoProxy,
}

impl OutgoingProxies {
    /// Reads `upstream.proxy`; `variable` looks an environment variable up. The sentence says what is wrong.
    pub(super) fn new(
        upstream: &settings::Upstream,
        variable: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Self, String> {
        let mut this = match upstream.proxy.as_deref() {
            None => return Ok(Self::default()),
            Some("env") => environment::read(variable)?,
            Some(url) => {
                let proxy = OutgoingProxy::parse("upstream.proxy", url)?;
                if proxy.authorization.is_some() {
                    return Err("upstream.proxy: user and password are not wanted here: they go into \
                                upstream.proxy_authorization"
                        .into());
                }
                let proxy = Arc::new(proxy);
                Self { https: Some(Arc::clone(&proxy)), http: Some(proxy), except: NoProxy::default() }
            }
        };
        if let Some(secret) = &upstream.proxy_authorization {
            let mut value = HeaderValue::try_from(secret.reveal())
                .map_err(|_| "upstream.proxy_authorization: it cannot stand in a header field")?;
            value.set_sensitive(true);
            for proxy in [&mut this.https, &mut this.http].into_iter().flatten() {
                *proxy = Arc::new(OutgoingProxy { authorization: Some(value.clone()), ..(**proxy).clone() });
            }
        }
        this.announce();
        Ok(this)
    }

    /// A variable may be set without anybody's remembering it: the log says what came of it.
    fn announce(&self) {
        for (scheme, proxy) in [("https", &self.https), ("http", &self.http)] {
            match proxy {
                Some(proxy) => tracing::info!(
                    proxy = proxy.address(),
                    named_by = proxy.named_by,
                    "{scheme} goes out through another proxy"
                ),
                None => tracing::info!("{scheme} goes out directly: no variable names a proxy for it"),
            }
        }
    }

    /// The proxy that leads to `host`, `port`, by https or http.
    pub(super) fn to(&self, tls: bool, host: &str, port: u16) -> Option<&Arc<OutgoingProxy>> {
        let proxy = if tls { &self.https } else { &self.http };
        proxy.as_ref().filter(|_| !self.except.covers(host, port))
    }
}

impl OutgoingProxy {
    /// Its address, as sentences name it.
    pub(super) fn address(&self) -> String {
        authority(&self.host, self.port)
    }

    /// Turns a request for an http origin into one for this proxy: absolute form, by the name in Host.
    pub(super) fn address_request<B>(&self, request: &mut Request<B>) -> Option<()> {
        let host = request.headers().get(HOST)?;
        let mut parts = request.uri().clone().into_parts();
        parts.scheme = Some(Scheme::HTTP);
        parts.authority = Some(Authority::try_from(host.as_bytes()).ok()?);
        *request.uri_mut() = Uri::from_parts(parts).ok()?;
        if let Some(authorization) = &self.authorization {
            request.headers_mut().insert(PROXY_AUTHORIZATION, authorization.clone());
        }
        Some(())
    }

    /// `http://HOST[:PORT]`, the scheme optional, with or without user info. No sentence here repeats the text, for
    /// it may hold a password.
    fn parse(named_by: &'static str, text: &str) -> Result<Self, String> {
        let wrong = || format!("{named_by}: expected http://HOST:PORT");
        let rest = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => rest,
            Some(_) => return Err(format!("{named_by}: only http:// leads to a proxy that coswhy can use")),
            None => text,
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (user, address) = match rest.rsplit_once('@') {
            Some((user, address)) => (Some(user), address),
            None => (None, rest),
        };
        let authority: Authority = address.parse().map_err(|_| wrong())?;
        let host = authority.host();
        let port = match authority.as_str().strip_prefix(host).unwrap_or_default() {
            "" => 80,
            // `authority.port()` would read a wrong port as none
            port => port.trim_start_matches(':').parse().ok().filter(|port| *port != 0).ok_or_else(wrong)?,
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(wrong());
        }
        Ok(Self { host: host.to_owned(), port, authorization: user.and_then(environment::basic), named_by })
    }
}

/// `HOST:PORT`, an IPv6 address in brackets.
pub(super) fn authority(host: &str, port: u16) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;

    fn proxies(proxy: &str, authorization: Option<&str>) -> Result<OutgoingProxies, String> {
        let upstream = settings::Upstream {
            proxy: Some(proxy.into()),
            proxy_authorization: authorization.map(|text| Secret::new(text.into())),
            ..settings::Upstream::default()
        };
        OutgoingProxies::new(&upstream, |_| None)
    }

    #[test]
    fn a_named_proxy_leads_everywhere() {
        let proxies = proxies("http://proxy.corp:3128/", None).unwrap();
        for tls in [true, false] {
            assert_eq!(proxies.to(tls, "localhost", 80).unwrap().address(), "proxy.corp:3128");
        }
        assert!(
            OutgoingProxies::new(&settings::Upstream::default(), |_| None)
                .unwrap()
                .to(true, "a", 1)
                .is_none()
        );
    }

    #[test]
    fn what_is_no_proxy_is_refused_and_no_password_repeated() {
        for wrong in
            ["http://", "http://:3128", "https://a:1", "socks5://a:1", "http://a:0", "http://a:x", "a:"]
        {
            assert!(proxies(wrong, None).unwrap_err().starts_with("upstream.proxy: "), "{wrong}");
        }
        for wrong in ["http://u:hunter2@a:1", "https://u:hunter2@a:1", "http://u:hunter2@a:99999"] {
            let says = proxies(wrong, None).unwrap_err();
            assert!(!says.contains("hunter2"), "{says}");
        }
        assert!(!proxies("http://a:1", Some("Basic hunter2\n")).unwrap_err().contains("hunter2"));
    }

    #[test]
    fn the_authorization_shows_itself_to_nobody() {
        let proxies = proxies("http://a:1", Some("Basic hunter2")).unwrap();
        assert!(!format!("{proxies:?}").contains("hunter2"));
    }

    #[test]
    fn an_absolute_form_names_the_host_byte_for_byte() {
        let proxies = proxies("http://a:1", Some("Basic x")).unwrap();
        let mut request = Request::get("/a%2fb//?x=%7e").header(HOST, "IMG.example.com:80").body(()).unwrap();
        proxies.to(false, "img.example.com", 80).unwrap().address_request(&mut request).unwrap();
        assert_eq!(request.uri().to_string(), "http://IMG.example.com:80/a%2fb//?x=%7e");
        assert_eq!(request.headers().get(PROXY_AUTHORIZATION).unwrap(), "Basic x");
    }
}
