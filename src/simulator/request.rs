//! A request, with what it is about.

use http::request::Parts;
use http::{HeaderMap, Method, header};

use crate::cos::action::{self, Action};
use crate::cos::auth::Auth;
use crate::cos::endpoint::{Endpoint, HostKind, Location};

#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: Method,
    /// Path and query as sent.
    pub(super) target: String,
    pub(super) params: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    /// The name asked for, with its port if there was one.
    pub(super) host: String,
    pub(super) endpoint: Endpoint,
    pub(super) location: Location,
    pub(super) id: String,
}

impl Request {
    pub(super) fn new(parts: Parts, id: String) -> Self {
        let host = parts
            .uri
            .authority()
            .map(|authority| authority.as_str().to_owned())
            .or_else(|| Some(parts.headers.get(header::HOST)?.to_str().ok()?.to_owned()))
            .unwrap_or_default();
        let endpoint = endpoint(name_of(&host));
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
        let location = endpoint.locate(&target);
        let params =
            form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        Self { method: parts.method, target, params, headers: parts.headers, host, endpoint, location, id }
    }

    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(super) fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }

    /// A header that COS and S3 spell differently.
    pub(super) fn either(&self, name: &str) -> Option<&str> {
        self.header(&format!("x-cos-{name}")).or_else(|| self.header(&format!("x-amz-{name}")))
    }

    pub(super) fn bucket(&self) -> &str {
        self.location.bucket.as_deref().unwrap_or_default()
    }

    /// The object's key; empty for the bucket.
    pub(super) fn key(&self) -> &str {
        match (&self.location.key, self.endpoint.kind) {
            (Some(key), _) => key,
            (None, HostKind::Website) => "index.html",
            (None, _) => "",
        }
    }

    pub(super) fn is_form(&self) -> bool {
        self.method == Method::POST
            && self.header("content-type").is_some_and(|kind| kind.starts_with("multipart/form-data"))
    }

    pub(super) fn is_preflight(&self) -> bool {
        self.method == Method::OPTIONS
            && self.headers.contains_key(header::ORIGIN)
            && self.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
    }

    pub(super) fn auth(&self) -> Auth {
        Auth::from_request(&self.headers, self.query(), None)
    }

    pub(super) fn action(&self) -> Option<Action> {
        let method = self.method.as_str();
        action::action(method, &self.endpoint, self.path(), self.query(), &self.headers, self.is_form())
    }

    /// `host/key`, as errors give it: decoded, with a plus for a space.
    pub(super) fn resource(&self) -> String {
        format!("{}/{}", name_of(&self.host), self.key().replace(' ', "+"))
    }
}

/// A host's name without its port.
pub(super) fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Names under `localhost` are those under `myqcloud.com`, and any other name is taken for a path-style one, so
/// that clients can be pointed straight at the simulator.
fn endpoint(name: &str) -> Endpoint {
    let local = name.strip_suffix(".localhost").map(|name| format!("{name}.myqcloud.com"));
    Endpoint::parse(local.as_deref().unwrap_or(name)).unwrap_or(Endpoint {
        kind: HostKind::PathStyle,
        bucket: None,
        appid: None,
        region: None,
    })
}
