//! `[[map]]`: hosts of coswhy itself, and what they stand for.

use super::Check;
use crate::config::names::{bucket, host};
use crate::config::settings::{Map, Upstream};

impl Check<'_> {
    pub(super) fn maps(&mut self, maps: &[Map], upstream: &Upstream) {
        for (n, map) in maps.iter().enumerate() {
            let field = |name: &str| format!("map[{n}].{name}");
            self.checked(&field("host"), host::mapped_host(&map.host));
            self.checked(&field("region"), bucket::region(&map.region));
            if let Some(name) = &map.bucket {
                self.bucket(&field("bucket"), name, upstream);
            }
            if is_listed(&map.host, upstream) {
                let says = "is in upstream.allowed_hosts as well, and this entry comes first: such requests go where it \
                            leads";
                self.warn(&field("host"), says);
            }
            let before = maps.get(..n).unwrap_or_default();
            if let Some(first) = before.iter().position(|other| map.host.eq_ignore_ascii_case(&other.host)) {
                self.wrong(&field("host"), format!("the same as that of map[{first}]"));
            } else if let Some(first) = before.iter().position(|other| takes(other, map)) {
                let says = format!("has no effect, for map[{first}] comes first and takes any port");
                self.warn(&field("host"), says);
            } else if let Some(first) = before.iter().position(|other| is_confused(other, map)) {
                let says = format!(
                    "is the name of map[{first}] on another port, and leads elsewhere: clients that sign the name without its \
                     port cannot be told apart, so nothing signed that way is signed anew; give each address a name of its \
                     own"
                );
                self.warn(&field("host"), says);
            }
        }
    }
}

/// Whether requests for this host would go out as they came, were it not for the map: they do on a scheme's own port.
fn is_listed(mapped: &str, upstream: &Upstream) -> bool {
    let (name, port) = host::split_port(mapped);
    port.is_none_or(|port| matches!(port, "80" | "443"))
        && upstream.allowed_hosts.iter().any(|allowed| allowed.host.eq_ignore_ascii_case(name))
}

/// Whether an entry for any port leaves nothing to a later one.
fn takes(first: &Map, later: &Map) -> bool {
    host::split_port(&later.host).0.eq_ignore_ascii_case(&first.host)
}

/// Whether two entries are for one name and lead to different places.
fn is_confused(one: &Map, other: &Map) -> bool {
    let name = |map: &Map| host::split_port(&map.host).0.to_ascii_lowercase();
    name(one) == name(other) && (&one.region, &one.bucket) != (&other.region, &other.bucket)
}
