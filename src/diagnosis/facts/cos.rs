//! `cos.*`: which bucket, object and action the request is about.

use super::table::{Fact, Get, Kind, Source};
use super::{error, proxy, request};
use crate::cos::action::{self, Action, Target};
use crate::cos::endpoint::{Endpoint, HostKind, Location, decoded_key};

#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub kind: Option<HostKind>,
    pub location: Location,
    pub action: Option<Action>,
    pub resource: Option<String>,
}

impl Facts {
    /// By what was sent to COS, where coswhy rewrote it: the client's own host is no name of COS then.
    pub(super) fn of(request: &request::Facts, proxy: &proxy::Facts, error: &error::Facts) -> Self {
        let (path, query) = proxy.target(request);
        let named = proxy.host(request).and_then(|host| Endpoint::parse(without_port(host)));
        let mut kind = named.as_ref().map(|endpoint| endpoint.kind);
        let (endpoint, mut location) = match named.or_else(|| custom_domain(proxy)) {
            Some(endpoint) => {
                let location = endpoint.locate(path.unwrap_or("/"));
                (Some(endpoint), location)
            }
            None => {
                let (endpoint, location) = named_by_cos(error, path);
                kind = endpoint.as_ref().filter(|e| e.bucket.as_deref() != Some(UNTOLD)).map(|e| e.kind);
                (endpoint, location)
            }
        };
        let is_form = request.form.is_some();
        if let Some(form) = &request.form
            && let Some((_, key)) = form.iter().find(|(name, _)| name.eq_ignore_ascii_case("key"))
        {
            location.key = Some(key.clone());
        }
        let mut action = match (request.method.as_deref(), &endpoint, path) {
            (Some(method), Some(endpoint), Some(path)) => {
                action::action(method, endpoint, path, query, &request.headers.map, is_form)
            }
            _ => None,
        };
        if let (Some(batch), Some(endpoint)) = (&action, &endpoint)
            && batch.name == "name/cos:DeleteMultipleObjects"
            && let Some(key) = error.body.extra("Key")
        {
            // of the many that were to be deleted, COS looks at each as if it had been asked for alone
            let path = format!("{}/{key}", path.unwrap_or_default().trim_end_matches('/'));
            action = action::action("DELETE", endpoint, &path, None, &request.headers.map, false);
            location.key = Some(key.to_owned());
        }
        let target = action.as_ref().map_or(Target::Object, |action| action.target);
        let prefix = action.as_ref().and_then(|_| request.param("prefix"));
        let resource = action::resource(target, &location, prefix);
        Self { kind, location, action, resource }
    }
}

/// A custom domain is one bucket's: the operator may have said which.
fn custom_domain(proxy: &proxy::Facts) -> Option<Endpoint> {
    let bucket = proxy.bucket.as_deref()?;
    Some(Endpoint::of_bucket(bucket, proxy.region.as_deref()))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// What the error body's Resource tells where the request's own name is not known: `host/key` or `/key`. Where COS read
/// the path as a key, the name is a custom domain; of a path without a key it could be a website's as well.
fn named_by_cos(error: &error::Facts, path: Option<&str>) -> (Option<Endpoint>, Location) {
    let Some(resource) = error.body.resource.as_deref() else {
        return (None, Location::default());
    };
    let (host, key) = resource.split_once('/').unwrap_or((resource, ""));
    if let Some(endpoint) = Endpoint::parse(host) {
        let mut location = endpoint.locate(path.unwrap_or_default());
        if path.is_none() && endpoint.bucket.is_some() {
            location.key = Some(key).filter(|key| !key.is_empty()).map(str::to_owned);
        }
        return (Some(endpoint), location);
    }
    let is_path = path.and_then(|path| decoded_key(path.strip_prefix('/')?)).is_some_and(|path| path == key);
    let key = Some(key).filter(|key| (host.is_empty() || is_path) && !key.is_empty()).map(str::to_owned);
    (is_path.then(|| Endpoint::of_bucket(UNTOLD, None)), Location { key, ..Location::default() })
}

/// The bucket of a custom domain, which the request does not name.
const UNTOLD: &str = "";

const fn fact(name: &'static str, get: Get, kind: Kind, en: &'static str, zh: &'static str) -> Fact {
    Fact::new(name, get, kind, Source::Request, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact(
        "cos.bucket",
        Get::Text(|f| f.cos.location.bucket.as_deref()),
        Kind::Plain,
        "bucket, with its AppId",
        "存储桶",
    ),
    fact("cos.appid", Get::Text(|f| f.cos.location.appid.as_deref()), Kind::Plain, "AppId", "APPID"),
    fact("cos.region", Get::Text(|f| f.cos.location.region.as_deref()), Kind::Plain, "region", "地域"),
    fact(
        "cos.key",
        Get::Text(|f| f.cos.location.key.as_deref()),
        Kind::Free,
        "object key, decoded; not known for requests about a bucket",
        "对象键",
    ),
    fact(
        "cos.action",
        Get::Text(|f| f.cos.action.as_ref().map(|action| action.name)),
        Kind::Word,
        "action as policies name it, name/cos:…",
        "操作（action）",
    ),
    fact(
        "cos.host_kind",
        Get::Text(|f| f.cos.kind.map(HostKind::as_str)),
        Kind::Word,
        "kind of address: virtual-host, path-style, service, internal, accelerate, website, pic, ci, control, default-cdn or legacy-json; \
         not known for custom domains",
        "域名类型",
    ),
    fact(
        "cos.resource",
        Get::Text(|f| f.cos.resource.as_deref()),
        Kind::Free,
        "resource as policies name it, qcs::cos:…",
        "资源（qcs）",
    ),
];
