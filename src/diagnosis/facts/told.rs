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
    fact(
        "told.viewer",
        Get::Text(|f| f.told.get()?.way.viewer.as_deref()),
        Kind::Free,
        "words of a browser's XML viewer, so that a browser opened the address itself; not known where the text has a signature",
        "浏览器 XML 查看页面的文字，表明由浏览器直接打开地址；上下文中有签名时未知",
    ),
    fact(
        "told.opened",
        Get::Text(|f| f.told.get()?.way.opened.as_deref()),
        Kind::Free,
        "words that say that the address was opened in a browser or shown as an image; not known where the text has a signature",
        "表明在浏览器中打开地址或显示图片的文字；上下文中有签名时未知",
    ),
    fact(
        "told.cdn",
        Get::Text(|f| f.told.get()?.way.cdn.as_deref()),
        Kind::Free,
        "words that tell of a CDN before the bucket; not known where the text has a signature",
        "表明存储桶前有 CDN 的文字；上下文中有签名时未知",
    ),
    fact(
        "told.origin_auth_off",
        Get::Text(|f| f.told.get()?.way.origin_auth_off.as_deref()),
        Kind::Free,
        "words that say that the CDN does not sign what it asks of the bucket",
        "表明 CDN 未开启回源鉴权的文字",
    ),
    fact(
        "told.host_set",
        Get::Text(|f| f.told.get()?.way.host.as_deref()),
        Kind::Free,
        "words that say that a proxy on the way sets Host, or that another domain was signed",
        "表明途中的代理设置了 Host，或签名时使用了其他域名的文字",
    ),
    fact(
        "told.presigned_method",
        Get::Text(|f| f.told.get()?.signing.method.as_deref()),
        Kind::Plain,
        "method that the URL was pre-signed for, by the call in the text",
        "上下文中生成预签名 URL 时的请求方法",
    ),
    fact(
        "told.compared_equal",
        Get::Text(|f| f.told.get()?.signing.compared_equal.as_deref()),
        Kind::Free,
        "words that say that the signed strings were compared and are equal",
        "表明签名字符串核对一致的文字",
    ),
    fact(
        "told.param_changed",
        Get::Text(|f| f.told.get()?.signing.changed.as_deref()),
        Kind::Free,
        "words that say that a parameter of the URL was changed after it was signed",
        "表明签名之后修改了 URL 参数的文字",
    ),
    fact(
        "told.token_sent",
        Get::Text(|f| f.told.get()?.signing.token_sent.as_deref()),
        Kind::Free,
        "words that say that the security token is sent",
        "表明已发送安全令牌的文字",
    ),
];
