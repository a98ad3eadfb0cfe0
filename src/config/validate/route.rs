//! `[[route]]`: which requests, and where to.

use super::Check;
use crate::config::names::{bucket, host, url};
use crate::config::settings::Route;

impl Check<'_> {
    pub(super) fn routes(&mut self, routes: &[Route]) {
        for (n, route) in routes.iter().enumerate() {
            self.route(&format!("route[{n}]"), route);
        }
    }

    fn route(&mut self, own: &str, route: &Route) {
        match (&route.bucket, &route.host) {
            (Some(glob), None) => self.checked(&format!("{own}.bucket"), bucket::allowed_bucket(glob)),
            (None, Some(name)) => self.checked(&format!("{own}.host"), host::allowed_host(name)),
            (None, None) => self.wrong(own, "it needs bucket or host, to say which requests go there"),
            (Some(_), Some(_)) => self.wrong(own, "it takes one of bucket and host"),
        }
        self.checked(&format!("{own}.url"), url::origin(&route.url));
        if route.ca_file.is_some() && route.url.starts_with("http:") {
            self.warn(&format!("{own}.ca_file"), "has no effect, for its url is not https");
        }
        let times =
            [("connect_timeout", route.connect_timeout), ("response_timeout", route.response_timeout)];
        for (name, span) in times {
            if let Some(span) = span {
                self.some_time(&format!("{own}.{name}"), span);
            }
        }
    }
}
