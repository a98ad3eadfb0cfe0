//! `signature.*`: the string that COS computed (FormatString), held against the request as it was sent: by the client,
//! or with the Host and path that coswhy put in place of the client's.
//!
//! Source: <https://www.tencentcloud.com/document/product/436/7778>. Where the two are the same, nothing between the
//! sender and COS changed the request.

use std::collections::HashSet;
use std::sync::OnceLock;

use sha1::{Digest as _, Sha1};

use super::Facts as All;
use super::http_string::{HttpString, decoded, first_difference};
use super::table::{Fact, Get, Kind, Source};
use crate::cos::auth::Scheme;
use crate::cos::signature::{VerifyInput, signed_parts};
use crate::cos::sigv4::canonical_request;
use crate::diagnosis::exchange::Field;

/// Compared when a rule first asks.
#[derive(Debug, Default)]
pub(crate) struct Facts(OnceLock<Comparison>);

#[derive(Debug, Default)]
struct Comparison {
    format_method: Option<String>,
    format_path: Option<String>,
    format_host: Option<String>,
    intact: Option<bool>,
    shows_rewrite: Option<bool>,
    same: Option<bool>,
    differs_in: Option<&'static str>,
    changed_header: Option<String>,
    changed_param: Option<String>,
    missing_header: Option<String>,
    missing_param: Option<String>,
}

impl Facts {
    fn of<'a>(&'a self, all: &All) -> &'a Comparison {
        self.0.get_or_init(|| Comparison::new(all))
    }
}

impl Comparison {
    fn new(all: &All) -> Self {
        let mut found = Self {
            missing_header: missing_header(all),
            missing_param: missing_param(all),
            ..Self::default()
        };
        let Some(text) = all.error.body.format_string.as_deref() else { return found };
        let Some(theirs) = HttpString::parse(text, all.auth.scheme) else { return found };
        found.format_method = Some(theirs.method.to_owned());
        found.format_path = Some(theirs.path.clone());
        found.format_host = theirs.host();
        found.intact = intact(text, all.error.body.string_to_sign.as_deref());
        found.shows_rewrite = found.shows_rewrite(all);
        if let Some(ours) = as_sent(all)
            && let Some(ours) = HttpString::parse(&ours, all.auth.scheme)
        {
            found.compare(&ours, &theirs);
        }
        found
    }

    fn compare(&mut self, ours: &HttpString<'_>, theirs: &HttpString<'_>) {
        self.changed_header = first_difference(&ours.headers, &theirs.headers);
        self.changed_param = first_difference(&ours.params, &theirs.params);
        self.differs_in = match () {
            () if !ours.method.eq_ignore_ascii_case(theirs.method) => Some("method"),
            () if ours.path != theirs.path => Some("path"),
            () if self.changed_param.is_some() => Some("params"),
            () if self.changed_header.as_deref() == Some("host") => Some("host"),
            () if self.changed_header.is_some() => Some("headers"),
            () => None,
        };
        self.same = Some(self.differs_in.is_none());
    }

    /// Whether COS signed over what coswhy put there and not over what the client had asked.
    fn shows_rewrite(&self, all: &All) -> Option<bool> {
        let rewrote = |sent: Option<&str>, asked: Option<&str>, seen: Option<&str>| {
            let (Some(sent), Some(asked)) = (sent, asked) else { return Some(false) };
            Some(seen? == sent && sent != asked)
        };
        let host = rewrote(
            all.proxy.host_sent.as_deref().filter(|_| all.auth.auth.signs_host()),
            all.request.host.as_deref(),
            self.format_host.as_deref(),
        );
        let sent = all.proxy.target_sent.is_some().then(|| all.proxy.target(&all.request).0).flatten();
        let path = rewrote(
            sent.map(decoded).as_deref(),
            all.request.path.as_deref().map(decoded).as_deref(),
            self.format_path.as_deref(),
        );
        match (host, path) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }
    }
}

/// The string of the request as it went out, by the signature's own lists: coswhy keeps these where it signs anew.
fn as_sent(all: &All) -> Option<String> {
    let (path, query) = all.proxy.target(&all.request);
    let (path, query) = (path?, query?);
    let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let input = VerifyInput {
        method: all.request.method.as_deref()?,
        target: &target,
        headers: &all.request.headers.map,
        host: all.proxy.host(&all.request),
        auth: &all.auth.auth,
    };
    let shown = all.auth.auth.header_list.iter().all(|name| {
        name.eq_ignore_ascii_case("host") || !matches!(all.request.headers.get(name), Field::Unknown)
    });
    match all.auth.scheme? {
        Scheme::QSign if shown => {
            Some(String::from_utf8_lossy(&signed_parts(&input).http_string()).into_owned())
        }
        Scheme::SigV4 if shown => Some(canonical_request(&input)),
        _ => None,
    }
}

/// Line 3 of StringToSign is the SHA-1 of FormatString: where it is not, somebody masked or cut the body.
fn intact(format_string: &str, string_to_sign: Option<&str>) -> Option<bool> {
    let claimed = string_to_sign?.lines().map(str::trim).rfind(|line| line.len() == 40)?;
    let is = |text: &str| {
        let digest = Sha1::digest(text.as_bytes());
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        hex == claimed
    };
    // readers trim the element's text, and with it the line ends that are part of the string
    let trimmed = format_string.trim_end_matches('\n');
    Some((0..4).any(|ends| is(&format!("{trimmed}{}", "\n".repeat(ends)))))
}

fn missing_header(all: &All) -> Option<String> {
    all.auth.auth.header_list.iter().find(|name| all.request.headers.get(name) == Field::Absent).cloned()
}

fn missing_param(all: &All) -> Option<String> {
    let params = all.request.params()?;
    // Looked up, not searched: whoever sends many and lists them all would keep a worker busy for seconds.
    let sent: HashSet<String> = params.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    let is_sent = |name: &str| sent.contains(&decoded(name).to_ascii_lowercase());
    all.auth.auth.param_list.iter().find(|name| !is_sent(name)).cloned()
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
    fact(
        "signature.differs_in",
        Get::Text(|f| f.signature.of(f).differs_in),
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
        "signature.format_host",
        Get::Text(|f| f.signature.of(f).format_host.as_deref()),
        Source::Response,
        "host in the string that COS computed; not known where Host is not signed",
        "COS 计算的字符串中的 Host",
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
];
