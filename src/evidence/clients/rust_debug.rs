//! The AWS SDK for Rust's debug print of an answer: its status, its headers and what its body was, all of the answer.

use std::sync::LazyLock;

use regex::Regex;

use crate::evidence::pattern::pattern;
use crate::evidence::token::{Says, Token};

static RESPONSE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\bResponse \{ status: StatusCode\((\d{3})\), headers: "));

static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#""([a-z0-9-]{2,48})": HeaderValue \{ _private: (?:H0\()?\\?"([^"\\]{0,512})\\?"\)? \}"#)
});

/// A body that was read, and was empty.
static EMPTY: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\binner: Once\((?:Some\(b\\?"\\?"\)|None)\)"#));

/// What such prints in `text` say. A body that is not empty is read wherever it stands.
pub(in crate::evidence) fn tokens(text: &str) -> Vec<Token> {
    let starts: Vec<(usize, u16)> = RESPONSE
        .captures_iter(text)
        .filter_map(|found| Some((found.get(0)?.start(), found.get(1)?.as_str().parse().ok()?)))
        .collect();
    let mut tokens = Vec::new();
    for (index, (at, status)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(text.len(), |next| next.0);
        let part = text.get(*at..end).unwrap_or("");
        if *status >= 400 {
            tokens.push(Token::new(*at, Says::Status(*status)));
        }
        for field in FIELD.captures_iter(part) {
            if let (Some(name), Some(value)) = (field.get(1), field.get(2)) {
                let says = Says::ResponseHeader(name.as_str().to_owned(), value.as_str().to_owned());
                tokens.push(Token::new(at + name.start(), says));
            }
        }
        if let Some(empty) = EMPTY.find(part) {
            tokens.push(Token::new(at + empty.start(), Says::NoBody));
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_body_is_an_answer_without_one() {
        let print = |body: &str| {
            format!(
                "raw: Response {{ status: StatusCode(403), headers: Headers {{ headers: {{\"server\": HeaderValue {{ \
                 _private: H0(\"tencent-cos\") }}}} }}, body: SdkBody {{ inner: Once({body}), retryable: true }} }}"
            )
        };
        let said = |body: &str| tokens(&print(body)).into_iter().map(|token| token.says).collect::<Vec<_>>();
        let server = Says::ResponseHeader("server".to_owned(), "tencent-cos".to_owned());
        assert_eq!(said("Some(b\"\")"), [Says::Status(403), server.clone(), Says::NoBody]);
        assert_eq!(said("Some(b\"<Error>\")"), [Says::Status(403), server]);
    }
}
