//! `signature.*`: the string that COS computed (FormatString), held against the request as it was sent: by the client,
//! or with the Host and path that coswhy put in place of the client's. And what the client signed, where its SecretKey
//! is at hand to try.
//!
//! Source: <https://www.tencentcloud.com/document/product/436/7778>. Where the two are the same, nothing between the
//! sender and COS changed the request.

mod comparison;
mod tried;

use std::sync::OnceLock;

use super::Facts as All;
use super::table::{Fact, Get, Kind, Source};
use crate::config::Keys;
use crate::diagnosis::exchange::Exchange;
use crate::diagnosis::forensics::{Guess, Row, Tried};
use comparison::Comparison;

#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Compared when a rule first asks.
    comparison: OnceLock<Comparison>,
    /// `None`: the SecretKey is not at hand.
    tried: Option<Tried>,
}

impl Facts {
    /// Tries what the client signed, where COS says that its signature is not the request's.
    pub(super) fn with_keys(keys: &Keys, exchange: &Exchange, all: &All) -> Self {
        Self { comparison: OnceLock::new(), tried: tried::search(keys, exchange, all) }
    }

    fn of<'a>(&'a self, all: &All) -> &'a Comparison {
        self.comparison.get_or_init(|| Comparison::new(all))
    }

    fn guess(&self) -> Option<&Guess> {
        match &self.tried {
            Some(Tried::Found(guess)) => Some(guess),
            _ => None,
        }
    }

    /// What was signed beside what COS computed, where they are known to differ.
    pub(crate) fn rows(&self, all: &All) -> Vec<Row> {
        match self.guess() {
            Some(guess) => guess.row().into_iter().collect(),
            None => self.of(all).rows.clone(),
        }
    }
}

/// What coswhy found out by trying.
const fn word(name: &'static str, get: Get, en: &'static str, zh: &'static str) -> Fact {
    Fact::new(name, get, Kind::Word, Source::Proxy, en, zh)
}

