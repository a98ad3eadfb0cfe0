//! `told.*`: what the text around a refusal says of its request, where it was pasted. Weaker than what was seen.

use std::sync::{Arc, OnceLock};

use super::Facts as All;
use super::table::{Fact, Get, Kind, Source};
use crate::cos::granted::Lack;
use crate::diagnosis::told::{Told, ToldKey};

#[derive(Debug, Default)]
pub(crate) struct Facts {
    told: Option<Arc<Told>>,
    /// Held against the request when a rule first asks.
    lack: OnceLock<Option<Lack>>,
}

impl Facts {
    pub(super) fn of(told: Option<&Arc<Told>>) -> Self {
        Self { told: told.cloned(), lack: OnceLock::new() }
    }

    pub(super) fn get(&self) -> Option<&Told> {
        self.told.as_deref()
    }

    fn key(&self) -> Option<&ToldKey> {
        self.get()?.key.as_ref()
    }

    /// What the quoted policy lacks of what the request needs.
    fn lack(&self, all: &All) -> Option<&Lack> {
        let policy = &self.get()?.policy;
        let lack = self.lack.get_or_init(|| {
            if policy.is_empty() {
                return None;
            }
            let names = all
                .cos
                .action
                .iter()
                .flat_map(|action| std::iter::once(action.name).chain(action.aliases.iter().copied()));
            policy.lack(&names.collect::<Vec<_>>(), all.cos.resource.as_deref())
        });
        lack.as_ref()
    }
}

const fn fact(name: &'static str, get: Get, kind: Kind, en: &'static str, zh: &'static str) -> Fact {
    Fact::new(name, get, kind, Source::Client, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact(
        "told.key",
        Get::Text(|f| f.told.key().map(|key| key.kind.as_str())),
        Kind::Word,
        "key of the request, by the text around it: temporary, permanent or none",
        "上下文所述的密钥类型",
    ),
    fact(
        "told.key_firm",
        Get::Bool(|f| f.told.key().map(|key| key.firm)),
        Kind::Plain,
        "code, a setting or a log says so, not a word of prose alone",
        "由代码、配置或日志表明，而非仅凭文字描述",
    ),
    fact(
        "told.key_words",
        Get::Text(|f| f.told.key().map(|key| key.words.as_str())),
        Kind::Free,
        "the words that say so",
        "上下文中的相关文字",
    ),
    fact(
        "told.acl",
        Get::Text(|f| f.told.get()?.acl.as_ref().map(|acl| acl.value.as_str())),
        Kind::Free,
        "ACL that the upload carries, by code or settings in the text around it",
        "上下文中上传所带的 ACL",
    ),
    fact(
        "told.acl_cured",
        Get::Bool(|f| f.told.get()?.acl.as_ref().map(|acl| acl.cured)),
        Kind::Plain,
        "the text says that it goes through without the ACL",
        "上下文表明不带 ACL 时可以成功",
    ),
    fact(
        "told.policy_lacks",
        Get::Text(|f| f.told.lack(f).map(|lack| lack.part)),
        Kind::Word,
        "what the policy quoted beside the request lacks: action, region, appid, bucket or prefix",
        "所引用的策略缺少的部分",
    ),
    fact(
        "told.policy_needs",
        Get::Text(|f| f.told.lack(f).map(|lack| lack.needs.as_str())),
        Kind::Free,
        "what the request needs there",
        "请求所需的内容",
    ),
    fact(
        "told.policy_has",
        Get::Text(|f| f.told.lack(f).map(|lack| lack.has.as_str())),
        Kind::Free,
        "what the policy has there",
        "策略中的内容",
    ),
];
