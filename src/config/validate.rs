//! What one value's type cannot tell: how settings go together, and the syntax of addresses and names.

use std::net::{IpAddr, SocketAddr};

use super::problem::{ConfigError, Origin, Origins, Problem};
use super::settings::Settings;
use super::{Span, names};

/// Checks settings without touching the system; gives warnings about what works, but hardly as meant.
pub fn validate(settings: &Settings, origins: &Origins) -> Result<Vec<String>, ConfigError> {
    let mut check = Check { origins, problems: Vec::new() };
    check.exposure(settings);
    check.addresses(settings);
    check.allowed(settings);
    check.limits(settings);
    if check.problems.is_empty() {
        Ok(warnings(settings, origins))
    } else {
        Err(ConfigError::new(check.problems))
    }
}

struct Check<'a> {
    origins: &'a Origins,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn wrong(&mut self, key: &str, says: impl Into<String>) {
        let origin = self.origins.of(key);
        self.problems.push(Problem { origin, key: Some(key.into()), says: says.into() });
    }

    fn checked(&mut self, key: &str, result: Result<(), String>) {
        if let Err(says) = result {
            self.wrong(key, says);
        }
    }

    /// Who else can reach the two listeners.
    fn exposure(&mut self, settings: &Settings) {
        let Settings { listen, admin, upstream, .. } = settings;
        if !loopback(listen.ip()) && upstream.allowed_buckets.is_none() {
            self.wrong(
                "listen",
                format!(
                    "other machines can reach {listen}, and a bucket's policy may trust this machine's address: \
                     say in upstream.allowed_buckets which buckets they may ask for ([\"*\"] for any)"
                ),
            );
        }
        if !loopback(admin.listen.ip()) && admin.token.is_none() {
            self.wrong("admin.listen", format!("other machines can reach {}: set admin.token", admin.listen));
        }
        if clash(*listen, admin.listen) {
            // Told where it can be mended: at the one that was set.
            let (key, other) = match self.origins.of("admin.listen") {
                Origin::Default => ("listen", format!("admin.listen is on {}", admin.listen)),
                _ => ("admin.listen", format!("listen is on {listen}")),
            };
            self.wrong(key, format!("{other} already: choose another port"));
        }
        if let Some(token) = &admin.token
            && !token.reveal().bytes().all(|b| b.is_ascii_graphic())
        {
            self.wrong("admin.token", "a token is of ASCII letters, digits and signs, without spaces");
        }
    }

    fn addresses(&mut self, settings: &Settings) {
        if let Some(url) = &settings.upstream.url {
            self.checked("upstream.url", names::origin(url));
        }
        if let Some(address) = &settings.upstream.connect_to {
            self.checked("upstream.connect_to", names::host_and_port(address));
        }
        if let Some(url) = &settings.admin.public_url {
            self.checked("admin.public_url", names::public_url(url));
        }
    }

    fn allowed(&mut self, settings: &Settings) {
        for (n, host) in settings.upstream.allowed_hosts.iter().enumerate() {
            self.checked(&format!("upstream.allowed_hosts[{n}]"), names::allowed_host(&host.host));
        }
        let buckets = settings.upstream.allowed_buckets.as_deref();
        if buckets.is_some_and(<[_]>::is_empty) {
            self.wrong(
                "upstream.allowed_buckets",
                "an empty list allows no bucket: name some, or [\"*\"] for any",
            );
        }
        for (n, bucket) in buckets.unwrap_or_default().iter().enumerate() {
            self.checked(&format!("upstream.allowed_buckets[{n}]"), names::allowed_bucket(bucket));
        }
    }

    fn limits(&mut self, settings: &Settings) {
        const DAY: Span = Span::secs(24 * 60 * 60);
        let Settings { upstream, listener, .. } = settings;
        // Zero would refuse every request, or is said better by another setting.
        let at_least_something = [
            ("upstream.connect_timeout", upstream.connect_timeout),
            ("upstream.response_timeout", upstream.response_timeout),
            ("upstream.body_timeout", upstream.body_timeout),
            ("upstream.idle_timeout", upstream.idle_timeout),
            ("listener.header_timeout", listener.header_timeout),
            ("listener.idle_timeout", listener.idle_timeout),
            ("listener.body_timeout", listener.body_timeout),
            ("listener.send_timeout", listener.send_timeout),
        ];
        let any = [
            ("upstream.expect_timeout", upstream.expect_timeout),
            ("listener.drain_delay", listener.drain_delay),
            ("listener.drain_timeout", listener.drain_timeout),
            ("listener.queue_timeout", listener.queue_timeout),
        ];
        for (key, span) in at_least_something {
            if span == Span::secs(0) {
                let hint = if key == "upstream.idle_timeout" {
                    "; to keep no connections, set upstream.max_idle = 0"
                } else {
                    ""
                };
                self.wrong(key, format!("must be longer than nothing{hint}"));
            }
        }
        for (key, span) in at_least_something.into_iter().chain(any) {
            if span > DAY {
                self.wrong(key, format!("{span} is longer than a day; is the unit right?"));
            }
        }
        // hyper's smallest buffer for a head is 8 KiB.
        if !(8 * 1024..=1024 * 1024).contains(&listener.max_head.0) {
            self.wrong("listener.max_head", format!("{}: must be from 8KiB to 1MiB", listener.max_head));
        }
    }
}

fn warnings(settings: &Settings, origins: &Origins) -> Vec<String> {
    let Settings { admin, upstream, diagnosis, .. } = settings;
    let mut warnings = Vec::new();
    let mut warn = |key: &str, says: &str| warnings.push(format!("{}: {key}: {says}", origins.of(key)));
    if upstream.allow_private && upstream.allowed_hosts.is_empty() {
        warn("upstream.allow_private", "has no effect, for upstream.allowed_hosts is empty");
    }
    if upstream.ca_file.is_some() && upstream.url.as_deref().is_some_and(|url| url.starts_with("http:")) {
        warn("upstream.ca_file", "has no effect, for upstream.url is not https");
    }
    if admin.metrics == super::settings::MetricsAccess::Open && admin.token.is_none() {
        warn("admin.metrics", "has no effect, for there is no admin.token");
    }
    if !diagnosis.statuses.contains(&403) {
        warn("diagnosis.statuses", "lacks 403, so most refusals of COS are not explained");
    }
    warnings
}

fn loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

/// Whether the second socket cannot be bound beside the first.
fn clash(a: SocketAddr, b: SocketAddr) -> bool {
    let (x, y) = (a.ip().to_canonical(), b.ip().to_canonical());
    a.port() == b.port() && a.port() != 0 && (x == y || x.is_unspecified() || y.is_unspecified())
}
