//! What browsers and programs say where a request to COS got no answer whatever: names that do not resolve,
//! connections and TLS that fail.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use super::token::{Says, Token};

/// What begins the words that are given to the rules.
const NETWORK: &str = "network error";

/// Chromium's console: `GET https://… net::ERR_NAME_NOT_RESOLVED`.
static CHROMIUM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"https?://\S+ (net::ERR_(?:NAME_|CONNECTION_|ADDRESS_|CERT_|SSL_|TIMED_OUT|INTERNET_|TUNNEL_|NETWORK_)\w*)",
    )
});

/// A resolver's word on a name of COS, as curl, Go, Node, Python and Java give it.
static RESOLVER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(could not resolve host|dial tcp: lookup|getaddrinfo \w+|failed to resolve|UnknownHostException)[: ]{0,2}['\x22]?([a-z0-9.-]{1,200}\.(?:myqcloud\.com|tencentcos\.cn))\b",
    )
});

/// What such sentences in `text` say.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for error in CHROMIUM.captures_iter(text).filter_map(|found| found.get(1)) {
        tokens.push(console(error.start(), error.as_str()));
    }
    for found in RESOLVER.captures_iter(text) {
        let (Some(words), Some(host)) = (found.get(1), found.get(2)) else { continue };
        tokens.push(console(words.start(), words.as_str()));
        // Where it asked, and nothing of what for.
        let asked = Says::RequestHeader("host".to_owned(), host.as_str().to_owned());
        tokens.push(Token::new(host.start(), asked));
    }
    tokens
}

/// As a page's script would be told.
fn console(at: usize, error: &str) -> Token {
    Token::new(at, Says::Console(format!("{NETWORK} ({error})")))
}

/// Whether no browser said so.
pub(super) fn is_of_a_program(line: &str) -> bool {
    line.starts_with(NETWORK) && !line.contains("net::ERR_")
}
