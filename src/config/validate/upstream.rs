//! `[upstream]`: which hosts and buckets may be asked for, and the way to them.

use super::Check;
use crate::config::is_bucket_like;
use crate::config::names::{bucket, host, url};
use crate::config::settings::{AllowedHost, Upstream};

impl Check<'_> {
    pub(super) fn upstream(&mut self, upstream: &Upstream) {
        if let Some(text) = &upstream.url {
            self.checked("upstream.url", url::origin(text));
        }
        if let Some(address) = &upstream.connect_to {
            self.checked("upstream.connect_to", host::host_and_port(address));
        }
        for (n, allowed) in upstream.allowed_hosts.iter().enumerate() {
            self.allowed_host(&format!("upstream.allowed_hosts[{n}]"), allowed, upstream);
        }
        self.allowed_buckets(upstream.allowed_buckets.as_deref());
        self.proxy(upstream);
        if upstream.allow_private && upstream.allowed_hosts.is_empty() {
            self.warn("upstream.allow_private", "has no effect, for upstream.allowed_hosts is empty");
        }
        if upstream.ca_file.is_some() && upstream.url.as_deref().is_some_and(|url| url.starts_with("http:")) {
            self.warn("upstream.ca_file", "has no effect, for upstream.url is not https");
        }
    }

    fn allowed_host(&mut self, key: &str, allowed: &AllowedHost, upstream: &Upstream) {
        let AllowedHost { host: name, scheme: _, bucket: behind, region } = allowed;
        let field = format!("{key}.host");
        // A bare text in the list is the host.
        self.checked(if self.origins.knows(&field) { &field } else { key }, host::custom_domain(name));
        if let Some(name) = behind {
            self.bucket(&format!("{key}.bucket"), name, upstream);
        }
        if let Some(name) = region {
            self.checked(&format!("{key}.region"), bucket::region(name));
        }
    }

    /// A bucket that requests to an address go to.
    pub(super) fn bucket(&mut self, key: &str, name: &str, upstream: &Upstream) {
        self.checked(key, bucket::bucket(name));
        let is_refused = |globs: &Vec<String>| !globs.iter().any(|glob| is_bucket_like(glob, name));
        if upstream.allowed_buckets.as_ref().is_some_and(is_refused) {
            self.warn(key, "is not in upstream.allowed_buckets, so every request to it is refused");
        }
    }

    fn allowed_buckets(&mut self, buckets: Option<&[String]>) {
        if buckets.is_some_and(<[_]>::is_empty) {
            self.wrong(
                "upstream.allowed_buckets",
                "an empty list allows no bucket: name some, or [\"*\"] for any",
            );
        }
        for (n, name) in buckets.unwrap_or_default().iter().enumerate() {
            self.checked(&format!("upstream.allowed_buckets[{n}]"), bucket::allowed_bucket(name));
        }
    }

    fn proxy(&mut self, upstream: &Upstream) {
        if let Some(text) = &upstream.proxy {
            self.checked("upstream.proxy", url::proxy(text));
        }
        let Some(secret) = &upstream.proxy_authorization else { return };
        // RFC 9110, section 11.6.2: a scheme, a space, credentials.
        let fits = secret.reveal().split_once(' ').is_some_and(|(scheme, credentials)| {
            let graphic = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
            graphic(scheme) && credentials.split(' ').all(graphic)
        });
        if !fits {
            let says =
                "expected the whole value of Proxy-Authorization, such as \"Basic dXNlcjpwYXNzd29yZA==\"";
            self.wrong("upstream.proxy_authorization", says);
        }
        if upstream.proxy.is_none() {
            self.warn("upstream.proxy_authorization", "has no effect, for there is no upstream.proxy");
        }
    }
}
