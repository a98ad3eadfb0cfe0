//! Addresses of coswhy itself that stand for COS: `[[map]]` entries, and the names below `.localhost`, which browsers
//! resolve to this machine by themselves (RFC 6761, section 6.3).
//!
//! Whatever the client wrote, what comes out of here is a name of COS: [`Target::renamed`] makes no other.

use std::net::IpAddr;

use http::Uri;
use http::header::HeaderValue;
use http::uri::PathAndQuery;

use super::target::Target;
use crate::config::{is_of_cos, settings};
use crate::cos::endpoint::{Endpoint, HostKind};

const LOCAL: &str = ".localhost";
const DOMAIN: &str = "myqcloud.com";

/// The `[[map]]` entries.
#[derive(Debug)]
pub(super) struct Maps {
    entries: Vec<Entry>,
    /// The entry for `*`.
    any: Option<Meaning>,
}

#[derive(Debug)]
struct Entry {
    /// Without port, in lower case.
    name: String,
    /// `None`: any port.
    port: Option<String>,
    meaning: Meaning,
}

/// What an address of coswhy stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    /// This name of COS.
    Name(String),
    /// The buckets of this region; the path's first segment names one.
    Region(String),
}

impl Maps {
    pub(super) fn new(maps: &[settings::Map]) -> Self {
        let meaning = |map: &settings::Map| match &map.bucket {
            Some(bucket) => Meaning::Name(format!("{bucket}.cos.{}.{DOMAIN}", map.region)),
            None => Meaning::Region(map.region.clone()),
        };
        let entries = maps.iter().filter(|map| map.host != "*").map(|map| {
            let (name, port) = split_port(&map.host);
            Entry { name: name.to_ascii_lowercase(), port: port.map(str::to_owned), meaning: meaning(map) }
        });
        Self { entries: entries.collect(), any: maps.iter().find(|map| map.host == "*").map(meaning) }
    }

    /// What the entry for this very address says; `Some(Err)` where the request fits no bucket there.
    pub(super) fn named(
        &self,
        asked: &HeaderValue,
        own_port: &str,
        uri: &Uri,
    ) -> Option<Result<Target, &'static str>> {
        if self.entries.is_empty() {
            return None;
        }
        let (name, port) = split_port(asked.to_str().ok()?);
        let port = port.unwrap_or(own_port);
        let entry = self.entries.iter().find(|entry| {
            entry.name.eq_ignore_ascii_case(name) && entry.port.as_deref().is_none_or(|own| own == port)
        })?;
        Some(entry.meaning.target(asked, uri))
    }

    /// Whether an address is one of these, with any port, or below `.localhost`.
    pub(super) fn know(&self, host: &str) -> bool {
        let (name, _) = split_port(host);
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name)) || local(name).is_some()
    }

    /// Whether every port of a name leads to the same place. Many clients sign the name alone: what they signed for one
    /// port would hold for all. `taken`: something that is no entry knows the name.
    pub(super) fn any_port(&self, asked: &HeaderValue, taken: bool) -> bool {
        let Ok(host) = asked.to_str() else { return false };
        let (name, _) = split_port(host);
        let mut entries = self.entries.iter().filter(|entry| entry.name.eq_ignore_ascii_case(name));
        let Some(first) = entries.next() else { return true };
        let mut whole = first.port.is_none();
        for entry in entries {
            if entry.meaning != first.meaning {
                return false;
            }
            whole |= entry.port.is_none();
        }
        let elsewhere =
            || local(name).or_else(|| self.any.clone()).is_none_or(|other| other == first.meaning);
        whole || (!taken && elsewhere())
    }

    /// What the entry for `*` says of an address that nothing else knows. Names of COS's domains are no such: what they
    /// mean is COS's to say, also where coswhy does not know it.
    pub(super) fn any(&self, asked: &HeaderValue, uri: &Uri) -> Option<Result<Target, &'static str>> {
        let any = self.any.as_ref()?;
        let name = split_port(asked.to_str().ok()?).0.trim_end_matches('.').to_ascii_lowercase();
        let target = (!is_of_cos(&name)).then(|| any.target(asked, uri))?;
        Some(target.map(|target| Target { is_own: is_private(&name), ..target }))
    }
}

/// Domains in which no name is anybody's outside: RFC 6761, RFC 6762, RFC 8375, ICANN's resolution of 2024-07-29, and
/// what Kubernetes calls services.
const PRIVATE_DOMAINS: [&str; 6] = ["localhost", "local", "home.arpa", "internal", "test", "svc"];

