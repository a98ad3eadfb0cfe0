//! The HttpString and the StringToSign that a client printed of its own: what it signed, which belongs beside the
//! strings that COS computed.
//!
//! Both are told by their shape (a method and a path on two lines, the algorithm and a time), whether their line ends
//! are real or escaped; whose they are is told by the label before them.

use std::sync::LazyLock;

use regex::Regex;

use crate::evidence::mask;
use crate::evidence::pattern::pattern;
use crate::evidence::quoted::unescape;

/// A string that the client printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Printed {
    pub(super) at: usize,
    pub(super) is_http_string: bool,
    pub(super) text: String,
}

/// The first line of either, with its line end.
static START: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|[^\w/.\\-]|\\n)(?P<first>(?i:get|put|post|delete|head|options)|sha1)[ \t]*(?P<end>\\{1,2}n|\r?\n)",
    )
});

/// Longer lines are no line of such a string.
const LONGEST: usize = 4096;

/// As much as is read of a label.
const LABEL: usize = 96;

/// The strings that the client printed, in the order of `text`.
pub(super) fn find(text: &str) -> Vec<Printed> {
    let mut found: Vec<Printed> = Vec::new();
    let mut taken = 0;
    for captures in START.captures_iter(text) {
        let (Some(first), Some(end)) = (captures.name("first"), captures.name("end")) else { continue };
        if first.start() < taken {
            continue;
        }
        let Some(rest) = text.get(end.end()..) else { continue };
        let lines = Lines { rest, end: end.as_str() };
        let is_http_string = first.as_str() != "sha1";
        let read = if is_http_string { lines.http_string(first.as_str()) } else { lines.string_to_sign() };
        let Some((string, length)) = read else { continue };
        taken = end.end() + length;
        if is_clients(text, first.start(), is_http_string) && !mask::has_hole(&string) {
            found.push(Printed { at: first.start(), is_http_string, text: string });
        }
    }
    found
}

/// What follows the first line.
struct Lines<'t> {
    rest: &'t str,
    end: &'t str,
}

impl<'t> Lines<'t> {
    /// The line at `at`, and where the next begins.
    fn line(&self, at: usize) -> Option<(&'t str, usize)> {
        let rest = self.rest.get(at..)?;
        let near = rest.get(..rest.floor_char_boundary(LONGEST))?;
        let (line, next) = if self.end.starts_with('\\') {
            // A line end that is real ends the string, whatever follows.
            let piece = near.lines().next().unwrap_or("");
            match piece.split_once(self.end) {
                Some((line, _)) => (line, line.len() + self.end.len()),
                None => (piece, piece.len()),
            }
        } else {
            let line = near.split('\n').next()?;
            // in a code block or a quotation each line has the same mark before it
            let bare = line.trim_start_matches([' ', '\t', '>', '|']).trim_end_matches('\r');
            (bare, (line.len() + 1).min(rest.len()))
        };
        Some((line, at + next))
    }

    fn http_string(&self, method: &str) -> Option<(String, usize)> {
        let (path, at) = self.line(0)?;
        if path.is_empty() || path.contains("HTTP/") || path.contains(": ") {
            return None;
        }
        let (mut params, mut at) = self.line(at)?;
        let (mut headers, next) = self.line(at)?;
        headers = pairs(headers);
        if headers.is_empty() && params.starts_with("host=") && !self.end.starts_with('\\') {
            // an empty line is lost where text is copied
            (params, headers) = ("", pairs(params));
        } else {
            at = next;
        }
        let is_pairs = |line: &str| line.is_empty() || pairs(line).len() == line.len();
        let named = path.starts_with('/') || headers.starts_with("host=");
        if !is_pairs(params) || !named || headers.is_empty() && params.is_empty() {
            return None;
        }
        let path = if self.end.starts_with('\\') { self.plain(path) } else { path.to_owned() };
        Some((format!("{method}\n{path}\n{params}\n{headers}\n"), at))
    }

    fn string_to_sign(&self) -> Option<(String, usize)> {
        let (time, at) = self.line(0)?;
        let (hash, at) = self.line(at)?;
        let hash = hash.get(..40)?;
        let is_time = time.len() <= 32 && time.bytes().all(|b| b.is_ascii_digit() || b == b';');
        (is_time && hash.bytes().all(|b| b.is_ascii_hexdigit()))
            .then(|| (format!("sha1\n{time}\n{hash}\n"), at))
    }

    /// `path` without the escapes of the strings that it was printed in.
    fn plain(&self, path: &str) -> String {
        let once = unescape(path);
        if self.end.starts_with("\\\\") { unescape(&once) } else { once }
    }
}

/// The `name=value&…` that `line` begins with.
fn pairs(line: &str) -> &str {
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || "%&=._~-+:;*/".contains(c)));
    let pairs = line.get(..end.unwrap_or(line.len())).unwrap_or("");
    let name = pairs.split_once('=').map(|(name, _)| name);
    let is_name = |name: &str| !name.is_empty() && !name.contains([':', '/', ';', '*']);
    if name.is_some_and(is_name) { pairs } else { "" }
}

