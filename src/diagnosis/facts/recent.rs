//! `recent.*`: the request held against what the same caller got lately. A hint each: policies change in between, and not
//! everything was seen. What another client asked for is not repeated here, for this one may be a stranger.

use std::sync::OnceLock;

use super::Facts as All;
use super::table::{Fact, Get, Kind, Source};
use crate::diagnosis::recent::{Recent, RecentExchange, folder};

/// So many refusals, of more than one kind, before nothing at all seems allowed.
const ENOUGH: i64 = 3;

/// Compared when a rule first asks.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub recent: Option<Recent>,
    compared: OnceLock<Option<Compared>>,
}

/// Each is known where it holds, and not otherwise.
#[derive(Debug)]
struct Compared {
    refused: i64,
    allowed: i64,
    other_action: Option<&'static str>,
    elsewhere: Option<bool>,
    reads_alone: Option<bool>,
    writes_alone: Option<bool>,
    went_through: Option<bool>,
    other_clients: Option<bool>,
    nothing: Option<bool>,
}

impl Facts {
    pub(super) fn of(recent: Option<&Recent>) -> Self {
        Self { recent: recent.cloned(), ..Self::default() }
    }

    fn compared<'a>(&'a self, all: &All) -> Option<&'a Compared> {
        self.compared.get_or_init(|| Compared::new(self.recent.as_ref()?, all)).as_ref()
    }
}

impl Compared {
    fn new(recent: &Recent, all: &All) -> Option<Self> {
        let action = all.cos.action.as_ref()?.name;
        let location = &all.cos.location;
        let here = folder(location.key.as_deref().or_else(|| all.request.param("prefix")));
        let times = |allowed: bool| -> i64 {
            recent.exchanges.iter().filter(|e| e.allowed == allowed).map(|e| i64::from(e.times)).sum()
        };
        let (refused, allowed) = (times(false), times(true));
        let passed: Vec<&RecentExchange> =
            recent.exchanges.iter().filter(|e| e.allowed && e.bucket == location.bucket).collect();
        let the_same: Vec<_> = passed.iter().filter(|e| e.action == action && e.folder == here).collect();
        let others: Vec<_> = passed.iter().filter(|e| e.action != action).collect();
        let other = others.iter().find(|e| e.folder == here).or(others.first());
        let elsewhere = passed.iter().any(|e| e.action == action) && the_same.is_empty();
        let (reads, writes) =
            (passed.iter().any(|e| is_read(e.action)), passed.iter().any(|e| !is_read(e.action)));
        let same_client = the_same.iter().any(|e| Some(e.client) == recent.client);
        let kinds = recent.exchanges.iter().filter(|e| !e.allowed).count();
        let holds = |it: bool| it.then_some(true);
        Some(Self {
            refused,
            allowed,
            other_action: other.filter(|_| the_same.is_empty()).map(|e| e.action),
            elsewhere: holds(elsewhere),
            reads_alone: holds(!is_read(action) && reads && !writes),
            writes_alone: holds(is_read(action) && writes && !reads),
            went_through: holds(same_client),
            other_clients: holds(!the_same.is_empty() && !same_client),
            nothing: holds(allowed == 0 && refused >= ENOUGH && kinds > 1),
        })
    }
}

fn is_read(action: &str) -> bool {
    let name = action.strip_prefix("name/cos:").unwrap_or(action);
    ["Get", "Head", "List", "Options"].iter().any(|verb| name.starts_with(verb))
}

