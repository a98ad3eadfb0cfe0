//! `cors.*`: what a page of another origin asked for, and which part of it the answer does not allow.
//!
//! Judged as browsers do (<https://fetch.spec.whatwg.org/#http-cors-protocol>); where only a line of a browser's console
//! is known, by what that says.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::Facts as All;
use super::cors_console as console;
use super::table::{Fact, Get, Kind, Source};
use crate::diagnosis::exchange::{Exchange, Field, Seen};

/// Looked at when a rule first asks.
#[derive(Debug, Default)]
pub(crate) struct Facts(OnceLock<Found>);

#[derive(Debug, Default)]
struct Found {
    cross_origin: Option<bool>,
    origin: Option<String>,
    method: Option<String>,
    headers: Option<Vec<String>>,
    missed: Option<&'static str>,
    missing_headers: Option<Vec<String>>,
    blocked: Option<bool>,
}

impl Facts {
    fn of<'a>(&'a self, all: &All) -> &'a Found {
        self.0.get_or_init(|| Found::new(all))
    }
}

/// Whether a browser kept the answer from its page, as far as request and answer tell. Most of a recording's requests
/// go to the page's own origin, and cost nothing here.
pub(crate) fn is_blocked(exchange: &Exchange) -> bool {
    let across = matches!(exchange.request.headers.get("origin"), Field::Present(_));
    across && Found::new(&All::of(exchange)).blocked == Some(true)
}

impl Found {
    fn new(all: &All) -> Self {
        let said = all.client.text.as_deref();
        let mut found = Self {
            cross_origin: cross_origin(all),
            origin: all.request.header("origin").map(allowable),
            method: method(all).or_else(|| said.and_then(console::method)),
            headers: headers(all).filter(|names| !names.is_empty()),
            ..Self::default()
        };
        if let Some(said) = said {
            found.missed = console::missed(said);
            found.missing_headers = console::header(said).map(|name| vec![name]);
        }
        if found.missed.is_none() && found.cross_origin == Some(true) && all.response.status.is_some() {
            found.judge(all);
        }
        found.blocked = found.blocked(all);
        found
    }

    fn judge(&mut self, all: &All) {
        let preflight = all.request.preflight == Some(true);
        if preflight && !is_ok(all) {
            return;
        }
        self.missed = by_origin(all);
        if !preflight || self.missed.is_some() || all.response.headers.seen != Seen::All {
            return;
        }
        let allowed = |name| listed(all.response.headers.get(name).text().unwrap_or_default());
        let methods = allowed("access-control-allow-methods");
        let safe = ["GET", "HEAD", "POST"];
        if let Some(method) = self.method.as_deref()
            && !safe.contains(&method)
            && !methods.iter().any(|m| m == "*" || m.eq_ignore_ascii_case(method))
        {
            self.missed = Some("method");
            return;
        }
        let names: HashSet<String> = allowed("access-control-allow-headers").into_iter().collect();
        // an asterisk covers all names but Authorization
        let covers = |name: &str| names.contains("*") && name != "authorization" || names.contains(name);
        let missing: Vec<String> =
            self.headers.iter().flatten().filter(|name| !covers(name)).cloned().collect();
        if !missing.is_empty() {
            self.missed = Some("headers");
            self.missing_headers = Some(missing);
        }
    }

    /// Images, navigation and forms may go anywhere: a page is kept from what its scripts and fonts ask for alone.
    fn blocked(&self, all: &All) -> Option<bool> {
        if !self.cross_origin? {
            return Some(false);
        }
        all.response.status?;
        if all.request.preflight? {
            return Some(!is_ok(all) || self.missed.is_some());
        }
        match all.request.header("sec-fetch-mode") {
            Some("cors") => Some(self.missed.is_some()),
            Some(_) => Some(false),
            None if all.request.method.as_deref() == Some("POST") => None,
            None => Some(self.missed.is_some()),
        }
    }
}

fn is_ok(all: &All) -> bool {
    all.response.status.is_some_and(|status| (200..300).contains(&status))
}

/// Whether the page's origin is another than the one that was asked.
fn cross_origin(all: &All) -> Option<bool> {
    let origin = match all.request.headers.get("origin") {
        Field::Present(value) => value.to_str().ok()?,
        Field::Absent => return Some(false),
        Field::Unknown => return None,
    };
    let Some((scheme, page)) = origin.split_once("://") else { return Some(true) };
    let asked = all.request.host.as_deref()?;
    let port = if scheme == "https" { ":443" } else { ":80" };
    if !page.eq_ignore_ascii_case(asked.strip_suffix(port).unwrap_or(asked)) {
        return Some(true);
    }
    Some(!scheme.eq_ignore_ascii_case(all.request.scheme.as_deref()?))
}

/// A page without an origin of its own (a file, a sandboxed frame) sends `null`, which no rule can name.
fn allowable(origin: &str) -> String {
    if origin == "null" { "*".to_owned() } else { origin.to_owned() }
}