fn is_in_private_domain(name: &str) -> bool {
    PRIVATE_DOMAINS.iter().any(|domain| {
        name.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}

/// Whether a name, in lower case, can be no bucket's custom domain: an IP address, a name without dots, or one of a
/// private domain.
fn is_private(name: &str) -> bool {
    let is_address = name.parse::<IpAddr>().is_ok() || name.starts_with('[');
    is_address || !name.contains('.') || is_in_private_domain(name)
}

/// `NAME.localhost` with any port stands for `NAME.myqcloud.com`.
pub(super) fn below_localhost(asked: &HeaderValue, uri: &Uri) -> Option<Result<Target, &'static str>> {
    let (name, _) = split_port(asked.to_str().ok()?);
    Some(local(name)?.target(asked, uri))
}

fn local(name: &str) -> Option<Meaning> {
    let name = name.to_ascii_lowercase();
    let name = format!("{}.{DOMAIN}", name.strip_suffix(LOCAL)?);
    let endpoint = Endpoint::parse(&name)?;
    Some(match (endpoint.kind, endpoint.region) {
        (HostKind::PathStyle, Some(region)) => Meaning::Region(region),
        _ => Meaning::Name(name),
    })
}

impl Meaning {
    fn target(&self, asked: &HeaderValue, uri: &Uri) -> Result<Target, &'static str> {
        match self {
            Self::Name(name) => Target::renamed(asked.clone(), name.clone()).ok_or(NO_BUCKET),
            Self::Region(region) => path_style(asked, region, uri),
        }
    }
}

const NO_BUCKET: &str = "its path does not begin with the name of a bucket";

/// `/BUCKET-APPID/key?query` as `/key?query` of that bucket's own name, byte for byte; `/` lists the account's buckets.
fn path_style(asked: &HeaderValue, region: &str, uri: &Uri) -> Result<Target, &'static str> {
    let path = uri.path().strip_prefix('/').unwrap_or_default();
    if path.is_empty() {
        let service = Target::renamed(asked.clone(), format!("service.cos.{DOMAIN}")).ok_or(NO_BUCKET)?;
        return Ok(Target { steady: false, ..service });
    }
    let (bucket, rest) = path.split_once('/').unwrap_or((path, ""));
    // An escaped spelling would be another name once it is decoded.
    if !bucket.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return Err(NO_BUCKET);
    }
    let target =
        Target::renamed(asked.clone(), format!("{bucket}.cos.{region}.{DOMAIN}")).ok_or(NO_BUCKET)?;
    let rest = match uri.query() {
        Some(query) => format!("/{rest}?{query}"),
        None => format!("/{rest}"),
    };
    let rest = PathAndQuery::try_from(rest).map_err(|_| NO_BUCKET)?;
    Ok(Target { target: Some(rest), steady: false, ..target })
}

