//! `proxy.*`: what coswhy itself did to the request on its way to COS.

use super::table::{Fact, Get, Kind, Source};
use super::{auth, request};
use crate::cos::auth::{Place, Scheme};
use crate::diagnosis::exchange::{ProxyEvidence, ProxySigning};

#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Unknown where the exchange did not go through coswhy.
    pub rewritten: Option<bool>,
    pub host_sent: Option<String>,
    pub target_sent: Option<String>,
    pub signing: Option<ProxySigning>,
    /// Unknown where the exchange did not go through coswhy.
    pub copies_from_own_address: Option<bool>,
    /// Whose bucket the custom domain is, by the operator's word.
    pub bucket: Option<String>,
    pub region: Option<String>,
}

impl Facts {
    pub(super) fn of(proxy: Option<&ProxyEvidence>) -> Self {
        let Some(proxy) = proxy.cloned() else { return Self::default() };
        Self {
            rewritten: Some(proxy.host_sent.is_some() || proxy.target_sent.is_some()),
            host_sent: proxy.host_sent,
            target_sent: proxy.target_sent,
            signing: proxy.signing,
            copies_from_own_address: Some(proxy.copies_from_own_address),
            bucket: proxy.bucket,
            region: proxy.region,
        }
    }

    /// The Host that COS saw, as far as coswhy knows.
    pub(super) fn host<'a>(&'a self, request: &'a request::Facts) -> Option<&'a str> {
        self.host_sent.as_deref().or(request.host.as_deref())
    }

    /// The path and the query that COS saw, as far as coswhy knows.
    pub(super) fn target<'a>(&'a self, request: &'a request::Facts) -> (Option<&'a str>, Option<&'a str>) {
        match self.target_sent.as_deref() {
            Some(target) => {
                let (path, query) = target.split_once('?').unwrap_or((target, ""));
                (Some(path), Some(query))
            }
            None => (request.path.as_deref(), request.query.as_deref()),
        }
    }

    /// Whether the client's signature covers what was rewritten.
    fn covered(&self, auth: &auth::Facts) -> Option<bool> {
        if !self.rewritten? || auth.auth.place == Some(Place::Form) {
            return Some(false);
        }
        match auth.scheme? {
            Scheme::None => Some(false),
            // the path always, Host where it is listed
            Scheme::QSign | Scheme::SigV4 => Some(self.target_sent.is_some() || auth.auth.signs_host()),
            // bucket and key, which path style and virtual-host style spell alike
            Scheme::SigV2 if self.target_sent.is_some() => Some(false),
            Scheme::SigV2 | Scheme::Unknown | Scheme::Masked => None,
        }
    }
}

const fn fact(name: &'static str, get: Get, kind: Kind, en: &'static str, zh: &'static str) -> Fact {
    Fact::new(name, get, kind, Source::Proxy, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact(
        "proxy.rewritten",
        Get::Bool(|f| f.proxy.rewritten),
        Kind::Plain,
        "coswhy sent another Host or path to COS than the client had sent; not known where the request did not go through coswhy",
        "coswhy 改写了 Host 或路径",
    ),
    fact(
        "proxy.host_sent",
        Get::Text(|f| f.proxy.host_sent.as_deref()),
        Kind::Plain,
        "the Host that coswhy sent to COS, where it is not the client's",
        "coswhy 发往 COS 的 Host（与客户端不同时）",
    ),
    fact(
        "proxy.target_sent",
        Get::Text(|f| f.proxy.target_sent.as_deref()),
        Kind::Target,
        "the path and query that coswhy sent to COS, where they are not the client's",
        "coswhy 发往 COS 的路径（与客户端不同时）",
    ),
    fact(
        "proxy.signing",
        Get::Text(|f| f.proxy.signing.map(ProxySigning::as_str)),
        Kind::Word,
        "what became of the client's signature where coswhy rewrote Host or path: anew (verified, then signed anew), \
         not-signed, not-covered, no-key, does-not-verify, expired, chunk-signed, form, unsupported, host-not-signed, \
         port-not-signed, name-not-mapped or ambiguous",
        "改写后对客户端签名的处理",
    ),
    fact(
        "proxy.copies_from_own_address",
        Get::Bool(|f| f.proxy.copies_from_own_address),
        Kind::Plain,
        "the source of the copy is named by an address of coswhy's own, which COS does not know",
        "复制的源以 coswhy 自身的地址表示",
    ),
    fact(
        "proxy.covered",
        Get::Bool(|f| f.proxy.covered(&f.auth)),
        Kind::Plain,
        "the client's signature covers the Host or the path that coswhy rewrote",
        "客户端的签名包含被 coswhy 改写的 Host 或路径",
    ),
];
