//! Labelled values, in whatever form a program prints them: `Error Code: X;`, `'code': 'X'`, `code=X`,
//! `Code: Some("X")`, a page copied out of the developer tools.

use std::sync::LazyLock;

use regex::Regex;

use super::clients::invented;
use super::codes;
use super::pattern::pattern;
use super::quoted::{Quotes, quoted};
use super::request_id;
use super::token::{Name, Says, Token};
use super::url::{self, Address};

/// A label, which may be quoted, and what parts it from its value.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?ix)
        (?:^|[^\w-]|\\[nrt]) (?:\\?["'`])?
        ( (?:cos|aws|s3)?[\ _]? err(?:or)? [\ _]? code | cos[\ _]error[\ _]code | code | 错误码
        | (?:cos|aws)?[\ _]? err(?:or)? [\ _]? (?:message|msg) | message | msg | 错误信息
        | x-?(?:cos|ci|amz)-?request-?id | (?:cos|aws)?[\ _]? request[\ _-]? id | req[\ _]? id
        | (?:x-?cos-?)?trace[\ _-]?id
        | r?resou?rce (?:addr)?
        | (?:s3[\ ])? extended[\ _]?request[\ _]?id | host[\ _]?id | x-amz-id-2
        | http[\ _]?status[\ _]?code | status[\ _]?code | http[\ _]?code | http[\ ]response[\ ]code | response[\ ]code
        | http[\ _]?status | status | 状态代码 | 状态码
        | request[\ _]?method | http[\ _]?method | method | 请求方法
        | request[\ _]?ur[il] | effective[\ _]?ur[il] | ur[il] | 请求网址
        | server[\ _]?time | string[\ _]?to[\ _]?sign | format[\ _]?string
        | (?:cos[\ ])?error[\ ]type | service | proxy | user-agent | bucket[\ _]?name | object[\ _]?name | http[\ _]?message
        | status[\ _]?message | headers | __name | region | detail | details | cause | operation
        )
        (?:\\?["'`])? [\ \t]* (?: => | := | [:=：] )"#,
    )
});

/// The newer developer tools copy a label and its value on two lines.
static TWO_LINES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?m)^[ \t]*(Request URL|Request Method|Status Code|请求网址|请求方法|状态代码)[:：]?[ \t]*\r?\n[ \t]*(\S[^\r\n]*)",
    )
});

/// What a label means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Text(Name),
    Status,
    Url,
    /// Only ends the value before it.
    Other,
}

fn meaning(label: &str) -> Meaning {
    let plain: String =
        label.chars().filter(|c| !matches!(c, ' ' | '_' | '-')).map(|c| c.to_ascii_lowercase()).collect();
    let plain = plain.trim_start_matches("cos").trim_start_matches("aws");
    match plain {
        "code" | "errorcode" | "errcode" | "s3errorcode" | "错误码" => Meaning::Text(Name::Code),
        "message" | "errormessage" | "errmsg" | "errormsg" | "errmessage" | "msg" | "错误信息" => {
            Meaning::Text(Name::LabelledMessage)
        }
        "requestid" | "reqid" | "xcosrequestid" | "xcirequestid" | "xamzrequestid" => {
            Meaning::Text(Name::RequestId)
        }
        "traceid" | "xcostraceid" => Meaning::Text(Name::TraceId),
        "resource" | "rresource" | "resouce" | "resourceaddr" => Meaning::Text(Name::Resource),
        "hostid" | "extendedrequestid" | "s3extendedrequestid" | "xamzid2" => Meaning::Text(Name::HostId),
        "servertime" => Meaning::Text(Name::ServerTime),
        "stringtosign" => Meaning::Text(Name::StringToSign),
        "formatstring" => Meaning::Text(Name::FormatString),
        "method" | "requestmethod" | "httpmethod" | "请求方法" => Meaning::Text(Name::Method),
        "status" | "statuscode" | "httpstatuscode" | "httpstatus" | "httpcode" | "httpresponsecode"
        | "responsecode" | "状态代码" | "状态码" => Meaning::Status,
        "url" | "uri" | "requesturl" | "requesturi" | "effectiveurl" | "effectiveuri" | "请求网址" => {
            Meaning::Url
        }
        _ => Meaning::Other,
    }
}

struct Label {
    start: usize,
    value: usize,
    meaning: Meaning,
}

