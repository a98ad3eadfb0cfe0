//! The second station: which COS endpoint does this request mean? Anything else is refused, never resolved and
//! never dialled: coswhy is not an open proxy.

mod allow;
mod bucket;
mod connect;
mod map;
mod target;

use http::header::{HOST, HeaderValue};
use http::{Method, Version, request};

pub(crate) use connect::ConnectName;
pub(crate) use target::{Target, shown};

use self::allow::Allowed;
use self::map::Maps;
use self::target::Asked;
use super::listener::Entrance;
use super::reply::Fault;
use crate::config::Settings;
use crate::cos::endpoint::Endpoint;

/// The addresses that coswhy goes to, and what its own stand for.
#[derive(Debug)]
pub(crate) struct Addresses {
    allowed: Allowed,
    maps: Maps,
}

/// The name that a request means, as it was written (RFC 9112, section 3.2.2: an absolute-form target's
/// authority replaces Host).
pub(crate) fn meant(head: &request::Parts) -> Result<HeaderValue, Fault> {
    let mut hosts = head.headers.get_all(HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() {
        return Err(Fault::bad_request("The request has more than one Host field."));
    }
    match (head.uri.authority(), host) {
        (Some(_), None) if head.version == Version::HTTP_11 => {
            Err(Fault::bad_request("The request has no Host field (RFC 9112, section 3.2)."))
        }
        // RFC 9113, section 8.3.1
        (Some(authority), Some(host))
            if head.version == Version::HTTP_2
                && !host.as_bytes().eq_ignore_ascii_case(authority.as_str().as_bytes()) =>
        {
            Err(Fault::bad_request("The request's Host field says another host than its :authority."))
        }
        (Some(authority), _) => HeaderValue::try_from(authority.as_str())
            .map_err(|_| Fault::bad_request("The request's target has no usable host.")),
        (None, Some(host)) => Ok(host.clone()),
        (None, None) => Err(Fault::bad_request("The request has no Host field.")),
    }
}

impl Addresses {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self { allowed: Allowed::new(&settings.upstream), maps: Maps::new(&settings.map) }
    }

    /// Where a request for `host` that came in by `entrance` goes.
    pub(crate) fn target(
        &self,
        host: HeaderValue,
        head: &request::Parts,
        entrance: &Entrance,
    ) -> Result<Target, Fault> {
        let asked = asked(&host, head);
        if !head.uri.scheme_str().is_none_or(|scheme| scheme == "http" || scheme == "https") {
            return Err(asked.refused("its scheme is neither http nor https"));
        }
        let own_port = match head.uri.scheme_str() {
            Some("https") => "443",
            Some(_) => "80",
            None => entrance.own_port(),
        };
        // Inside a tunnel the client believes to speak with the server of the tunnel's name, and with no other.
        if let Entrance::Tunnel { name } = entrance {
            let target = self.by_name(asked, own_port)?;
            return if target.name == **name {
                Ok(target)
            } else {
                Err(asked.refused(&format!("the tunnel it came through was opened to {name}")))
            };
        }
        let own = self.maps.named(&host, own_port, &head.uri);
        let own = own.or_else(|| map::below_localhost(&host, &head.uri));
        let found = match own {
            Some(found) => found.map_err(|why| asked.refused(why)),
            None => self.by_name(asked, own_port).or_else(|refused| match self.maps.any(&host, &head.uri) {
                // A name that means something by itself is not what any other is, on whatever port.
                Some(found) if !self.is_taken(&host) => found.map_err(|why| asked.refused(why)),
                _ => Err(refused),
            }),
        };
        let any_port = || self.maps.any_port(&host, self.is_taken(&host));
        found.map(|target| Target { any_port: target.rewritten && any_port(), ..target })
    }

    /// Whether the name is one of COS or a listed one.
    fn is_taken(&self, host: &HeaderValue) -> bool {
        let name = host.to_str().map(|host| map::split_port(host).0.to_ascii_lowercase()).unwrap_or_default();
        Endpoint::parse(&name).is_some() || self.allowed.listed(&name).is_some()
    }

    /// The host itself, where it is a name of COS or a listed one, on its scheme's own port.
    fn by_name(&self, asked: Asked<'_>, own_port: &str) -> Result<Target, Fault> {
        let refused = |why: &str| asked.refused(why);
        let text = asked.host.to_str().map_err(|_| refused("it is not a host name"))?;
        let name = match text.rsplit_once(':') {
            Some((name, port)) if port == own_port => name,
            Some((_, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => {
                return Err(refused("it names another port than its scheme's own"));
            }
            Some(_) => return Err(refused("it is not a host name")),
            None => text,
        };
        let name = name.to_ascii_lowercase();
        let endpoint = Endpoint::parse(&name);
        let listed = self.allowed.listed(&name).cloned();
        if endpoint.is_none() && listed.is_none() {
            return Err(refused("it is not an address of COS, nor in upstream.allowed_hosts"));
        }
        Ok(Target::unchanged(asked.host.clone(), name, endpoint, listed.unwrap_or_default()))
    }

    /// Whether the bucket that this request is about, and the one it copies from, may be asked for.
    pub(crate) fn check_bucket(&self, target: &Target, head: &request::Parts) -> Result<(), Fault> {
        self.check_buckets(asked(&target.asked, head), target, &head.headers)
    }
}

fn asked<'a>(host: &'a HeaderValue, head: &'a request::Parts) -> Asked<'a> {
    let absolute = head.uri.authority().is_some() && head.version < Version::HTTP_2;
    Asked { uri: &head.uri, host, as_proxy: absolute || head.method == Method::CONNECT }
}
