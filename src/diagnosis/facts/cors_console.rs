//! What a browser's console says of a request across origins, in the words of Chromium, Firefox (English and Chinese)
//! and Safari: which part was not allowed.

use std::sync::LazyLock;

use regex::Regex;

/// A part that was not allowed, and words by which consoles say so; the first that fits counts. All in lower case, and
/// without quotation marks, which differ.
const WORDS: [(&str, &[&str]); 6] = [
    (
        "headers",
        &[
            "is not allowed by access-control-allow-headers",
            "is not allowed according to header access-control-allow-headers",
            "in cors header access-control-allow-headers",
            "access-control-allow-headers 标头",
            "access-control-allow-headers 头",
        ],
    ),
    (
        "method",
        &[
            "is not allowed by access-control-allow-methods",
            "did not find method in cors header access-control-allow-methods",
            "access-control-allow-methods 标头",
            "access-control-allow-methods 头",
        ],
    ),
    (
        "repeated",
        &[
            "header contains multiple values",
            "multiple cors header access-control-allow-origin",
            "access-control-allow-origin cannot contain more than one origin",
        ],
    ),
    (
        "credentials",
        &[
            "must not be the wildcard",
            "access-control-allow-credentials",
            "credential is not supported if the cors header",
            "when credentials flag is true",
        ],
    ),
    (
        "origin",
        &[
            "that is not equal to the supplied origin",
            "cors header access-control-allow-origin does not match",
            "cors 头 access-control-allow-origin 与",
            "access-control-allow-origin 不匹配",
        ],
    ),
    (
        "all",
        &[
            "no access-control-allow-origin header is present",
            "cors header access-control-allow-origin missing",
            "cors 头缺少 access-control-allow-origin",
            "cors 头缺少access-control-allow-origin",
        ],
    ),
];

static METHOD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"Method (\w+) is not allowed by Access-Control-Allow-Methods").ok());

static HEADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)Request header field ([\w-]+) is not allowed by|(?:header|missing token) ['‘“]([\w-]+)['’”] (?:is not allowed according to|in CORS header)",
    )
    .ok()
});

/// The part that the console says was not allowed.
pub(super) fn missed(said: &str) -> Option<&'static str> {
    let said: String = said
        .chars()
        .filter(|c| !matches!(c, '\'' | '"' | '‘' | '’' | '“' | '”' | '`'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    WORDS.iter().find(|(_, words)| words.iter().any(|w| said.contains(w))).map(|(part, _)| *part)
}

/// The method that it says was not allowed.
pub(super) fn method(said: &str) -> Option<String> {
    let found = METHOD.as_ref()?.captures(said)?;
    found.get(1).map(|method| method.as_str().to_ascii_uppercase())
}

/// The header that it says was not allowed.
pub(super) fn header(said: &str) -> Option<String> {
    let found = HEADER.as_ref()?.captures(said)?;
    found.get(1).or_else(|| found.get(2)).map(|name| name.as_str().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_browsers_words_name_the_part() {
        for (said, part) in [
            (
                "Access to fetch at 'https://a/' from origin 'https://b' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
                "all",
            ),
            (
                "blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
                "all",
            ),
            (
                "The 'Access-Control-Allow-Origin' header has a value 'https://c' that is not equal to the supplied origin.",
                "origin",
            ),
            (
                "The 'Access-Control-Allow-Origin' header contains multiple values '*, *', but only one is allowed.",
                "repeated",
            ),
            (
                "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.",
                "credentials",
            ),
            (
                "The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true'",
                "credentials",
            ),
            ("Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.", "method"),
            (
                "Request header field x-cos-acl is not allowed by Access-Control-Allow-Headers in preflight response.",
                "headers",
            ),
            ("(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.", "all"),
            ("(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://c’).", "origin"),
            ("(Reason: Did not find method in CORS header ‘Access-Control-Allow-Methods’).", "method"),
            (
                "(Reason: header ‘authorization’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).",
                "headers",
            ),
            ("(Reason: Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed).", "repeated"),
            ("（原因：CORS 头缺少 'Access-Control-Allow-Origin'）。状态码：200。", "all"),
            ("Request header field authorization is not allowed by Access-Control-Allow-Headers.", "headers"),
        ] {
            assert_eq!(missed(said), Some(part), "{said}");
        }
        for said in [
            "CORS blocked or network error",
            "(Reason: CORS request did not succeed). Status code: (null).",
            "",
        ] {
            assert_eq!(missed(said), None, "{said}");
        }
    }

    #[test]
    fn names_are_read_from_the_words() {
        assert_eq!(
            method("Method PATCH is not allowed by Access-Control-Allow-Methods").as_deref(),
            Some("PATCH")
        );
        assert_eq!(
            header("Request header field X-Cos-Acl is not allowed by Access").as_deref(),
            Some("x-cos-acl")
        );
        let firefox = "(Reason: header ‘authorization’ is not allowed according to header";
        assert_eq!(header(firefox).as_deref(), Some("authorization"));
    }
}