fn method(all: &All) -> Option<String> {
    let asked = all.request.header("access-control-request-method");
    let sent = || all.request.method.as_deref().filter(|method| *method != "OPTIONS");
    asked.or_else(sent).map(str::to_ascii_uppercase)
}

/// The names that a preflight asks for; without one, those of the request that need to be asked for.
fn headers(all: &All) -> Option<Vec<String>> {
    if all.request.preflight == Some(true) {
        return match all.request.headers.get("access-control-request-headers") {
            Field::Present(value) => Some(listed(value.to_str().ok()?)),
            Field::Absent => Some(Vec::new()),
            Field::Unknown => None,
        };
    }
    if all.request.headers.seen != Seen::All || all.request.method.is_none() {
        return None;
    }
    let map = &all.request.headers.map;
    let mut names: Vec<String> =
        map.keys().map(|name| name.as_str().to_owned()).filter(|name| needs_asking(name)).collect();
    let simple = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
    let kind = all.request.header("content-type").unwrap_or_default();
    if !kind.is_empty() && !simple.iter().any(|simple| kind.starts_with(simple)) {
        names.push("content-type".to_owned());
    }
    names.sort_unstable();
    Some(names)
}

/// What a script must have set, and what pages may not send to other origins unasked.
fn needs_asking(name: &str) -> bool {
    matches!(
        name,
        "authorization" | "content-md5" | "cache-control" | "content-disposition" | "pic-operations"
    ) || ["x-cos-", "x-ci-", "x-amz-", "x-requested-"].iter().any(|start| name.starts_with(start))
}

/// Access-Control-Allow-Origin must be there once, and be the page's origin or an asterisk.
fn by_origin(all: &All) -> Option<&'static str> {
    let headers = &all.response.headers;
    let origin = all.request.header("origin")?;
    match headers.get("access-control-allow-origin") {
        Field::Unknown => return None,
        Field::Absent => return Some("all"),
        Field::Present(_) => {}
    }
    let allowed: Vec<&str> = headers
        .map
        .get_all("access-control-allow-origin")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let credentials = all.request.header("cookie").is_some();
    let sent = headers.get("access-control-allow-credentials").text() == Some("true");
    match allowed.as_slice() {
        [only] if *only == origin => (credentials && !sent).then_some("credentials"),
        ["*"] => credentials.then_some("credentials"),
        [_, _, ..] => Some("repeated"),
        _ => Some("origin"),
    }
}

/// Names between commas, in lower case.
fn listed(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|n| !n.is_empty()).map(str::to_ascii_lowercase).collect()
}

const fn fact(
    name: &'static str,
    get: Get,
    kind: Kind,
    source: Source,
    en: &'static str,
    zh: &'static str,
) -> Fact {
    Fact::new(name, get, kind, source, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact(
        "cors.cross_origin",
        Get::Bool(|f| f.cors.of(f).cross_origin),
        Kind::Plain,
        Source::Request,
        "the request comes from a page of another origin",
        "请求为跨域请求",
    ),
    fact(
        "cors.origin",
        Get::Text(|f| f.cors.of(f).origin.as_deref()),
        Kind::Free,
        Source::Request,
        "the page's origin as a CORS rule names it (an asterisk for pages that have none)",
        "跨域访问规则中应填写的来源 Origin",
    ),
    fact(
        "cors.method",
        Get::Text(|f| f.cors.of(f).method.as_deref()),
        Kind::Plain,
        Source::Request,
        "method that the page asks for or used",
        "跨域请求的方法",
    ),
    fact(
        "cors.headers",
        Get::List(|f| f.cors.of(f).headers.as_deref()),
        Kind::Plain,
        Source::Request,
        "headers that the page must be allowed to send, in lower case; not known where there are none",
        "跨域请求需要允许的头部",
    ),
    fact(
        "cors.missed",
        Get::Text(|f| f.cors.of(f).missed),
        Kind::Word,
        Source::Response,
        "what the answer does not allow the page: all (it has no CORS headers), origin, method, headers, credentials, or repeated (Access-Control-Allow-Origin twice)",
        "响应未允许的部分",
    ),
    fact(
        "cors.missing_method",
        Get::Text(|f| f.cors.of(f).method.as_deref().filter(|_| f.cors.of(f).missed == Some("method"))),
        Kind::Plain,
        Source::Response,
        "method that the answer does not allow the page",
        "响应未允许的方法",
    ),
    fact(
        "cors.missing_headers",
        Get::List(|f| f.cors.of(f).missing_headers.as_deref()),
        Kind::Plain,
        Source::Response,
        "headers that the answer does not allow the page to send",
        "响应未允许发送的头部",
    ),
    fact(
        "cors.blocked",
        Get::Bool(|f| f.cors.of(f).blocked),
        Kind::Plain,
        Source::Response,
        "a browser keeps this answer from the page",
        "浏览器拦截了该响应",
    ),
];
