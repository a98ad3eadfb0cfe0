//! `[[map]]`: hosts of coswhy itself, and what they stand for.

use super::Check;
use crate::config::is_bucket_like;
use crate::config::names::{bucket, host};
use crate::config::settings::{Map, Upstream};

impl Check<'_> {
    pub(super) fn maps(&mut self, maps: &[Map], upstream: &Upstream) {
        for (n, map) in maps.iter().enumerate() {
            let field = |name: &str| format!("map[{n}].{name}");
            self.checked(&field("host"), host::mapped_host(&map.host));
            self.checked(&field("region"), bucket::region(&map.region));
            if let Some(name) = &map.bucket {
                self.checked(&field("bucket"), bucket::bucket(name));
                let refused = |globs: &Vec<String>| !globs.iter().any(|glob| is_bucket_like(glob, name));
                if upstream.allowed_buckets.as_ref().is_some_and(refused) {
                    let says = "is not in upstream.allowed_buckets, so every request to it is refused";
                    self.warn(&field("bucket"), says);
                }
            }
            for (first, other) in maps.iter().take(n).enumerate() {
                if map.host.eq_ignore_ascii_case(&other.host) {
                    self.wrong(&field("host"), format!("the same as that of map[{first}]"));
                } else if host::split_port(&map.host).0.eq_ignore_ascii_case(&other.host) {
                    let says = format!("has no effect, for map[{first}] comes first and takes any port");
                    self.warn(&field("host"), says);
                }
            }
        }
    }
}
