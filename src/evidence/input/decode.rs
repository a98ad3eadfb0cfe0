//! From bytes to text: byte order marks, UTF-16 as Windows shells redirect it, colours of a terminal.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::evidence::pattern::pattern;

/// ECMA-48 control sequences, as loggers write them for a terminal.
static ESCAPES: LazyLock<Regex> = LazyLock::new(|| pattern(r"\x1b\[[0-9;]*[A-Za-z]"));

/// Whether `bytes` are UTF-16, by their byte order mark or by the first character, which is a plain one.
pub(in crate::evidence) fn is_utf16(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) || matches!(bytes, [a, 0, ..] if *a != 0)
}

/// The text in `bytes`; what is not UTF-8 or UTF-16 turns into replacement characters.
pub(in crate::evidence) fn text(bytes: &[u8]) -> String {
    let text: Cow<'_, str> = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        [0xff, 0xfe, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)),
        [a, 0, ..] if *a != 0 => Cow::Owned(utf16(bytes, u16::from_le_bytes)),
        _ => String::from_utf8_lossy(bytes),
    };
    // Pages put these between words and letters; nobody sees them.
    let text = if text.contains(['\u{a0}', '\u{200b}', '\u{feff}']) {
        Cow::Owned(text.replace('\u{a0}', " ").replace(['\u{200b}', '\u{feff}'], ""))
    } else {
        text
    };
    if text.contains('\u{1b}') { ESCAPES.replace_all(&text, "").into_owned() } else { text.into_owned() }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> =
        bytes.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(unit).collect();
    String::from_utf16_lossy(&units)
}