/// The labelled values in `text`.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let labels: Vec<Label> = LABEL
        .captures_iter(text)
        .filter_map(|found| {
            let label = found.get(1)?;
            Some(Label { start: label.start(), value: found.get(0)?.end(), meaning: meaning(label.as_str()) })
        })
        .collect();
    let mut tokens = Vec::new();
    let mut quotes = Quotes::of(text);
    for (index, label) in labels.iter().enumerate() {
        let end = labels.get(index + 1).map_or(text.len(), |next| next.start);
        let rest = text.get(label.value..).unwrap_or("");
        let until_next = text.get(label.value..end).unwrap_or("");
        tokens.extend(token(label, quotes.at(label.value), rest, until_next));
    }
    for found in TWO_LINES.captures_iter(text) {
        if let (Some(label), Some(value)) = (found.get(1), found.get(2)) {
            let label =
                Label { start: label.start(), value: value.start(), meaning: meaning(label.as_str()) };
            let value = value.as_str();
            tokens.extend(token(&label, quoted(value), value, value));
        }
    }
    tokens
}

fn token(label: &Label, quoted: Option<String>, rest: &str, until_next: &str) -> Option<Token> {
    let value = match quoted {
        Some(value) => value,
        None => bare(label.meaning, until_next).to_owned(),
    };
    let value = value.trim();
    let says = match label.meaning {
        Meaning::Other => return None,
        Meaning::Status => Says::Status(status(value)?),
        Meaning::Url => Says::Url(Address::parse(url::trimmed(value)).filter(|_| value.contains("://"))?),
        Meaning::Text(name) => text(name, value, rest)?,
    };
    Some(Token::new(label.start, says))
}

fn text(name: Name, value: &str, rest: &str) -> Option<Says> {
    let fits = match name {
        Name::Code => return code(value, rest),
        Name::LabelledMessage => {
            if invented::message(value) {
                return None;
            }
            is_message(value)
        }
        _ if invented::message(value) => false,
        Name::RequestId => {
            value.len() >= 8
                && value.bytes().all(|b| b.is_ascii_graphic())
                && value.bytes().any(|b| b.is_ascii_digit())
        }
        Name::TraceId | Name::HostId => value.len() >= 8 && !value.contains([' ', '.']),
        Name::Method => {
            return method(value).map(|m| Says::Text(Name::Method, m));
        }
        Name::Resource => {
            value.contains(['/', '.']) && !value.contains(char::is_whitespace) || value.starts_with('/')
        }
        Name::ServerTime => value.len() >= 10 && value.starts_with(|c: char| c.is_ascii_digit()),
        Name::StringToSign => value.starts_with("sha1") || value.starts_with("AWS4"),
        Name::FormatString => value.contains('\n'),
        Name::Message => true,
    };
    fits.then(|| Says::Text(name, value.to_owned()))
}

/// A code, or the status where a program prints that as its code.
fn code(value: &str, rest: &str) -> Option<Says> {
    if let Some(status) = status(value) {
        return Some(Says::CodeNumber(status));
    }
    // gRPC prints its own codes: `rpc error: code = PermissionDenied desc = …`.
    if invented::code(value)
        || rest.trim_start().get(value.len()..).is_some_and(|after| after.starts_with(" desc ="))
    {
        return None;
    }
    let shape = value.len() <= 64
        && value.starts_with(|c: char| c.is_ascii_uppercase())
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
        && value.bytes().any(|b| b.is_ascii_lowercase());
    (codes::known(value).is_some() || shape && value.bytes().filter(u8::is_ascii_uppercase).count() > 1)
        .then(|| Says::Text(Name::Code, value.to_owned()))
}

/// A message of COS is a sentence; what a logger calls message may hold a whole report.
fn is_message(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    value.len() <= 400
        && !value.contains(['<', '{', '\n'])
        && !["status code", "error code", "request id", "requestid", "exception", "an error occurred", "http"]
            .iter()
            .any(|inner| lower.contains(inner))
        && (codes::known(value).is_some()
            || !value.split(|c: char| !c.is_ascii_alphanumeric()).any(codes::unmistakable))
}

fn method(value: &str) -> Option<String> {
    let upper = value.to_ascii_uppercase();
    ["GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS"].contains(&upper.as_str()).then_some(upper)
}

/// A status that tells a failure; `403 Forbidden` counts.
pub(super) fn status(value: &str) -> Option<u16> {
    let digits = value.get(..3)?;
    if value.get(3..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.')) {
        return None;
    }
    digits
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|s| (400..600).contains(s))
}

/// `sentence` up to the next label, for programs that print a sentence without quotes.
pub(super) fn until_label(sentence: &str) -> &str {
    let end = LABEL.find(sentence).map_or(sentence.len(), |label| label.start());
    sentence.get(..end).unwrap_or(sentence).trim_end_matches([' ', ',', ';', '(', '{', '"', '\''])
}

