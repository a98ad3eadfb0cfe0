//! `referer.*`: where a request says it comes from, and what sends one that says nothing.

use super::Facts as All;
use super::table::{Fact, Get, Kind, Source};
use crate::diagnosis::exchange::Field;

/// The Referer's host, with its port if it has one: as a bucket's list names it.
fn domain(all: &All) -> Option<&str> {
    let referer = all.request.header("referer")?;
    let (_, rest) = referer.split_once("://")?;
    let domain = rest.split(['/', '?', '#']).next().unwrap_or_default();
    Some(domain).filter(|domain| !domain.is_empty())
}

/// Marks in a User-Agent, in lower case, and what it is then. WeChat is a web view as well, so it comes first.
const AGENTS: [(&str, &str); 16] = [
    ("micromessenger", "wechat"),
    ("; wv)", "web-view"),
    ("webview", "web-view"),
    ("okhttp", "app"),
    ("cfnetwork", "app"),
    ("dalvik", "app"),
    ("dart/", "app"),
    ("exoplayer", "app"),
    ("applecoremedia", "app"),
    ("curl/", "tool"),
    ("wget", "tool"),
    ("python", "tool"),
    ("go-http-client", "tool"),
    ("java/", "tool"),
    ("node", "tool"),
    ("axios", "tool"),
];

/// What sent a request without a Referer, as far as its other headers show.
fn sender(all: &All) -> Option<&'static str> {
    if all.request.headers.get("referer") != Field::Absent {
        return None;
    }
    let agent = all.request.header("user-agent").unwrap_or_default().to_ascii_lowercase();
    if let Some((_, sender)) = AGENTS.iter().find(|(mark, _)| agent.contains(mark)) {
        return Some(sender);
    }
    // browsers say so of themselves (Fetch Metadata): nobody's page, or a page that keeps its address to itself
    match all.request.header("sec-fetch-site")? {
        "none" => Some("address-bar"),
        _ => Some("page"),
    }
}

const fn fact(name: &'static str, get: Get, kind: Kind, en: &'static str, zh: &'static str) -> Fact {
    Fact::new(name, get, kind, Source::Request, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact(
        "referer.domain",
        Get::Text(domain),
        Kind::Free,
        "the Referer's host, with its port if it has one, as a bucket's list names it",
        "Referer 的域名",
    ),
    fact(
        "referer.sender",
        Get::Text(sender),
        Kind::Word,
        "what sent a request without a Referer: address-bar, page (by its Referrer-Policy), wechat, web-view, app or tool",
        "不带 Referer 的请求的发送方",
    ),
];
