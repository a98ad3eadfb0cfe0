//! A browser's console: it says that a page may not read an answer, and sometimes why.

use std::sync::LazyLock;

use regex::Regex;

use super::labels;
use super::pattern::pattern;
use super::token::{Name, Says, Token};
use super::url::{self, Address};

/// Chromium: `Access to XMLHttpRequest at 'URL' from origin 'ORIGIN' has been blocked by CORS policy: …`.
static CHROMIUM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"Access to [\w ]+ at '([^'\n]+)'(?: \(redirected from '[^'\n]+'\))? from origin '([^'\n]+)' has been blocked by CORS policy[^\r\n]*",
    )
});

/// Firefox, in English and in Chinese.
static FIREFOX: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:Cross-Origin Request Blocked|已拦截跨源请求|已阻止跨源请求|跨源请求被(?:阻止|拦截))[^\r\n]*?(https?://[^\s）)，]+?)(?:\.? \(|[.。 ]+的远程|[\s（(]|$)[^\r\n]*?(?:(?:Status code|状态码)[:：] ?(\d+)[^\r\n]*|[\r\n]|$)",
    )
});

/// Safari names the origin and the URL on lines of their own.
static SAFARI: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"Origin (\S+) is not allowed by Access-Control-Allow-Origin[^\r\n]*|(?:XMLHttpRequest|Fetch API|\S+) cannot load (https?://\S+) due to access control checks[^\r\n]*",
    )
});

/// What is left of the message, where people quote a part of it, and what COS's browser SDK says.
static PARTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[^\r\n]*(?:CORS blocked or network error|blocked by CORS policy|No 'Access-Control-Allow-Origin' header|Response to preflight request doesn't pass|CORS header .Access-Control-Allow-Origin|not allowed by Access-Control-Allow-(?:Headers|Methods|Origin)|同源策略(?:禁止|不允许)读取|Refused to get unsafe header)[^\r\n]*",
    )
});

/// The method that a preflight did not allow.
static METHOD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"Method (\w+) is not allowed by Access-Control-Allow-Methods"));

/// Chromium's status of an answer that it kept from the page, which may be a success.
static KEPT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"net::ERR_(?:FAILED|BLOCKED_BY_ORB) (\d{3})(?: \(|\s|$)"));

/// Chromium kept what came in place of a picture or script: an error's XML, mostly.
static OPAQUE: LazyLock<Regex> = LazyLock::new(|| pattern(r"net::ERR_BLOCKED_BY_ORB\b"));

/// What the console's lines in `text` say.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for found in PARTS.find_iter(text) {
        tokens.push(Token::new(found.start(), Says::Console(found.as_str().trim().to_owned())));
    }
    for found in SAFARI.captures_iter(text) {
        // The second line only names the URL.
        if let Some(whole) = found.get(0)
            && (found.get(1).is_some() || !text.contains("not allowed by Access-Control-Allow-Origin"))
        {
            tokens.push(Token::new(whole.start(), Says::Console(whole.as_str().to_owned())));
        }
        origin(&mut tokens, found.get(1));
        address(&mut tokens, found.get(2));
    }
    for found in CHROMIUM.captures_iter(text) {
        address(&mut tokens, found.get(1));
        origin(&mut tokens, found.get(2));
    }
    for found in FIREFOX.captures_iter(text) {
        if let Some(whole) = found.get(0) {
            tokens.push(Token::new(whole.start(), Says::Console(whole.as_str().trim().to_owned())));
        }
        address(&mut tokens, found.get(1));
        if let Some(status) = found.get(2)
            && let Some(value) = labels::status(status.as_str())
        {
            tokens.push(Token::new(status.start(), Says::Status(value)));
        }
    }
    for found in KEPT.captures_iter(text) {
        if let Some(digits) = found.get(1)
            && let Ok(status) = digits.as_str().parse()
        {
            tokens.push(Token::new(digits.start(), Says::Status(status)));
        }
    }
    for found in OPAQUE.find_iter(text) {
        tokens.push(Token::new(found.start(), Says::NoBody));
    }
    for found in METHOD.captures_iter(text) {
        if let Some(method) = found.get(1) {
            tokens.push(Token::text(method.start(), Name::Method, method.as_str().to_ascii_uppercase()));
        }
    }
    tokens
}

fn origin(tokens: &mut Vec<Token>, found: Option<regex::Match<'_>>) {
    if let Some(origin) = found {
        tokens.push(Token::new(
            origin.start(),
            Says::RequestHeader("origin".to_owned(), origin.as_str().to_owned()),
        ));
    }
}

fn address(tokens: &mut Vec<Token>, found: Option<regex::Match<'_>>) {
    if let Some(found) = found
        && let Some(address) = Address::parse(url::trimmed(found.as_str()))
    {
        tokens.push(Token::new(found.start(), Says::Url(address)));
    }
}
