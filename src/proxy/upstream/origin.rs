//! Where the requests for a name are really sent: its own address by https, or the operator's choice.
//!
//! The first `[[route]]` that fits, else `upstream.url`, else the name itself, by https unless
//! `upstream.allowed_hosts` lists it with http. `upstream.connect_to` replaces the address in the last two, not in a
//! route: that has its own. Host is the same in all of them.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::dial::Dialer;
use super::outgoing_proxy::{OutgoingProxies, OutgoingProxy};
use super::route::Routes;
use super::tls::Trust;
use crate::config::Settings;
use crate::config::settings::Scheme;
use crate::proxy::address::Target;

/// One place to connect to. Connections are pooled by it, and equal is what may share them.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) tls: bool,
    /// The name for SNI and the certificate.
    pub(crate) name: Arc<str>,
    /// What is resolved and dialled.
    pub(crate) host: Arc<str>,
    pub(crate) port: u16,
    /// The operator named the address: the rules on resolved addresses do not apply.
    pub(crate) trusted: bool,
    /// The `[[route]]` that leads here, by its number: its CA and its timeouts hold.
    pub(super) route: Option<usize>,
    /// Which authorities are believed, and where connections may lead: what a reload makes stricter is dialled anew.
    pub(super) trust: Trust,
    pub(super) through: Option<Through>,
}

/// The outgoing proxy, and how it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Through {
    Tunnel(Arc<OutgoingProxy>),
    /// Each request names its origin, in absolute form.
    Absolute(Arc<OutgoingProxy>),
}

impl Origin {
    /// Without the route: its number may be another after a reload, and what counts of it is in the rest.
    fn key(&self) -> impl Hash + Eq + '_ {
        let Self { tls, name, host, port, trusted, route: _, trust, through } = self;
        (tls, name, host, port, trusted, trust, through)
    }
}

impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Origin {}

impl Hash for Origin {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl Through {
    pub(super) fn proxy(&self) -> &OutgoingProxy {
        match self {
            Self::Tunnel(proxy) | Self::Absolute(proxy) => proxy,
        }
    }
}

impl Origin {
    /// The scheme that requests go there by.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }

    /// The same, by a tunnel where the outgoing proxy would be asked for each request.
    pub(super) fn tunnelled(self) -> Self {
        let through = match self.through {
            Some(Through::Absolute(proxy)) => Some(Through::Tunnel(proxy)),
            through => through,
        };
        Self { through, ..self }
    }

    /// The origin of `http://HOST[:PORT]` or `https://HOST[:PORT]`.
    pub(super) fn of_url(url: &str) -> Option<Self> {
        let uri: http::Uri = url.parse().ok()?;
        let tls = match uri.scheme_str()? {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let authority = uri.authority()?;
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() || authority.as_str().contains('@') {
            return None;
        }
        let host: Arc<str> = Arc::from(authority.host().trim_start_matches('[').trim_end_matches(']'));
        let port = authority.port_u16().unwrap_or(own_port(tls));
        Some(Self {
            tls,
            name: Arc::clone(&host),
            host,
            port,
            trusted: true,
            route: None,
            trust: Trust::default(),
            through: None,
        })
    }

    /// A name's own address.
    fn of_name(name: &str, tls: bool) -> Self {
        let name: Arc<str> = Arc::from(name);
        let port = own_port(tls);
        Self {
            tls,
            host: Arc::clone(&name),
            name,
            port,
            trusted: false,
            route: None,
            trust: Trust::default(),
            through: None,
        }
    }
}

fn own_port(tls: bool) -> u16 {
    if tls { 443 } else { 80 }
}

/// How a request's target becomes an origin.
#[derive(Debug)]
pub(crate) struct Origins {
    routes: Routes,
    fixed: Option<Origin>,
    connect_to: Option<(Arc<str>, u16)>,
    proxies: OutgoingProxies,
    trust: Trust,
}

impl Origins {
    /// Reads `[[route]]`, `upstream.url`, `upstream.connect_to` and `upstream.proxy`; the sentence says what is
    /// wrong with them. `variable` looks an environment variable up.
    pub(crate) fn new(
        settings: &Settings,
        variable: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Self, String> {
        let upstream = &settings.upstream;
        let connect_to = match &upstream.connect_to {
            Some(text) => Some(
                host_port(text).ok_or_else(|| format!("upstream.connect_to: `{text}` is not HOST:PORT"))?,
            ),
            None => None,
        };
        let fixed = match &upstream.url {
            Some(url) => Some(Origin::of_url(url).ok_or_else(|| {
                format!("upstream.url: `{url}` is not http://HOST[:PORT] or https://HOST[:PORT]")
            })?),
            None => None,
        };
        let routes = Routes::new(&settings.route)?;
        let proxies = OutgoingProxies::new(upstream, variable)?;
        Ok(Self { routes, fixed, connect_to, proxies, trust: Trust::default() })
    }

    /// The same, as `dialer` believes them.
    pub(crate) fn trusted_by(mut self, dialer: &Dialer) -> Self {
        self.trust = dialer.trust(None);
        self.routes.trusted_by(dialer);
        self
    }

    /// Where a request for `target` goes whose path, as the client sent it, is `path`.
    pub(crate) fn origin(&self, target: &Target, path: &str) -> Origin {
        let mut origin = match self.routes.origin(target, path) {
            Some(origin) => origin.clone(),
            None => self.unrouted(target),
        };
        if let Some(proxy) = self.proxies.to(origin.tls, &origin.host, origin.port) {
            // A proxy puts the name in the target into Host: where they differ, only a tunnel keeps what was signed.
            let by_its_name = *origin.host == target.name && origin.port == 80;
            let proxy = Arc::clone(proxy);
            origin.through = Some(if !origin.tls && by_its_name {
                Through::Absolute(proxy)
            } else {
                Through::Tunnel(proxy)
            });
        }
        origin
    }

    fn unrouted(&self, target: &Target) -> Origin {
        let mut origin = self.fixed.clone().unwrap_or_else(|| {
            let tls = target.listed.scheme == Scheme::Https;
            Origin::of_name(&target.name, tls)
        });
        origin.trust = self.trust;
        if let Some((host, port)) = &self.connect_to {
            origin.host = Arc::clone(host);
            origin.port = *port;
            origin.trusted = true;
        }
        origin
    }

    /// Whether requests for `target` go to one place whatever their path.
    pub(crate) fn are_steady_for(&self, target: &Target) -> bool {
        target.is_steady() && !self.routes.look_at_path_of(target)
    }
}

fn host_port(text: &str) -> Option<(Arc<str>, u16)> {
    let (host, port) = text.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() {
        return None;
    }
    Some((Arc::from(host), port.parse().ok()?))
}
