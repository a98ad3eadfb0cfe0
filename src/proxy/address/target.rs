//! What the address station finds: where a request goes, and what of it has to be written anew for that.

use http::header::HeaderValue;
use http::uri::PathAndQuery;
use http::{StatusCode, Uri};

use crate::config::settings::Scheme;
use crate::cos::endpoint::{Endpoint, Location, appid_of, decoded_key};
use crate::observe::Outcome;
use crate::proxy::reply::Fault;

/// What `upstream.allowed_hosts` says of a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Listed {
    pub(crate) scheme: Scheme,
    pub(crate) bucket: Option<String>,
    pub(crate) region: Option<String>,
}

/// Where a request goes.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// The name that the client asked for, as it spelt it, with the port if there was one.
    pub(crate) asked: HeaderValue,
    /// What goes out as Host.
    pub(crate) host: HeaderValue,
    /// The name that goes out, alone and in lower case.
    pub(crate) name: String,
    /// What `name` says; `None`: a custom domain.
    pub(crate) endpoint: Option<Endpoint>,
    /// Path and query that go out where they are not the client's: path style became virtual-host style.
    pub(crate) target: Option<PathAndQuery>,
    /// Whether Host or path go out other than the client sent them.
    pub(crate) rewritten: bool,
    /// Whether the name that the client asked for leads here with every port: where clients sign it without.
    pub(crate) any_port: bool,
    /// Whether the name that the client asked for is coswhy's own, and no bucket's in the world outside.
    pub(crate) is_own: bool,
    /// What the operator says of a custom domain.
    pub(crate) listed: Listed,
    /// Whether other requests for the same name go to the same place, whatever their path.
    pub(super) steady: bool,
}

impl Target {
    /// A name that goes out as the client spelt it.
    pub(super) fn unchanged(
        asked: HeaderValue,
        name: String,
        endpoint: Option<Endpoint>,
        listed: Listed,
    ) -> Self {
        Self {
            host: asked.clone(),
            asked,
            name,
            endpoint,
            target: None,
            rewritten: false,
            any_port: true,
            is_own: false,
            listed,
            steady: true,
        }
    }

    /// `name` in place of what the client asked for; `None` where it is no name of COS, to which alone a
    /// rewritten request may go.
    pub(super) fn renamed(asked: HeaderValue, name: String) -> Option<Self> {
        let endpoint = Some(Endpoint::parse(&name)?);
        let host = HeaderValue::try_from(&name).ok()?;
        Some(Self {
            asked,
            host,
            name,
            endpoint,
            target: None,
            rewritten: true,
            any_port: false,
            is_own: true,
            listed: Listed::default(),
            steady: true,
        })
    }

    pub(crate) fn is_steady(&self) -> bool {
        self.steady
    }

    /// The bucket, region and key that a request with this path means here.
    pub(crate) fn locate(&self, path: &str) -> Location {
        let path = self.target.as_ref().map_or(path, PathAndQuery::path);
        match &self.endpoint {
            Some(endpoint) => endpoint.locate(path),
            None => Location {
                bucket: self.listed.bucket.clone(),
                appid: self.listed.bucket.as_deref().and_then(appid_of).map(str::to_owned),
                region: self.listed.region.clone(),
                key: decoded_key(path.strip_prefix('/').unwrap_or(path)),
            },
        }
    }
}

/// A request as far as this station looks at it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) uri: &'a Uri,
    pub(super) host: &'a HeaderValue,
    /// The client takes coswhy for a proxy, not for an origin server.
    pub(super) as_proxy: bool,
}

impl Asked<'_> {
    /// Origin-form: 421, the request came to the wrong place; a target that asks for a proxy: 403, it will not be
    /// forwarded there.
    pub(super) fn refused(self, why: &str) -> Fault {
        let status = if self.as_proxy { StatusCode::FORBIDDEN } else { StatusCode::MISDIRECTED_REQUEST };
        let message = format!("This proxy does not forward requests for \"{}\": {why}.", shown(self.host));
        Fault::new(status, "CoswhyAddressRefused", "http_request_denied", Outcome::AddressRefused, message)
    }
}

/// A host as it may be shown: without user info, which may hold a password.
pub(crate) fn shown(host: &HeaderValue) -> String {
    let host = host.as_bytes().rsplit(|b| *b == b'@').next().unwrap_or_default();
    String::from_utf8_lossy(host).chars().filter(|c| !c.is_control()).take(120).collect()
}
