//! `signature.*`: the string that COS computed (FormatString), held against the request as the client sent it.
//!
//! Source: <https://www.tencentcloud.com/document/product/436/7778>. Where the two are the same, nothing on the way
//! changed the request: then the client computed something else, or with another key.

use std::sync::OnceLock;

use percent_encoding::percent_decode_str;
use sha1::{Digest as _, Sha1};

use super::Facts as All;
use super::table::{Fact, Get, Kind, Source};
use crate::cos::auth::Scheme;
use crate::cos::signature::{VerifyInput, signed_parts};
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

/// The four lines of an HttpString.
struct Lines<'a> {
    method: &'a str,
    path: &'a str,
    params: &'a str,
    headers: &'a str,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Option<Self> {
        // a pasted body may have lost the last line's end, never the lines before it
        let text = text.trim_start();
        let (method, rest) = text.split_once('\n')?;
        let mut from_end = rest.trim_end_matches('\r').strip_suffix('\n').unwrap_or(rest).rsplitn(3, '\n');
        let (headers, params, path) = (from_end.next()?, from_end.next()?, from_end.next()?);
        let line = |text: &'a str| text.trim_end_matches('\r');
        Some(Self { method: line(method), path: line(path), params: line(params), headers: line(headers) })
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
        let Some(theirs) = Lines::of(text) else { return found };
        found.format_method = Some(theirs.method.to_owned());
        found.format_path = Some(theirs.path.to_owned());
        found.format_host = value(theirs.headers, "host").map(decoded);
        found.intact = intact(text, all.error.body.string_to_sign.as_deref());
        if let Some(ours) = http_string(all)
            && let Some(ours) = Lines::of(&ours)
        {
            found.compare(&ours, &theirs);
        }
        found
    }

    fn compare(&mut self, ours: &Lines<'_>, theirs: &Lines<'_>) {
        self.changed_header = first_difference(ours.headers, theirs.headers);
        self.changed_param = first_difference(ours.params, theirs.params);
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
}

/// The HttpString of the request as it was sent, by the signature's own lists.
fn http_string(all: &All) -> Option<String> {
    if all.auth.scheme != Some(Scheme::QSign) {
        return None;
    }
    let (path, query) = (all.request.path.as_deref()?, all.request.query.as_deref()?);
    let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let input = VerifyInput {
        method: all.request.method.as_deref()?,
        target: &target,
        headers: &all.request.headers.map,
        host: all.request.host.as_deref(),
        auth: &all.auth.auth,
    };
    let shown = all.auth.auth.header_list.iter().all(|name| {
        name.eq_ignore_ascii_case("host") || !matches!(all.request.headers.get(name), Field::Unknown)
    });
    shown.then(|| String::from_utf8_lossy(&signed_parts(&input).http_string()).into_owned())
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
    let sent = |name: &str| params.iter().any(|(n, _)| n.eq_ignore_ascii_case(&decoded(name)));
    all.auth.auth.param_list.iter().find(|name| !sent(name)).cloned()
}

/// The first name whose value is not the same on both sides, or that one side lacks.
fn first_difference(ours: &str, theirs: &str) -> Option<String> {
    let names = ours.split('&').chain(theirs.split('&')).filter_map(|pair| pair.split('=').next());
    names
        .filter(|name| !name.is_empty())
        .find(|name| value(ours, name) != value(theirs, name))
        .map(str::to_owned)
}

fn value<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.split('&').filter_map(|pair| pair.split_once('=')).find(|(n, _)| *n == name).map(|(_, value)| value)
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

const fn fact(name: &'static str, get: Get, source: Source, en: &'static str, zh: &'static str) -> Fact {
    Fact::new(name, get, Kind::Free, source, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact(
        "signature.same",
        Get::Bool(|f| f.signature.of(f).same),
        Source::Response,
        "the string that COS computed is that of the request as the client sent it, so that only the client's own computation or its key is left",
        "COS 计算的字符串与客户端发出的请求一致",
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
        "signature.intact",
        Get::Bool(|f| f.signature.of(f).intact),
        Source::Response,
        "the string that COS computed is whole: its SHA-1 is the one in StringToSign",
        "FormatString 完整：其 SHA-1 与 StringToSign 一致",
    ),
];