/// Words before a string that COS computed.
const OF_COS: [&str; 14] = [
    "formatstring",
    "format_string",
    "format string",
    "format-string",
    "server",
    "服务端",
    "服务器",
    "cos 返回",
    "cos返回",
    "cos 端",
    "cos 计算",
    "cos计算",
    "cos computed",
    "returned",
];

/// Words before one that the client made.
const OF_CLIENT: [&str; 16] = [
    "client",
    "客户端",
    "本地",
    "local",
    "mine",
    "my ",
    "own",
    "our",
    "my_",
    "我",
    "自己",
    "前端",
    "i sign",
    "i signed",
    "we sign",
    "sdk",
];

/// Names of what is signed, which are the client's unless something says that they are COS's.
const NAMES: [&str; 20] = [
    "httpstring",
    "http_string",
    "http string",
    "http-string",
    "待签名",
    "待签字符串",
    "签名串",
    "签名字符串",
    "签名内容",
    "签名原文",
    "签名前",
    "stringtosign",
    "string_to_sign",
    "string to sign",
    "string-to-sign",
    "signed",
    "signing",
    "to sign",
    "canonical",
    "计算",
];

/// Whether the label before `at` says that the client made what stands there.
fn is_clients(text: &str, at: usize, is_http_string: bool) -> bool {
    let before = text.get(..at).unwrap_or("");
    let before =
        before.get(before.floor_char_boundary(before.len().saturating_sub(2 * LABEL))..).unwrap_or("");
    let opening =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '“' | '‘' | '「' | '>' | '|' | '\\');
    let tag = before.trim_end().to_ascii_lowercase();
    if tag.ends_with("string>") || tag.ends_with("tosign>") {
        return false;
    }
    let mut before = before.trim_end_matches(opening);
    // a fence may name a language
    if let Some((above, fence)) = before.rsplit_once('\n')
        && fence.trim_start().starts_with("```")
    {
        before = above.trim_end_matches(opening);
    }
    let line = before.rsplit('\n').next().unwrap_or("");
    let line = line.get(line.floor_char_boundary(line.len().saturating_sub(LABEL))..).unwrap_or("");
    // what a logger printed before it is of something else
    let label = line.rsplit([',', '，', '{', ';']).next().unwrap_or(line).to_ascii_lowercase();
    let last = |words: &[&str]| words.iter().filter_map(|word| label.rfind(word)).max();
    let (cos, client, name) = (last(&OF_COS), last(&OF_CLIENT), last(&NAMES));
    match (cos, client) {
        (Some(_), None) => false,
        (Some(cos), Some(client)) => {
            client > cos
                || label.contains("format") && label.get(cos..).is_some_and(|l| l.starts_with("format"))
        }
        (None, Some(_)) => true,
        // COS's own is printed under the same name where it is no element
        (None, None) => name.is_some() && (is_http_string || text.contains("<StringToSign>")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(text: &str) -> Vec<String> {
        find(text).into_iter().map(|printed| printed.text).collect()
    }

    const HOST: &str = "host=b-1250000000.cos.ap-x.myqcloud.com";

    #[test]
    fn a_string_is_read_whatever_its_line_ends_are() {
        let expected = [format!("put\n/a 报告.txt\n\n{HOST}\n")];
        for text in [
            format!("HttpString: put\\n/a 报告.txt\\n\\n{HOST}\\n"),
            format!("http_string = \"put\\n/a 报告.txt\\n\\n{HOST}\\n\"\nmore"),
            format!("{{\"httpString\":\"put\\\\n/a \\\\u62a5\\\\u544a.txt\\\\n\\\\n{HOST}\\\\n\"}}"),
            format!("待签名字符串：\n```text\nput\n/a 报告.txt\n\n{HOST}\n```\n"),
            format!("My HttpString:\n\n    put\n    /a 报告.txt\n    \n    {HOST}\n\nwhy?"),
            format!("FormatString (client):\r\nput\r\n/a 报告.txt\r\n\r\n{HOST}\r\n"),
        ] {
            assert_eq!(strings(&text), expected, "{text}");
        }
    }

    #[test]
    fn what_cos_computed_is_not_the_clients() {
        for text in [
            format!("<FormatString>put\n/a\n\n{HOST}\n</FormatString>"),
            format!("<FormatString>put\\n/a\\n\\n{HOST}\\n</FormatString>"),
            format!("FormatString: put\n/a\n\n{HOST}\n"),
            format!("HttpString on the server:\nput\n/a\n\n{HOST}\n"),
            format!("put\n/a\n\n{HOST}\n"),
            "HttpString:\nPUT\n/a HTTP/1.1\nHost: b\n".to_owned(),
        ] {
            assert_eq!(strings(&text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_string_to_sign_is_the_clients_beside_coss_element() {
        let hash = "e4749280de18506e97ef041a3d0b650a47cceb23";
        let text = format!(
            "string_to_sign = \"sha1\\n1;2\\n{hash}\\n\"\n<StringToSign>sha1\n1;2\n{hash}\n</StringToSign>"
        );
        assert_eq!(strings(&text), [format!("sha1\n1;2\n{hash}\n")]);
    }
}
