//! What the operator allows beside COS's own names: custom domains, and which buckets.

use std::collections::HashMap;

use super::target::Listed;
use crate::config::is_bucket_like;
use crate::config::settings::Upstream;

/// The hosts and buckets that may be asked for.
#[derive(Debug)]
pub(crate) struct Allowed {
    exact: HashMap<String, Listed>,
    /// `.example.com` for `*.example.com`.
    suffixes: Vec<(String, Listed)>,
    /// `None`: any bucket.
    buckets: Option<Vec<String>>,
}

impl Allowed {
    pub(crate) fn new(upstream: &Upstream) -> Self {
        let (mut exact, mut suffixes) = (HashMap::new(), Vec::new());
        for allowed in &upstream.allowed_hosts {
            let host = allowed.host.to_ascii_lowercase();
            let listed = Listed {
                scheme: allowed.scheme,
                bucket: allowed.bucket.clone(),
                region: allowed.region.clone(),
            };
            match host.strip_prefix('*') {
                Some(suffix) => suffixes.push((suffix.to_owned(), listed)),
                None => drop(exact.entry(host).or_insert(listed)),
            }
        }
        let buckets = upstream.allowed_buckets.clone().filter(|globs| !globs.iter().any(|glob| glob == "*"));
        Self { exact, suffixes, buckets }
    }

    /// What the list says of a name; `None`: it is not in it.
    pub(super) fn listed(&self, name: &str) -> Option<&Listed> {
        let below = |suffix: &str| {
            name.strip_suffix(suffix).is_some_and(|label| !label.is_empty() && is_host_name(name))
        };
        let wildcard = || self.suffixes.iter().find(|(suffix, _)| below(suffix)).map(|(_, listed)| listed);
        self.exact.get(name).or_else(wildcard)
    }

    pub(super) fn any_bucket(&self) -> bool {
        self.buckets.is_none()
    }

    pub(super) fn is_allowed_bucket(&self, bucket: &str) -> bool {
        self.buckets.as_ref().is_none_or(|globs| globs.iter().any(|glob| is_bucket_like(glob, bucket)))
    }
}

/// Letters, digits, hyphens and single dots: nothing that a resolver could read as something else.
fn is_host_name(name: &str) -> bool {
    name.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::AllowedHost;

    fn is_listed(allowed: &Allowed, name: &str) -> bool {
        allowed.listed(name).is_some()
    }

    #[test]
    fn an_escaped_bucket_is_not_allowed_by_a_glob() {
        let buckets = Some(vec!["*-1250000000".to_owned()]);
        let allowed = Allowed::new(&Upstream { allowed_buckets: buckets, ..Upstream::default() });
        assert!(allowed.is_allowed_bucket("photos-1250000000"));
        assert!(!allowed.is_allowed_bucket("evil-1259999999%2Fkey-1250000000"));
        assert!(!allowed.is_allowed_bucket("%65vil-1250000000"));
    }

    #[test]
    fn a_wildcard_host_covers_names_below_it_alone() {
        let upstream = Upstream {
            allowed_hosts: ["*.Example.com", "cdn.test"]
                .map(|host| AllowedHost { host: host.into(), ..AllowedHost::default() })
                .into(),
            ..Upstream::default()
        };
        let allowed = Allowed::new(&upstream);
        assert!(is_listed(&allowed, "img.example.com"));
        assert!(is_listed(&allowed, "a.b.example.com"));
        assert!(is_listed(&allowed, "cdn.test"));
        assert!(!is_listed(&allowed, "example.com"));
        assert!(!is_listed(&allowed, "evilexample.com"));
        assert!(!is_listed(&allowed, "img@evil.example.com"));
        assert!(!is_listed(&allowed, "..example.com"));
        assert!(!is_listed(&allowed, "cdn.test.evil"));
    }
}