/// A value without quotes: a sentence runs to the next label, anything else to the next delimiter.
fn bare(meaning: Meaning, until_next: &str) -> &str {
    let value = until_next.trim_start_matches([' ', '\t']);
    match meaning {
        Meaning::Text(Name::LabelledMessage) => sentence(value),
        Meaning::Text(Name::StringToSign | Name::FormatString) => {
            value.trim_end_matches([' ', ',', ';', '{', '}', '"', '\''])
        }
        Meaning::Text(Name::RequestId | Name::TraceId | Name::HostId) => {
            let end = value.find(|c: char| {
                !c.is_ascii_graphic() || matches!(c, ',' | ';' | ')' | '}' | ']' | '"' | '\'' | '<' | '&')
            });
            value.get(..end.unwrap_or(value.len())).unwrap_or("").trim_end_matches('.')
        }
        Meaning::Url => value.split([' ', '\t', '\r', '\n', '"', '\'', '<']).next().unwrap_or(""),
        _ => {
            let end = value.find([
                ' ', '\t', '\r', '\n', ',', ';', ')', '}', ']', '"', '\'', '(', '，', '。', '；', '、', '）',
                '（',
            ]);
            value.get(..end.unwrap_or(value.len())).unwrap_or("")
        }
    }
}

/// A sentence's end: the line's, or the bracket that was opened before it.
pub(super) fn sentence(value: &str) -> &str {
    let line = value.lines().next().unwrap_or("");
    let mut depth = 0_usize;
    let mut end = line.len();
    for (at, c) in line.char_indices() {
        match c {
            '(' | '{' | '[' => depth += 1,
            '<' => {
                end = at;
                break;
            }
            ')' | '}' | ']' if depth == 0 => {
                end = at;
                break;
            }
            ')' | '}' | ']' => depth -= 1,
            _ => {}
        }
    }
    line.get(..end)
        .unwrap_or("")
        .trim_end_matches([' ', ',', ';', '(', '{', '[', '"', '\'', '|', '，', '；', '。'])
}

/// RequestIds without a label.
pub(super) fn request_ids(text: &str) -> Vec<Token> {
    request_id::find(text).map(|(at, id)| Token::text(at, Name::RequestId, id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<Says> {
        tokens(text).into_iter().map(|t| t.says).collect()
    }

    #[test]
    fn labels_with_sentences_end_at_the_next_label() {
        assert_eq!(
            said(
                "403 AccessDenied(Message: Access Denied., RequestId: NWQzMWE1M2RfMTlh, TraceId: OGVmYzZiMmQz)"
            ),
            [
                Says::Text(Name::LabelledMessage, "Access Denied.".into()),
                Says::Text(Name::RequestId, "NWQzMWE1M2RfMTlh".into()),
                Says::Text(Name::TraceId, "OGVmYzZiMmQz".into()),
            ]
        );
    }

    #[test]
    fn a_dictionary_a_debug_print_and_a_user_info_say_the_same() {
        for text in [
            "{'code': 'NoSuchKey', 'status': 404}",
            r#"ErrorMetadata { code: Some("NoSuchKey"), status: 404 }"#,
            "UserInfo={Code=NoSuchKey, HTTPStatusCode=404}",
            "Error Code: NoSuchKey; Status Code: 404; Proxy: null",
            r#"{\"Code\":\"NoSuchKey\",\"statusCode\":404}"#,
        ] {
            let said = said(text);
            assert!(said.contains(&Says::Text(Name::Code, "NoSuchKey".into())), "{text}: {said:?}");
            assert!(said.contains(&Says::Status(404)), "{text}: {said:?}");
        }
    }

    #[test]
    fn what_is_not_coss_is_left_out() {
        assert_eq!(said("rpc error: code = PermissionDenied desc = x"), []);
        assert_eq!(said("{ code: 'ECONNRESET', message: 'Forbidden', status: 200 }"), []);
        assert_eq!(said("level=error msg=\"put: 403 AccessDenied\""), []);
    }

    #[test]
    fn the_developer_tools_print_labels_and_values_on_two_lines() {
        let said = said(
            "Request URL\nhttps://b-1.cos.ap-x.myqcloud.com/k\nRequest Method\nPUT\nStatus Code\n403 Forbidden",
        );
        assert!(said.contains(&Says::Status(403)));
        assert!(said.contains(&Says::Text(Name::Method, "PUT".into())));
        assert!(said.iter().any(|s| matches!(s, Says::Url(_))));
    }
}