const fn fact(name: &'static str, get: Get, kind: Kind, en: &'static str, zh: &'static str) -> Fact {
    Fact::new(name, get, kind, Source::Proxy, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact(
        "recent.refused",
        Get::Int(|f| f.recent.compared(f).map(|c| c.refused)),
        Kind::Plain,
        "requests with the same SecretId (unsigned ones: to the same bucket) that were refused for lack of rights in the last \
         minutes, without this one",
        "近期同一 SecretId（未签名时为同一存储桶）因权限被拒绝的次数",
    ),
    fact(
        "recent.allowed",
        Get::Int(|f| f.recent.compared(f).map(|c| c.allowed)),
        Kind::Plain,
        "requests of the same caller that went through since it was first refused, as far as they were looked at",
        "近期同一调用者成功的次数",
    ),
    fact(
        "recent.other_action",
        Get::Text(|f| f.recent.compared(f)?.other_action),
        Kind::Word,
        "another action that went through for the same caller in this bucket",
        "同一调用者在此存储桶中成功的其他操作",
    ),
    fact(
        "recent.elsewhere",
        Get::Bool(|f| f.recent.compared(f)?.elsewhere),
        Kind::Plain,
        "the same action went through for the same caller under another prefix of the bucket: true or not known",
        "同一操作在其他前缀下成功",
    ),
    fact(
        "recent.reads_alone",
        Get::Bool(|f| f.recent.compared(f)?.reads_alone),
        Kind::Plain,
        "of the same caller in this bucket reads went through and no writes: true or not known",
        "读取成功而写入失败",
    ),
    fact(
        "recent.writes_alone",
        Get::Bool(|f| f.recent.compared(f)?.writes_alone),
        Kind::Plain,
        "of the same caller in this bucket writes went through and no reads: true or not known",
        "写入成功而读取失败",
    ),
    fact(
        "recent.went_through",
        Get::Bool(|f| f.recent.compared(f)?.went_through),
        Kind::Plain,
        "the same action under the same prefix went through for this very client a while ago: true or not known",
        "同一客户端的同一操作此前成功过",
    ),
    fact(
        "recent.other_clients",
        Get::Bool(|f| f.recent.compared(f)?.other_clients),
        Kind::Plain,
        "the same action under the same prefix went through from other client addresses alone: true or not known",
        "仅来自其他客户端地址的同一操作成功",
    ),
    fact(
        "recent.nothing",
        Get::Bool(|f| f.recent.compared(f)?.nothing),
        Kind::Plain,
        "several kinds of requests of the same caller were refused and none went through: true or not known",
        "近期多种请求均被拒绝，没有一次成功",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::exchange::{Exchange, Fields, ProxyEvidence, RequestEvidence};

    const HOST: &str = "photos-1250000000.cos.ap-x.myqcloud.com";

    fn event(allowed: bool, action: &'static str, folder: &str, client: u8) -> RecentExchange {
        RecentExchange {
            allowed,
            action,
            bucket: Some("photos-1250000000".to_owned()),
            folder: folder.to_owned(),
            client: [192, 0, 2, client].into(),
            times: 1,
        }
    }

    /// A request for `a/b/key` from the first client.
    fn facts(method: &str, exchanges: Vec<RecentExchange>) -> All {
        All::of(&Exchange {
            request: RequestEvidence {
                method: Some(method.to_owned()),
                host: Some(HOST.to_owned()),
                target: Some("/a/b/key".to_owned()),
                headers: Fields::all(http::HeaderMap::new()),
                ..RequestEvidence::default()
            },
            proxy: Some(ProxyEvidence {
                recent: Some(Recent { client: Some([192, 0, 2, 1].into()), exchanges }),
                ..ProxyEvidence::default()
            }),
            ..Exchange::default()
        })
    }

    /// The names of those that are known and true, with the other action.
    fn known(facts: &All) -> String {
        let names = FACTS.iter().filter_map(|fact| match fact.get {
            Get::Bool(get) => (get(facts) == Some(true)).then(|| fact.name.replace("recent.", "")),
            Get::Text(get) => get(facts).map(str::to_owned),
            _ => None,
        });
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_went_through_says_what_is_missing() {
        let (get, put) = ("name/cos:GetObject", "name/cos:PutObject");
        for (method, recent, says) in [
            ("GET", vec![event(true, get, "a/c", 1)], "elsewhere"),
            ("GET", vec![event(true, put, "a/b", 1)], "name/cos:PutObject writes_alone"),
            ("PUT", vec![event(true, get, "x", 1)], "name/cos:GetObject reads_alone"),
            ("PUT", vec![event(true, get, "x", 1), event(true, put, "x", 1)], "name/cos:GetObject elsewhere"),
            ("GET", vec![event(true, get, "a/b", 1)], "went_through"),
            ("GET", vec![event(true, get, "a/b", 2)], "other_clients"),
            ("GET", vec![event(false, get, "a/b", 1)], ""),
            ("GET", vec![], ""),
        ] {
            assert_eq!(known(&facts(method, recent.clone())), says, "{method} {recent:?}");
        }
    }

    #[test]
    fn nothing_at_all_takes_several_refusals_of_several_kinds() {
        let refused = |folder| event(false, "name/cos:GetObject", folder, 1);
        let often = RecentExchange { times: 9, ..refused("a") };
        assert_eq!(known(&facts("GET", vec![often.clone()])), "");
        assert_eq!(known(&facts("GET", vec![often.clone(), refused("b")])), "nothing");
        let one = event(true, "name/cos:HeadBucket", "", 1);
        assert!(!known(&facts("GET", vec![often, refused("b"), one])).contains("nothing"));
    }
}