const fn fact(name: &'static str, get: Get, source: Source, en: &'static str, zh: &'static str) -> Fact {
    Fact::new(name, get, Kind::Free, source, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact(
        "signature.same",
        Get::Bool(|f| f.signature.of(f).same),
        Source::Response,
        "the string that COS computed is that of the request as it was sent (by coswhy, where that rewrote it), so that only the signer's own computation or its key is left",
        "COS 计算的字符串与发出的请求一致",
    ),
    Fact::new(
        "signature.differs_in",
        Get::Text(|f| f.signature.of(f).differs_in),
        Kind::Word,
        Source::Response,
        "first part in which COS's string is not that of the request as sent: method, path, params, host or headers",
        "COS 计算的字符串与请求首个不同的部分",
    ),
    fact(
        "signature.changed_header",
        Get::Text(|f| f.signature.of(f).changed_header.as_deref()),
        Source::Response,
        "first signed header whose value reached COS otherwise than it was sent",
        "到达 COS 时与发出时不同的已签名请求头",
    ),
    fact(
        "signature.changed_param",
        Get::Text(|f| f.signature.of(f).changed_param.as_deref()),
        Source::Response,
        "first signed parameter whose value reached COS otherwise than it was sent",
        "到达 COS 时与发出时不同的已签名参数",
    ),
    fact(
        "signature.missing_header",
        Get::Text(|f| f.signature.of(f).missing_header.as_deref()),
        Source::Request,
        "first header in the signature's list that the request does not have",
        "签名列表中有而请求中没有的请求头",
    ),
    fact(
        "signature.missing_param",
        Get::Text(|f| f.signature.of(f).missing_param.as_deref()),
        Source::Request,
        "first parameter in the signature's list that the request does not have",
        "签名列表中有而请求中没有的参数",
    ),
    fact(
        "signature.format_method",
        Get::Text(|f| f.signature.of(f).format_method.as_deref()),
        Source::Response,
        "method in the string that COS computed, in lower case",
        "COS 计算的字符串中的请求方法",
    ),
    fact(
        "signature.format_path",
        Get::Text(|f| f.signature.of(f).format_path.as_deref()),
        Source::Response,
        "path in the string that COS computed, decoded",
        "COS 计算的字符串中的路径",
    ),
    fact(
        "signature.path_escaped_twice",
        Get::Bool(|f| f.signature.of(f).path_escaped_twice),
        Source::Response,
        "the path that COS computed over (or that of the request) still has escapes of text after it was decoded",
        "解码一次后路径中仍有百分号编码",
    ),
    fact(
        "signature.format_host",
        Get::Text(|f| f.signature.of(f).format_host.as_deref()),
        Source::Response,
        "host in the string that COS computed; not known where Host is not signed",
        "COS 计算的字符串中的 Host",
    ),
    Fact::new(
        "signature.format_host_kind",
        Get::Text(|f| f.signature.of(f).format_host_kind),
        Kind::Word,
        Source::Response,
        "kind of address of the host in the string that COS computed: as cos.host_kind, or custom",
        "COS 计算的字符串中 Host 的域名类型",
    ),
    fact(
        "signature.unsigned_headers",
        Get::List(|f| f.signature.of(f).unsigned_headers.as_deref()),
        Source::Request,
        "headers that were sent and that the signature leaves out, of those that a strict signature rule may name",
        "已发送而未签名的请求头",
    ),
    fact(
        "signature.unsigned_params",
        Get::List(|f| f.signature.of(f).unsigned_params.as_deref()),
        Source::Request,
        "parameters that were sent and that the signature leaves out",
        "已发送而未签名的参数",
    ),
    fact(
        "signature.shows_rewrite",
        Get::Bool(|f| f.signature.of(f).shows_rewrite),
        Source::Response,
        "the string that COS computed has the Host or the path that coswhy put in place of the client's, where the signature covers it",
        "COS 计算的字符串中是 coswhy 改写后的 Host 或路径",
    ),
    fact(
        "signature.intact",
        Get::Bool(|f| f.signature.of(f).intact),
        Source::Response,
        "the string that COS computed is whole: its SHA-1 is the one in StringToSign",
        "FormatString 完整：其 SHA-1 与 StringToSign 一致",
    ),
    Fact::new(
        "signature.printed_same",
        Get::Bool(|f| f.signature.of(f).printed.same),
        Kind::Plain,
        Source::Client,
        "the string that the client printed as signed is the one that COS computed",
        "客户端打印的待签名字符串与 COS 计算的一致",
    ),
    Fact::new(
        "signature.printed_differs_in",
        Get::Text(|f| f.signature.of(f).printed.differs_in),
        Kind::Word,
        Source::Client,
        "first part in which the string that the client printed as signed is not COS's: method, path, params, host or headers",
        "客户端打印的待签名字符串与 COS 计算的首个不同的部分",
    ),
    fact(
        "signature.printed_name",
        Get::Text(|f| f.signature.of(f).printed.name.as_deref()),
        Source::Client,
        "header or parameter in which they differ",
        "二者不同的请求头或参数",
    ),
    fact(
        "signature.printed",
        Get::Text(|f| f.signature.of(f).printed.client.as_deref()),
        Source::Client,
        "what the client's string has there",
        "客户端字符串中该处的内容",
    ),
    fact(
        "signature.computed",
        Get::Text(|f| f.signature.of(f).printed.cos.as_deref()),
        Source::Response,
        "what COS's string has there",
        "COS 字符串中该处的内容",
    ),
    fact(
        "signature.key_at_hand",
        Get::Bool(|f| Some(f.signature.tried.is_some())),
        Source::Proxy,
        "the SecretKey of the client's SecretId is in the settings' keys, so that what was signed could be tried",
        "设置的 keys 中有该 SecretId 的 SecretKey，可用于试算",
    ),
    fact(
        "signature.holds",
        Get::Bool(|f| f.signature.tried.as_ref().map(|tried| *tried == Tried::Holds)),
        Source::Proxy,
        "the signature is right for the request as the client sent it, by the SecretKey in the settings",
        "按设置中的 SecretKey 计算，签名与客户端发出的请求一致",
    ),
    word(
        "signature.distortion",
        Get::Text(|f| f.signature.guess().map(|guess| guess.distortion.as_str())),
        "way in which what the client signed differs from what it sent, found by trying with its SecretKey: host, host-port, path-encoded, path-encoded-twice, path-plus, path-normalization, path-slash, path-bucket, path-query, content-type-charset, content-type, body-length, header-left-out, header-not-listed, header-not-sent, header-order, header-encoding, param-left-out, param-not-listed, param-not-sent, param-order, param-encoding, method, method-case, times, key-blank, key-of-another, key-is-secret-id, sign-key, string-form, region, service, date, payload-hash or resource",
        "试算得出的客户端签名内容与发出内容的差异",
    ),
    fact(
        "signature.distorted_name",
        Get::Text(|f| f.signature.guess().and_then(|guess| guess.name.as_deref())),
        Source::Proxy,
        "header or parameter that was signed otherwise than it was sent",
        "签名时与发出时不同的请求头或参数",
    ),
    fact(
        "signature.signed",
        Get::Text(|f| f.signature.guess().map(|guess| guess.signed.as_str()).filter(|text| !text.is_empty())),
        Source::Proxy,
        "what the client signed there",
        "客户端签名时的内容",
    ),
    fact(
        "signature.sent",
        Get::Text(|f| f.signature.guess().map(|guess| guess.sent.as_str()).filter(|text| !text.is_empty())),
        Source::Request,
        "what the client sent there",
        "客户端发出的内容",
    ),
    Fact::new(
        "signature.tried",
        Get::Int(|f| match f.signature.tried {
            Some(Tried::NotFound(count)) => i64::try_from(count).ok(),
            _ => None,
        }),
        Kind::Plain,
        Source::Proxy,
        "how many spellings of the request were tried with the SecretKey in vain",
        "用 SecretKey 试算而未匹配的写法数",
    ),
    fact(
        "signature.agreed",
        Get::Bool(|f| f.signature.guess().map(|guess| guess.agreed)),
        Source::Proxy,
        "the client signed just the string that COS computed, by the SecretKey in the settings",
        "客户端签名的字符串与 COS 计算的一致",
    ),
];
