//! Whether what a policy lists covers an action on a resource, as far as its text shows.
//!
//! Source: <https://www.tencentcloud.com/document/product/436/30580>, and the vendor's page on temporary keys:
//! <https://www.tencentcloud.com/document/product/436/14048>.

use crate::config::is_like;

/// What a policy names, without regard to its statements: what none of them names, none allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// `name/cos:…`, `*` where it says so.
    pub actions: Vec<String>,
    /// `qcs::cos:REGION:uid/APPID:BUCKET/PATH`, `*` where it says so.
    pub resources: Vec<String>,
    /// Prefixes of keys, as the vendor's STS SDKs take them.
    pub prefixes: Vec<String>,
}

/// What a policy lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// `action`, `region`, `appid`, `bucket` or `prefix`.
    pub part: &'static str,
    /// What the request needs there, and what the policy has.
    pub needs: String,
    pub has: String,
}

impl Named {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty() && self.resources.is_empty() && self.prefixes.is_empty()
    }

    /// The first thing that the policy lacks of what is needed: one of `actions`, on `resource`.
    #[must_use]
    pub fn lack(&self, actions: &[&str], resource: Option<&str>) -> Option<Lack> {
        let listed = |name: &str| self.actions.iter().any(|pattern| matches(pattern, name));
        if !self.actions.is_empty()
            && let Some(first) = actions.first()
            && !actions.iter().any(|name| listed(name))
        {
            let part = "action";
            return Some(Lack { part, needs: (*first).to_owned(), has: self.actions.join(", ") });
        }
        self.lacks_resource(resource?)
    }

    fn lacks_resource(&self, needed: &str) -> Option<Lack> {
        let parts = Parts::of(needed)?;
        if !self.resources.is_empty() && !self.resources.iter().any(|pattern| pattern == "*") {
            // the one that comes nearest tells what is wrong
            let given = self.resources.iter().filter_map(|pattern| Parts::of(pattern));
            let (_, lack) = given.map(|given| given.lack(&parts)).max_by_key(|(fits, _)| *fits)?;
            return lack;
        }
        let key = parts.path.trim_start_matches('/');
        let fits = |prefix: &String| matches(prefix.trim_start_matches('/'), key);
        (!self.prefixes.is_empty() && !key.is_empty() && !self.prefixes.iter().any(fits)).then(|| Lack {
            part: "prefix",
            needs: key.to_owned(),
            has: self.prefixes.join(", "),
        })
    }
}

/// A resource in its parts.
struct Parts<'a> {
    region: &'a str,
    appid: &'a str,
    bucket: &'a str,
    path: &'a str,
}

impl<'a> Parts<'a> {
    fn of(resource: &'a str) -> Option<Self> {
        let (region, rest) = resource.strip_prefix("qcs::cos:")?.split_once(':')?;
        let (owner, rest) = rest.split_once(':')?;
        let appid = owner.strip_prefix("uid/").unwrap_or("*");
        let (bucket, path) = rest.split_once('/').unwrap_or((rest, "*"));
        // an older form: prefix//APPID/BUCKET-WITHOUT-IT/KEY
        (bucket != "prefix").then_some(Self { region, appid, bucket, path })
    }

    /// How many parts fit, and the first that does not.
    fn lack(&self, needed: &Parts<'_>) -> (usize, Option<Lack>) {
        let free = |text: &str| text.is_empty() || text == "*";
        let pairs = [
            ("bucket", self.bucket, needed.bucket),
            ("appid", self.appid, needed.appid),
            ("region", self.region, needed.region),
            ("prefix", self.path, needed.path),
        ];
        let mut first = None;
        let mut fits = 0;
        for (part, given, needs) in pairs {
            // what the request does not show cannot be missed; only a path may be empty and mean it
            let covered = part != "prefix" && (free(given) || free(needs)) || matches(given, needs);
            if covered {
                fits += 1;
            } else if first.is_none() {
                first = Some(Lack { part, needs: needs.to_owned(), has: given.to_owned() });
            }
        }
        (fits, first)
    }
}

/// Whether `text` is what `pattern` means, in any case.
fn matches(pattern: &str, text: &str) -> bool {
    is_like(&pattern.to_ascii_lowercase(), &text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(actions: &[&str], resources: &[&str], prefixes: &[&str]) -> Named {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Named { actions: owned(actions), resources: owned(resources), prefixes: owned(prefixes) }
    }

    const NEEDED: &str = "qcs::cos:ap-tokyo:uid/1250000000:b-1250000000/avatars/42.png";

    #[test]
    fn what_is_lacking_is_named() {
        let put = ["name/cos:PutObject"];
        for (policy, part) in [
            (named(&["name/cos:GetObject"], &["*"], &[]), Some("action")),
            (named(&["name/cos:put*"], &["*"], &[]), None),
            (named(&[], &["qcs::cos:ap-tokyo:uid/1250000000:b-1250000000/*"], &[]), None),
            (named(&[], &["qcs::cos::uid/1250000000:b-1250000000/avatars/*.png"], &[]), None),
            (named(&[], &["qcs::cos:ap-tokyo:uid/125000000:b-1250000000/*"], &[]), Some("appid")),
            (named(&[], &["qcs::cos:ap-seoul:uid/1250000000:b-1250000000/*"], &[]), Some("region")),
            (named(&[], &["qcs::cos:ap-tokyo:uid/1250000000:c-1250000000/*"], &[]), Some("bucket")),
            (named(&[], &["qcs::cos:ap-tokyo:uid/1250000000:b-1250000000/uploads/*/*"], &[]), Some("prefix")),
            (named(&[], &[], &["uploads/*"]), Some("prefix")),
            (named(&[], &[], &["uploads/*", "/avatars/*"]), None),
            (named(&[], &[], &[]), None),
        ] {
            assert_eq!(policy.lack(&put, Some(NEEDED)).map(|lack| lack.part), part, "{policy:?}");
        }
    }
}
