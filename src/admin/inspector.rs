//! The inspector: a page for people, at `/`. Its files are in the binary and say nothing of this machine but where
//! the proxy listens; what they show they fetch from the API, with the token.
//!
//! The page runs its own scripts alone, and makes no markup of text (`require-trusted-types-for`): what it shows was
//! written by strangers.

use std::net::SocketAddr;

use http::header::{ACCEPT, CONTENT_SECURITY_POLICY, REFERRER_POLICY, VARY};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::answer::{self, Answer};
use super::file::File;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const PAGE: &str = include_str!("inspector/index.html");
/// Stands in the page for the proxy's address.
const PROXY: &str = "{proxy}";

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const ICON: &str = "image/svg+xml";

/// Name under `/inspector/`, type, text.
const FILES: &[(&str, &str, &str)] = &[
    ("address.js", SCRIPT, include_str!("inspector/address.js")),
    ("api.js", SCRIPT, include_str!("inspector/api.js")),
    ("checks.js", SCRIPT, include_str!("inspector/checks.js")),
    ("copy.js", SCRIPT, include_str!("inspector/copy.js")),
    ("difference.js", SCRIPT, include_str!("inspector/difference.js")),
    ("dom.js", SCRIPT, include_str!("inspector/dom.js")),
    ("empty.js", SCRIPT, include_str!("inspector/empty.js")),
    ("events.js", SCRIPT, include_str!("inspector/events.js")),
    ("exchange.js", SCRIPT, include_str!("inspector/exchange.js")),
    ("failure.css", STYLE, include_str!("inspector/failure.css")),
    ("failure.js", SCRIPT, include_str!("inspector/failure.js")),
    ("filters.js", SCRIPT, include_str!("inspector/filters.js")),
    ("fixes.js", SCRIPT, include_str!("inspector/fixes.js")),
    ("found.js", SCRIPT, include_str!("inspector/found.js")),
    ("groups.js", SCRIPT, include_str!("inspector/groups.js")),
    ("icon.svg", ICON, include_str!("inspector/icon.svg")),
    ("list.css", STYLE, include_str!("inspector/list.css")),
    ("list.js", SCRIPT, include_str!("inspector/list.js")),
    ("live.js", SCRIPT, include_str!("inspector/live.js")),
    ("main.js", SCRIPT, include_str!("inspector/main.js")),
    ("occurrences.js", SCRIPT, include_str!("inspector/occurrences.js")),
    ("paste.js", SCRIPT, include_str!("inspector/paste.js")),
    ("reader.js", SCRIPT, include_str!("inspector/reader.js")),
    ("section.js", SCRIPT, include_str!("inspector/section.js")),
    ("status.js", SCRIPT, include_str!("inspector/status.js")),
    ("style.css", STYLE, include_str!("inspector/style.css")),
    ("text.js", SCRIPT, include_str!("inspector/text.js")),
    ("time.js", SCRIPT, include_str!("inspector/time.js")),
    ("timeline.js", SCRIPT, include_str!("inspector/timeline.js")),
    ("token.js", SCRIPT, include_str!("inspector/token.js")),
    ("way.js", SCRIPT, include_str!("inspector/way.js")),
    ("words.en.js", SCRIPT, include_str!("inspector/words.en.js")),
    ("words.js", SCRIPT, include_str!("inspector/words.js")),
    ("words.zh.js", SCRIPT, include_str!("inspector/words.zh.js")),
];

/// The page and its parts, ready to be sent.
#[derive(Debug)]
pub(super) struct Inspector {
    page: File,
    files: Vec<(&'static str, File)>,
}

impl Inspector {
    /// `proxy` is where clients reach the proxy.
    pub(super) fn new(proxy: Option<SocketAddr>) -> Self {
        let page = PAGE.replace(PROXY, &proxy.map(|proxy| proxy.to_string()).unwrap_or_default());
        let file = |&(name, content_type, text): &(&'static str, _, &'static str)| {
            (name, File::new(content_type, text))
        };
        Self { page: File::new(HTML, page), files: FILES.iter().map(file).collect() }
    }

    /// What `/` answers: the page to browsers, `list` to tools.
    pub(super) fn root(&self, headers: &HeaderMap, list: &'static str) -> Answer {
        let mut answer = match is_browser(headers) {
            true => guarded(self.page.answer(headers)),
            false => answer::text(StatusCode::OK, list),
        };
        answer.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
        answer
    }

    /// A part of the page, by its name.
    pub(super) fn file(&self, name: &str, headers: &HeaderMap) -> Option<Answer> {
        let (_, file) = self.files.iter().find(|(known, _)| *known == name)?;
        Some(guarded(file.answer(headers)))
    }
}

fn is_browser(headers: &HeaderMap) -> bool {
    let mut accepts = headers.get_all(ACCEPT).iter().filter_map(|accept| accept.to_str().ok());
    accepts.any(|accept| accept.to_ascii_lowercase().contains("text/html"))
}

/// With what keeps strangers' text from doing anything in the page.
fn guarded(mut answer: Answer) -> Answer {
    let fields: [(HeaderName, &str); 2] =
        [(CONTENT_SECURITY_POLICY, POLICY), (REFERRER_POLICY, "no-referrer")];
    for (name, value) in fields {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}
