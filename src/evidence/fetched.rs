//! A URL of COS with a bare status beside it, as image optimizers, link checkers and build tools print what they
//! could not fetch: `upstream image response failed for https://… 403`, `[403] https://…`.

use std::sync::LazyLock;

use regex::Regex;

use super::labels;
use super::pattern::pattern;
use super::token::{Says, Token};
use super::url::{self, Address};

/// The status behind the URL, with little between them.
static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)(https?://[^\s"'`<>|]+)["'`)>\]]*[ ,:|]+(?:(?:=>|->|→|-|\||:|returned|responded with|answered|got|gave|failed(?: with)?|status(?: code)?|http(?:/[\d.]+)?|error|返回|状态码)[ :=]*){0,3}[\[(]?([45]\d\d)(?:[\s,;:)\].!，。]|$)"#,
    )
});

/// The status before the URL.
static BEFORE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?:^|[\s\[(])([45]\d\d)[\])]?(?: -|:| \|)? +<?(https?://[^\s"'`<>|]+)"#));

/// The fetches that failed in `text`: only where the host is COS's own.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (lines, url_at, status_at) in [(&*BEHIND, 1, 2), (&*BEFORE, 2, 1)] {
        for found in lines.captures_iter(text) {
            let (Some(printed), Some(digits)) = (found.get(url_at), found.get(status_at)) else { continue };
            let address = Address::parse(url::trimmed(printed.as_str())).filter(Address::is_cos);
            if let (Some(address), Some(status)) = (address, labels::status(digits.as_str())) {
                tokens.push(Token::new(printed.start(), Says::Url(address)));
                tokens.push(Token::new(digits.start(), Says::Status(status)));
            }
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statuses(text: &str) -> Vec<u16> {
        let status = |token: Token| match token.says {
            Says::Status(status) => Some(status),
            _ => None,
        };
        tokens(text).into_iter().filter_map(status).collect()
    }

    #[test]
    fn a_status_beside_a_url_of_cos_is_its_answer() {
        let url = "https://b-1250000000.cos.ap-beijing.myqcloud.com/a.png";
        for text in [
            format!(" ⨯ upstream image response failed for {url} 403"),
            format!("[403] {url}"),
            format!("{url} returned 403."),
            format!("GET {url}: status 403"),
            format!("fetch \"{url}\" => 403"),
        ] {
            assert_eq!(statuses(&text), [403], "{text}");
        }
    }

    #[test]
    fn another_number_or_another_host_is_none() {
        for text in [
            "https://b-1250000000.cos.ap-beijing.myqcloud.com/a.png 4031 bytes",
            "https://b-1250000000.cos.ap-beijing.myqcloud.com/a.png, which took 403ms",
            "https://example.com/a.png 403",
        ] {
            assert!(statuses(text).is_empty(), "{text}");
        }
    }
}
