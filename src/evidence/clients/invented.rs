//! Texts that clients make up where COS sent none: they are not COS's words and no evidence of a cause.

/// Messages that HTTP libraries and SDKs put where the answer had no body (HEAD) or was not read.
const MESSAGES: &[&str] = &[
    "null",
    "(null)",
    "none",
    "nil",
    "undefined",
    "unknown",
    "unknownerror",
    "unknown error",
    "forbidden",
    "bad request",
    "badrequest",
    "not found",
    "notfound",
    "unauthorized",
    "conflict",
    "precondition failed",
    "no response body",
    "response body is empty",
    "empty response body",
    "the resource you head not exist",
    "method not allowed",
    "service unavailable",
    "internal server error",
];

/// Codes that stand for the status where the answer had no body.
const CODES: &[&str] = &[
    "forbidden",
    "notfound",
    "not found",
    "unknown",
    "unknownerror",
    "unauthorized",
    "null",
    "none",
    "badrequest",
    "nosuchresource",
];

/// Whether `message` is a client's own.
pub(in crate::evidence) fn message(message: &str) -> bool {
    let plain = message.trim().trim_end_matches('.').to_ascii_lowercase();
    let plain = plain.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | ':'));
    // Rust prints a field that is not there as `None`, and the next one behind it.
    plain.is_empty() || plain.starts_with("none, ") || MESSAGES.contains(&plain) || is_mini_program(plain)
}

/// WeChat's own word on a call: `request:ok`, `uploadFile:fail timeout`.
fn is_mini_program(message: &str) -> bool {
    let call = message.split_once(':').filter(|(_, outcome)| *outcome == "ok" || outcome.starts_with("fail"));
    call.is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// Whether `code` only repeats the status.
pub(in crate::evidence) fn code(code: &str) -> bool {
    let plain = code.trim().to_ascii_lowercase();
    plain.bytes().all(|b| b.is_ascii_digit()) || CODES.contains(&plain.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_texts_are_known() {
        for text in [
            "Forbidden",
            "403 Forbidden",
            "403 - Forbidden",
            "null",
            "No response body.",
            "403",
            "request:ok",
        ] {
            assert!(message(text), "{text}");
        }
        assert!(!message("Access Denied."));
        assert!(code("403") && code("Forbidden") && !code("AccessDenied"));
    }
}