/// A host and its port, if it has one. An IPv6 literal stands in brackets.
pub(super) fn split_port(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => {
            (name, Some(port))
        }
        _ => (host, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maps(entries: &[(&str, Option<&str>)]) -> Maps {
        let map = |(host, bucket): &(&str, Option<&str>)| settings::Map {
            host: (*host).into(),
            region: "ap-x".into(),
            bucket: bucket.map(str::to_owned),
        };
        Maps::new(&entries.iter().map(map).collect::<Vec<_>>())
    }

    fn went_to(found: Option<Result<Target, &'static str>>) -> Option<(String, Option<String>)> {
        found?.ok().map(|t| (t.name, t.target.map(|target| target.to_string())))
    }

    fn named(maps: &Maps, host: &str, uri: &str) -> Option<(String, Option<String>)> {
        went_to(maps.named(&HeaderValue::try_from(host).unwrap(), "80", &uri.parse().unwrap()))
    }

    fn local(host: &str, uri: &str) -> Option<(String, Option<String>)> {
        went_to(below_localhost(&HeaderValue::try_from(host).unwrap(), &uri.parse().unwrap()))
    }

    #[test]
    fn an_entry_holds_for_its_host_and_its_port_if_it_names_one() {
        let maps = maps(&[
            ("127.0.0.1:8080", Some("a-1250000000")),
            ("Files.internal", Some("b-1250000000")),
            ("[::1]:80", Some("c-1250000000")),
        ]);
        let to = |host| named(&maps, host, "/key").map(|(name, _)| name);
        assert_eq!(to("127.0.0.1:8080").as_deref(), Some("a-1250000000.cos.ap-x.myqcloud.com"));
        assert_eq!(to("files.INTERNAL").as_deref(), Some("b-1250000000.cos.ap-x.myqcloud.com"));
        assert_eq!(to("files.internal:9000").as_deref(), Some("b-1250000000.cos.ap-x.myqcloud.com"));
        assert_eq!(to("[::1]").as_deref(), Some("c-1250000000.cos.ap-x.myqcloud.com"));
        for host in [
            "127.0.0.1",
            "127.0.0.1:80",
            "127.0.0.1:8081",
            "evil.example",
            "files.internal.",
            "x@files.internal",
        ] {
            assert_eq!(to(host), None, "{host}");
        }
    }

    #[test]
    fn a_name_is_one_place_where_no_port_of_it_leads_elsewhere() {
        let (a, b) = (Some("a-1250000000"), Some("b-1250000000"));
        let one = |entries: &[(&str, Option<&str>)], host: &'static str, taken| {
            maps(entries).any_port(&HeaderValue::from_static(host), taken)
        };
        assert!(one(&[], "b-1250000000.cos.ap-x.localhost:8080", false));
        assert!(one(&[("files:8080", a)], "FILES:8080", false));
        assert!(!one(&[("files:8080", a)], "files:8080", true));
        assert!(one(&[("files", a)], "files:8080", true));
        assert!(one(&[("files:8080", a), ("files:8081", a), ("other", b)], "files:8080", false));
        assert!(!one(&[("files:8080", a), ("files:8081", b)], "files:8080", false));
        assert!(!one(&[("files:8080", a), ("files", None)], "files:9", false));
        assert!(!one(&[("files:8080", a), ("*", b)], "files:8080", false));
        assert!(!one(&[("files:8080", a), ("*", b)], "files:9", false));
        assert!(one(&[("files:8080", a), ("*", b)], "other:9", false));
        assert!(!one(&[("cos.ap-x.localhost:8080", a)], "cos.ap-x.localhost:8080", false));
    }

    #[test]
    fn path_style_becomes_virtual_host_style_byte_for_byte() {
        let maps = maps(&[("127.0.0.1", None)]);
        for (uri, target) in [
            ("/b-1250000000/a%20b/%e4%B8%ad//c/../d?x=%2F&y", "/a%20b/%e4%B8%ad//c/../d?x=%2F&y"),
            ("/b-1250000000?list-type=2", "/?list-type=2"),
            ("/b-1250000000", "/"),
            ("/b-1250000000/", "/"),
            ("/b-1250000000//a?", "//a?"),
            ("http://127.0.0.1/b-1250000000/k", "/k"),
        ] {
            let want = Some(("b-1250000000.cos.ap-x.myqcloud.com".into(), Some(target.into())));
            assert_eq!(named(&maps, "127.0.0.1", uri), want, "{uri}");
        }
        assert_eq!(
            named(&maps, "127.0.0.1", "/?x-id=ListBuckets"),
            Some(("service.cos.myqcloud.com".into(), None))
        );
    }

    #[test]
    fn what_names_no_bucket_goes_nowhere() {
        let maps = maps(&[("127.0.0.1", None)]);
        for uri in [
            "//key",
            "/%62-1250000000/k",
            "/../k",
            "/B-1250000000/k",
            "/a.b/k",
            "/b_1/k",
            "/-b/k",
            "/evil.com%2f/k",
        ] {
            assert!(
                maps.named(&HeaderValue::from_static("127.0.0.1"), "80", &uri.parse().unwrap())
                    .unwrap()
                    .is_err(),
                "{uri}"
            );
        }
    }

    /// The world outside may know them as something else.
    #[test]
    fn what_any_stands_for_may_be_anybodys_name() {
        let maps = maps(&[("*", Some("a-1250000000"))]);
        let own =
            |host| Some(maps.any(&HeaderValue::from_static(host), &Uri::from_static("/k"))?.unwrap().is_own);
        for host in [
            "127.0.0.1:8080",
            "[::1]",
            "localhost",
            "coswhy:80",
            "cos.default.svc",
            "a.cluster.local",
            "COS.INTERNAL.",
        ] {
            assert_eq!(own(host), Some(true), "{host}");
        }
        for host in ["img.example.com", "img.example.com:8080", "notlocal.example"] {
            assert_eq!(own(host), Some(false), "{host}");
        }
        for host in [
            "b-1250000000.cos.ap-x.myqcloud.com.",
            "b-1250000000.image.myqcloud.com",
            "MYQCLOUD.com:80",
            "x.tencentcos.cn",
        ] {
            assert_eq!(own(host), None, "{host}");
        }
    }

    #[test]
    fn names_below_localhost_are_those_of_cos() {
        assert_eq!(
            local("b-1250000000.cos.ap-x.localhost:8080", "/k"),
            Some(("b-1250000000.cos.ap-x.myqcloud.com".into(), None))
        );
        assert_eq!(
            local("COS.ap-x.LOCALHOST", "/b-1250000000/k"),
            Some(("b-1250000000.cos.ap-x.myqcloud.com".into(), Some("/k".into())))
        );
        assert_eq!(local("service.cos.localhost:1", "/"), Some(("service.cos.myqcloud.com".into(), None)));
        for host in [
            "localhost",
            "localhost:8080",
            "evil.localhost",
            "cos.ap-x.localhost.evil.com",
            "b.cos.ap-x.localhost.",
        ] {
            assert_eq!(local(host, "/b-1250000000/k"), None, "{host}");
        }
    }
}
