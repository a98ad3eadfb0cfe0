//! Undoing what wrapped a text on its way here: a dump's offsets, the escapes of web pages and of JSON, a mail's quote
//! marks, the punctuation of a Chinese keyboard or of a reader of pictures.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::evidence::body;
use crate::evidence::logs::wire;
use crate::evidence::messages::curl_trace;
use crate::evidence::pattern::pattern;

/// Tags with blanks inside, or in full-width marks.
static LOOSE_TAG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[<＜]\s*([/／]?)\s*(Error|Code|Message|Resource|RequestId|TraceId|ServerTime|StringToSign|FormatString|HostId)\s*[>＞]",
    )
});

/// The end of one piece and the beginning of the next.
static PIECES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?:' ?\+?|" ?\+?|` ?\+)[ \t]*\r?\n[ \t]+b?["'`]"#));

/// `text` as it was before it was wrapped.
pub(in crate::evidence) fn unwrapped(text: &str) -> Cow<'_, str> {
    if let Some(plain) = curl_trace::plain(text) {
        return Cow::Owned(plain);
    }
    if let Some(plain) = wire::plain(text) {
        return Cow::Owned(plain);
    }
    let mut text = Cow::Borrowed(text);
    for undo in [percent, entities, angles, slashes, pieces, loose_tags, unquoted] {
        if let Some(plain) = undo(&text) {
            text = Cow::Owned(plain);
        }
    }
    text
}

/// An element that every error body has.
fn has_element(text: &str) -> bool {
    text.contains("<Code>") || text.contains("<Message>")
}

/// A body that was handed on in a URL.
fn percent(text: &str) -> Option<String> {
    let encoded = !has_element(text) && (text.contains("%3CCode%3E") || text.contains("%3CMessage%3E"));
    encoded.then(|| percent_encoding::percent_decode_str(text).decode_utf8_lossy().replace('+', " "))
}

/// HTML's escapes of angle brackets, which may have been escaped once more.
fn entities(text: &str) -> Option<String> {
    if has_element(text) {
        return None;
    }
    let once = |text: &str| {
        ["&lt;Code", "&lt;Message", "&#60;Code", "&#x3c;Code", "&#x3C;Code"]
            .iter()
            .any(|escaped| text.contains(escaped))
            .then(|| body::entities(text))
    };
    if text.contains("&amp;lt;Code") { once(&body::entities(text)) } else { once(text) }
}

/// JSON's escapes of angle brackets, as Go and Java write them.
fn angles(text: &str) -> Option<String> {
    let escaped = !has_element(text) && (text.contains("\\u003c") || text.contains("\\u003C"));
    escaped.then(|| {
        text.replace("\\u003c", "<")
            .replace("\\u003C", "<")
            .replace("\\u003e", ">")
            .replace("\\u003E", ">")
            .replace("\\u0026", "&")
    })
}

/// JSON may escape slashes; Spring writes a word where a line ended.
fn slashes(text: &str) -> Option<String> {
    (text.contains("<\\/") || text.contains("<EOL>"))
        .then(|| text.replace("<\\/", "</").replace("<EOL>", "\n"))
}

/// Python and Node print a long string in pieces, each in quotes on a line of its own.
fn pieces(text: &str) -> Option<String> {
    let in_pieces = (text.contains("<Error") || has_element(text)) && PIECES.is_match(text);
    in_pieces.then(|| PIECES.replace_all(text, "").into_owned())
}

/// What reads pictures, and who types by hand, puts blanks and other brackets into tags.
fn loose_tags(text: &str) -> Option<String> {
    if !["< ", " >", "＜"].iter().any(|loose| text.contains(loose)) {
        return None;
    }
    let plain = LOOSE_TAG.replace_all(text, |tag: &regex::Captures<'_>| {
        let slash = if tag.get(1).is_some_and(|slash| !slash.is_empty()) { "/" } else { "" };
        format!("<{slash}{}>", tag.get(2).map_or("", |name| name.as_str()))
    });
    (plain != text).then(|| plain.into_owned())
}

/// A mail or a forum quotes with `> ` at the beginning of each line; curl marks what it sends so.
fn unquoted(text: &str) -> Option<String> {
    let mark = |line: &&str| line.starts_with('>');
    let (quoted, plain): (Vec<&str>, Vec<&str>) =
        text.lines().filter(|line| !line.trim().is_empty()).partition(mark);
    let is_quote = quoted.len() >= 2
        && plain.len() <= quoted.len() / 2
        && !text.contains("\n< ")
        && quoted.iter().any(|line| line.contains("Code") || line.contains("HTTP/"));
    is_quote.then(|| {
        let strip = |line: &str| {
            line.strip_prefix("> ").or_else(|| line.strip_prefix('>')).unwrap_or(line).to_owned()
        };
        text.lines().map(strip).collect::<Vec<_>>().join("\n")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_out_of_what_wrapped_it() {
        let plain = "<Code>A</Code>";
        for text in [
            "<Code>A</Code>",
            "&lt;Code&gt;A&lt;/Code&gt;",
            "%3CCode%3EA%3C/Code%3E",
            "&amp;lt;Code&amp;gt;A&amp;lt;/Code&amp;gt;",
            "&#60;Code&#62;A&#60;/Code&#62;",
            "\\u003cCode\\u003eA\\u003c/Code\\u003e",
            "<Code>A<\\/Code>",
            "＜Code＞A＜／Code＞",
            "< Code >A</ Code>",
        ] {
            assert_eq!(unwrapped(text), plain, "{text}");
        }
    }
}
