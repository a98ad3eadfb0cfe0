//! The second station: which COS endpoint does this request mean? Anything else is refused, never resolved and
//! never dialled: coswhy is not an open proxy.

mod allow;

use http::header::{HOST, HeaderMap, HeaderValue};
use http::{Method, StatusCode, Uri};

pub(crate) use allow::Allowed;

use super::reply::Fault;
use crate::cos::endpoint::{Endpoint, HostKind, Location};
use crate::observe::Outcome;

/// Where a request goes.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// What goes out as Host: the name as the client spelt it, with the port if there was one.
    pub(crate) host: HeaderValue,
    /// The name alone, in lower case.
    pub(crate) name: String,
    /// `None`: a custom domain.
    pub(crate) endpoint: Option<Endpoint>,
}

impl Target {
    /// The bucket, region and key that `path` means here.
    pub(crate) fn locate(&self, path: &str) -> Location {
        match &self.endpoint {
            Some(endpoint) => endpoint.locate(path),
            None => Location::default(),
        }
    }
}

/// The name that a request means, as it was written (RFC 9112, section 3.2.2: an absolute-form target's
/// authority replaces Host).
pub(crate) fn meant(uri: &Uri, headers: &HeaderMap) -> Result<HeaderValue, Fault> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() {
        return Err(Fault::bad_request("The request has more than one Host field."));
    }
    match (uri.authority(), host) {
        (Some(authority), _) => HeaderValue::try_from(authority.as_str())
            .map_err(|_| Fault::bad_request("The request's target has no usable host.")),
        (None, Some(host)) => Ok(host.clone()),
        (None, None) => Err(Fault::bad_request("The request has no Host field.")),
    }
}

impl Allowed {
    /// The endpoint that `host` names, if coswhy goes there.
    pub(crate) fn target(&self, host: HeaderValue, method: &Method, uri: &Uri) -> Result<Target, Fault> {
        let refused = |why: &str| refusal(method, uri, &host, why);
        if method == Method::CONNECT {
            return Err(refused(
                "https through CONNECT is not supported by this version: point the client at this proxy by plain \
                 http (to COS it is https all the same)",
            ));
        }
        if !uri.scheme_str().is_none_or(|scheme| scheme == "http" || scheme == "https") {
            return Err(refused("its scheme is neither http nor https"));
        }
        let text = host.to_str().map_err(|_| refused("it is not a host name"))?;
        let own_port = if uri.scheme_str() == Some("https") { "443" } else { "80" };
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
        if endpoint.is_none() && !self.is_listed_host(&name) {
            return Err(refused("it is not an address of COS, nor in upstream.allowed_hosts"));
        }
        Ok(Target { host, name, endpoint })
    }

    /// A copy reads its source by this machine's address as well.
    fn may_copy_from(&self, source: &HeaderValue) -> bool {
        let bucket = source.to_str().ok().and_then(copied_bucket);
        bucket.is_some_and(|bucket| self.is_allowed_bucket(&bucket))
    }

    /// Whether the bucket that this request is about, and the one it copies from, may be asked for.
    pub(crate) fn check_bucket(
        &self,
        target: &Target,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<(), Fault> {
        if self.any_bucket() {
            return Ok(());
        }
        let sources = COPY_SOURCES.iter().flat_map(|name| headers.get_all(*name));
        if !sources.into_iter().all(|source| self.may_copy_from(source)) {
            let why = "the bucket it copies from is not in upstream.allowed_buckets";
            return Err(refusal(method, uri, &target.host, why));
        }
        // A custom domain was listed by the operator, and is one bucket's.
        let Some(endpoint) = &target.endpoint else { return Ok(()) };
        let named = match (&endpoint.bucket, endpoint.kind) {
            (Some(bucket), _) => bucket.as_str(),
            // The raw segment: an escaped spelling of a name is refused, not decoded.
            (None, HostKind::PathStyle) => {
                uri.path().strip_prefix('/').and_then(|p| p.split('/').next()).unwrap_or("")
            }
            (None, _) => "",
        };
        let climbs = endpoint.bucket.is_none() && climbs_out(uri.path());
        if !named.is_empty() && !climbs && self.is_allowed_bucket(named) {
            return Ok(());
        }
        let why = if climbs {
            "its path leads out of the bucket that it names"
        } else if named.is_empty() {
            "it names no bucket, and upstream.allowed_buckets does not allow every bucket"
        } else {
            "its bucket is not in upstream.allowed_buckets"
        };
        Err(refusal(method, uri, &target.host, why))
    }
}

/// Where COS, and S3's protocol, name the object that is copied.
const COPY_SOURCES: [&str; 2] = ["x-cos-copy-source", "x-amz-copy-source"];

/// The bucket in `BUCKET-APPID.cos.REGION.myqcloud.com/KEY` or `/BUCKET-APPID/KEY`.
fn copied_bucket(source: &str) -> Option<String> {
    let source = source.trim().trim_start_matches("https://").trim_start_matches("http://");
    let (first, _) = source.trim_start_matches('/').split_once('/')?;
    match Endpoint::parse(first) {
        Some(endpoint) => endpoint.locate(source.split_once('/')?.1).bucket,
        None => Some(first.to_owned()),
    }
}

/// Whether a path-style target has so many `..` that a server that resolves them finds another bucket in it than
/// the one in front. In a key they may stand where they stay inside the bucket.
fn climbs_out(path: &str) -> bool {
    let path = path.replace("%2e", ".").replace("%2E", ".").replace("%2f", "/").replace("%2F", "/");
    let mut depth = 0_usize;
    path.split('/').any(|segment| {
        match segment {
            "" | "." => return false,
            ".." => depth = depth.saturating_sub(1),
            _ => {
                depth += 1;
                return false;
            }
        }
        depth == 0
    })
}

/// A host as it may be shown: without user info, which may hold a password.
pub(crate) fn shown(host: &HeaderValue) -> String {
    let host = host.as_bytes().rsplit(|b| *b == b'@').next().unwrap_or_default();
    String::from_utf8_lossy(host).chars().filter(|c| !c.is_control()).take(120).collect()
}

/// Origin-form: 421, the request came to the wrong place; a target with an authority: 403, it will not be
/// forwarded there.
fn refusal(method: &Method, uri: &Uri, host: &HeaderValue, why: &str) -> Fault {
    let asked_as_proxy = method == Method::CONNECT || uri.authority().is_some();
    let status = if asked_as_proxy { StatusCode::FORBIDDEN } else { StatusCode::MISDIRECTED_REQUEST };
    let message = format!("This proxy does not forward requests for \"{}\": {why}.", shown(host));
    Fault::new(status, "CoswhyAddressRefused", "http_request_denied", Outcome::AddressRefused, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_names_its_source_bucket_in_every_spelling() {
        let bucket = "photos-1250000000";
        for source in [
            "photos-1250000000.cos.ap-guangzhou.myqcloud.com/a%20b",
            "cos.ap-guangzhou.myqcloud.com/photos-1250000000/a",
            "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/a",
            "/photos-1250000000/a",
            "photos-1250000000/a?versionId=1",
        ] {
            assert_eq!(copied_bucket(source).as_deref(), Some(bucket), "{source}");
        }
        assert_eq!(copied_bucket("photos-1250000000"), None);
    }
}
