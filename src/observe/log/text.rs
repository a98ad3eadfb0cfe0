//! Text of strangers inside a log line: JSON strings (RFC 8259, section 7) and text for a terminal.
//!
//! In both, control characters are escaped, those of C1 too: a terminal that shows the log takes them as
//! commands.

use serde::Serialize;

/// Appends `text` as a JSON string with its quotes.
pub(crate) fn push_json(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    push_json_inner(out, text);
    out.push(b'"');
}

/// Appends `text` as the inside of a JSON string.
pub(super) fn push_json_inner(out: &mut Vec<u8>, text: &str) {
    if is_plain(text) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let mut utf8 = [0; 4];
    for c in text.chars() {
        match c {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            c if c.is_control() => push_escape(out, c),
            c => out.extend_from_slice(c.encode_utf8(&mut utf8).as_bytes()),
        }
    }
}

/// Appends what serde makes of `value`. Its control characters, which JSON itself lets stand above U+001F, are inside
/// strings and so may be escaped in the finished text.
pub(super) fn push_serialised(out: &mut Vec<u8>, value: &impl Serialize) {
    let start = out.len();
    if serde_json::to_writer(&mut *out, value).is_err() {
        out.truncate(start);
        out.extend_from_slice(b"null");
    }
    let json = out.get(start..).unwrap_or_default();
    // serde has escaped those below U+0020
    if !json.iter().fold(false, |found, b| found | (*b == 0x7f) | (*b == 0xc2)) {
        return;
    }
    let json = String::from_utf8_lossy(json).into_owned();
    out.truncate(start);
    let mut utf8 = [0; 4];
    for c in json.chars() {
        if c.is_control() {
            push_escape(out, c);
        } else {
            out.extend_from_slice(c.encode_utf8(&mut utf8).as_bytes());
        }
    }
}

/// Appends `text` with its control characters as `\u001b`, so that it cannot steer a terminal or begin a line.
pub(crate) fn push_terminal(out: &mut Vec<u8>, text: &str) {
    let mut utf8 = [0; 4];
    for c in text.chars() {
        if c.is_control() || is_bidi_control(c) {
            push_escape(out, c);
        } else {
            out.extend_from_slice(c.encode_utf8(&mut utf8).as_bytes());
        }
    }
}

/// Whether every byte may stand as it is. A whole pass without an early end is what the compiler turns into
/// vector instructions. 0xC2 leads the C1 controls (and the Latin-1 signs, which then take the slow way).
fn is_plain(text: &str) -> bool {
    text.bytes()
        .fold(true, |plain, b| plain & (b >= 0x20) & (b != b'"') & (b != b'\\') & (b != 0x7f) & (b != 0xc2))
}

fn push_escape(out: &mut Vec<u8>, c: char) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        let nibble = (u32::from(c) >> shift) & 0xf;
        out.extend(usize::try_from(nibble).ok().and_then(|n| HEX.get(n)));
    }
}

/// Marks that turn the direction of text, with which a name can be made to look like another.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_comes_back_from_its_json(text in any::<String>()) {
            let mut out = Vec::new();
            push_json(&mut out, &text);
            let back: String = serde_json::from_slice(&out).unwrap();
            prop_assert_eq!(back, text);
            prop_assert!(!String::from_utf8(out).unwrap().contains(char::is_control));
        }

        #[test]
        fn no_control_character_reaches_a_terminal(text in any::<String>()) {
            let mut out = Vec::new();
            push_terminal(&mut out, &text);
            prop_assert!(!String::from_utf8(out).unwrap().contains(char::is_control));
        }
    }

    #[test]
    fn control_characters_of_both_sets_are_escaped() {
        let mut out = Vec::new();
        push_json(&mut out, "a\u{1b}[31m\u{9b}\u{7f}\"\\\n£é\u{2028}");
        assert_eq!(String::from_utf8(out).unwrap(), "\"a\\u001b[31m\\u009b\\u007f\\\"\\\\\\n£é\u{2028}\"");
    }
}
