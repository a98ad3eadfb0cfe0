//! Header fields as texts show them: on lines of their own, or as entries of a printed dictionary.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use super::quoted::{Quotes, quoted};
use super::token::{Says, Token};

/// Whose field it is, where its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Response,
    Either,
}

static LINE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?m)^[ \t]*([A-Za-z][A-Za-z0-9-]{2,48}):[ \t]+(\S[^\r\n]*?)[ \t]*\r?$"));

static ENTRY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"["']([A-Za-z][A-Za-z0-9-]{2,48})["'][ \t]*(?::|=>)[ \t]*\[?[ \t]*(b?["'])"#));

/// A signature that stands outside of a URL: it was in Authorization, whatever the label before it.
static SIGNATURE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?:(?i:authorization)["'\\]*\s*[:=：]\s*["'\\]*|[\s"'`：（(])(q-sign-algorithm=sha1&[^\s"'<>`\\)）]{1,4096})"#,
    )
});

/// What tells a printed request from a printed answer.
static SECTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(request[ _-]?headers?|请求标头|请求头|sending http request|making request|send request|\bconfig['\x22]?: \{|general|常规)|(response[ _-]?headers?|响应标头|响应头|http_?headers|httpheaders|recv response|\bresponse['\x22]?: \{|\bResponse \{)",
    )
});

fn side(name: &str) -> Option<Side> {
    Some(match name {
        "authorization"
        | "origin"
        | "referer"
        | "user-agent"
        | "accept"
        | "range"
        | "expect"
        | "host"
        | "x-cos-security-token"
        | "x-cos-acl"
        | "x-cos-copy-source"
        | "x-amz-security-token"
        | "x-amz-date"
        | "x-amz-content-sha256"
        | "x-amz-copy-source"
        | "x-amz-acl"
        | "content-md5"
        | "if-match"
        | "if-none-match"
        | "if-modified-since"
        | "if-unmodified-since"
        | "access-control-request-method"
        | "access-control-request-headers"
        | "x-amz-decoded-content-length"
        | "x-amz-trailer"
        | "x-amz-sdk-checksum-algorithm" => Side::Request,
        "server"
        | "date"
        | "x-cos-request-id"
        | "x-cos-trace-id"
        | "x-ci-request-id"
        | "x-amz-request-id"
        | "x-amz-id-2"
        | "x-cos-error-code"
        | "x-cos-error-msg"
        | "x-cos-restore"
        | "x-cos-force-download"
        | "x-nws-log-uuid"
        | "x-cache-lookup"
        | "x-cache"
        | "x-daa-tunnel"
        | "via"
        | "cf-ray"
        | "location"
        | "access-control-allow-origin"
        | "access-control-allow-methods"
        | "access-control-allow-headers"
        | "access-control-expose-headers"
        | "x-cos-bucket-region"
        | "www-authenticate" => Side::Response,
        "content-type"
        | "content-length"
        | "x-cos-storage-class"
        | "content-encoding"
        | "transfer-encoding"
        | "cache-control" => Side::Either,
        _ if name.starts_with("x-cos-grant-")
            || name.starts_with("x-cos-server-side-encryption-customer") =>
        {
            Side::Request
        }
        _ => return None,
    })
}

/// The header fields in `text`; a field that both messages may have belongs to the section it stands in, and
/// without one to the answer.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let sections: Vec<(usize, bool)> =
        SECTION.captures_iter(text).filter_map(|c| Some((c.get(0)?.start(), c.get(1).is_some()))).collect();
    let in_request = |at: usize| {
        let next = sections.partition_point(|(start, _)| *start < at);
        next.checked_sub(1).and_then(|last| sections.get(last)).is_some_and(|(_, request)| *request)
    };
    let lines = LINE.captures_iter(text).filter_map(|found| {
        let name = found.get(1)?;
        let value = found.get(2)?.as_str();
        let value = quoted(value).unwrap_or_else(|| value.to_owned());
        Some((name.start(), name.as_str(), value))
    });
    let mut quotes = Quotes::of(text);
    let entries = ENTRY.captures_iter(text).filter_map(|found| {
        let name = found.get(1)?;
        Some((name.start(), name.as_str(), quotes.at(found.get(2)?.start())?))
    });
    lines
        .chain(entries)
        .filter_map(|(at, name, value)| {
            let name = name.to_ascii_lowercase();
            let says = match side(&name)? {
                Side::Request => Says::RequestHeader(name, value),
                Side::Either if in_request(at) => Says::RequestHeader(name, value),
                Side::Response | Side::Either => Says::ResponseHeader(name, value),
            };
            plausible(&says).then(|| Token::new(at, says))
        })
        .collect()
}

/// The signatures of headers in `text`, wherever they stand.
pub(super) fn signatures(text: &str) -> Vec<Token> {
    let values = SIGNATURE.captures_iter(text).filter_map(|found| found.get(1));
    let header = |value: &str| Says::RequestHeader("authorization".to_owned(), value.to_owned());
    values.map(|value| Token::new(value.start(), header(value.as_str()))).collect()
}

/// Words such as `date`, `server` and `host` label other things too.
fn plausible(says: &Says) -> bool {
    match says {
        Says::ResponseHeader(name, value) => match name.as_str() {
            "date" => value.ends_with("GMT"),
            "server" => !value.contains(' ') || value.starts_with("tencent-cos"),
            "content-type" => value.contains('/'),
            "content-length" => value.bytes().all(|b| b.is_ascii_digit()),
            "location" => value.contains("://"),
            _ => true,
        },
        Says::RequestHeader(name, value) => match name.as_str() {
            "host" => value.contains('.') && !value.contains(' '),
            "range" => value.contains('='),
            "origin" => value.contains("://") || value == "null",
            "content-type" | "accept" => value.contains('/'),
            _ => true,
        },
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_from_lines_and_dictionaries() {
        let text = "Server: tencent-cos\nOrigin: https://a.example\n{'date': 'Tue, 24 Nov 2026 02:19:03 GMT', \"x-cos-request-id\": \"abc\"}";
        let found: Vec<Says> = tokens(text).into_iter().map(|t| t.says).collect();
        assert!(found.contains(&Says::ResponseHeader("server".into(), "tencent-cos".into())));
        assert!(found.contains(&Says::RequestHeader("origin".into(), "https://a.example".into())));
        assert!(found.contains(&Says::ResponseHeader("x-cos-request-id".into(), "abc".into())));
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn a_content_type_belongs_to_its_section() {
        let text =
            "Response Headers\ncontent-type: application/xml\nRequest Headers\ncontent-type: image/png";
        let found: Vec<Says> = tokens(text).into_iter().map(|t| t.says).collect();
        assert_eq!(
            found,
            [
                Says::ResponseHeader("content-type".into(), "application/xml".into()),
                Says::RequestHeader("content-type".into(), "image/png".into())
            ]
        );
    }
}
