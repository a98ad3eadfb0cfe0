//! `[[route]]`: which requests go to another origin, by the bucket that they mean or by the host.

use super::dial::Dialer;
use super::origin::Origin;
use crate::config::{is_bucket_like, settings};
use crate::cos::endpoint::HostKind;
use crate::proxy::address::Target;

/// The routes in their order.
#[derive(Debug)]
pub(super) struct Routes(Vec<Route>);

#[derive(Debug)]
struct Route {
    bucket: Option<String>,
    host: Option<Host>,
    origin: Origin,
}

#[derive(Debug)]
enum Host {
    Exact(String),
    /// `.example.com` for `*.example.com`.
    Below(String),
}

impl Routes {
    pub(super) fn new(routes: &[settings::Route]) -> Result<Self, String> {
        routes
            .iter()
            .enumerate()
            .map(|(number, route)| Route::new(number, route))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub(super) fn trusted_by(&mut self, dialer: &Dialer) {
        for (number, route) in self.0.iter_mut().enumerate() {
            route.origin.trust = dialer.trust(Some(number));
        }
    }

    /// The origin of the first route that fits.
    pub(super) fn origin(&self, target: &Target, path: &str) -> Option<&Origin> {
        if self.0.is_empty() {
            return None;
        }
        let bucket = bucket(target, path);
        self.0.iter().find(|route| route.fits(&target.name, bucket)).map(|route| &route.origin)
    }

    /// Whether the bucket that a route asks for is in the path.
    pub(super) fn look_at_path_of(&self, target: &Target) -> bool {
        is_path_style(target) && self.0.iter().any(|route| route.bucket.is_some())
    }
}

fn is_path_style(target: &Target) -> bool {
    target.endpoint.as_ref().is_some_and(|endpoint| endpoint.kind == HostKind::PathStyle)
}

/// The bucket that a request means. In a path it is the raw segment: an escaped spelling fits no route.
fn bucket<'a>(target: &'a Target, path: &'a str) -> Option<&'a str> {
    if is_path_style(target) {
        return path.strip_prefix('/')?.split('/').next().filter(|segment| !segment.is_empty());
    }
    match &target.endpoint {
        Some(endpoint) => endpoint.bucket.as_deref(),
        None => target.listed.bucket.as_deref(),
    }
}

impl Route {
    fn new(number: usize, route: &settings::Route) -> Result<Self, String> {
        let origin = Origin::of_url(&route.url).ok_or_else(|| {
            format!("route[{number}].url: `{}` is not http://HOST[:PORT] or https://HOST[:PORT]", route.url)
        })?;
        if route.bucket.is_none() && route.host.is_none() {
            return Err(format!("route[{number}]: it says neither by bucket nor by host what goes there"));
        }
        let host = route.host.as_ref().map(|host| {
            let host = host.to_ascii_lowercase();
            match host.strip_prefix('*') {
                Some(below) => Host::Below(below.to_owned()),
                None => Host::Exact(host),
            }
        });
        Ok(Self { bucket: route.bucket.clone(), host, origin: Origin { route: Some(number), ..origin } })
    }

    fn fits(&self, name: &str, bucket: Option<&str>) -> bool {
        let host_fits = self.host.as_ref().is_none_or(|host| match host {
            Host::Exact(own) => own == name,
            Host::Below(suffix) => name.len() > suffix.len() && name.ends_with(suffix.as_str()),
        });
        let bucket_fits =
            self.bucket.as_ref().is_none_or(|glob| bucket.is_some_and(|bucket| is_bucket_like(glob, bucket)));
        host_fits && bucket_fits
    }
}
