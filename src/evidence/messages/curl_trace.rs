//! curl's `--trace` and `--trace-ascii`: dumps with offsets, put back into the lines that `-v` would have shown.

use std::sync::LazyLock;

use regex::Regex;

use crate::evidence::pattern::pattern;

static MARK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:\d\d:\d\d:\d\d\.\d{3,6} )?(?:== Info: (?P<info>.*)|(?P<way>=>|<=) (?:Send|Recv) (?P<what>header|data|SSL data), \d+ bytes \(0x[0-9a-f]+\))$",
    )
});

static DUMP: LazyLock<Regex> = LazyLock::new(|| pattern(r"^([0-9a-f]{4,8}): (.*)$"));

/// A line of `--trace`: up to 16 bytes, padded to the column where they stand as text.
static HEX: LazyLock<Regex> = LazyLock::new(|| pattern(r"^((?:[0-9a-f]{2} ){1,16}) *[^\n]{1,16}$"));

/// `--trace-ascii` prints a dot for a line break inside a body, so that what was signed can't be read from it.
static DOTTED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"<(?:StringToSign|FormatString)>[^<]*(?:</(?:StringToSign|FormatString)>)?"));

/// As many characters as one line of `--trace-ascii` has at most.
const WIDTH: usize = 64;

/// `text` as `-v` would have shown it, if it is such a dump. Every line stays a line, so that places in it do too.
pub(in crate::evidence) fn plain(text: &str) -> Option<String> {
    if !text.contains("= Recv header, ") && !text.contains("=> Send header, ") {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(found) = MARK.captures(line) else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        let info = found.name("info").map_or("", |info| info.as_str());
        out.push_str("* ");
        out.push_str(info);
        out.push('\n');
        let mut dump = Vec::new();
        while let Some(row) = lines.peek().and_then(|row| DUMP.captures(row)) {
            let offset = row.get(1).and_then(|at| usize::from_str_radix(at.as_str(), 16).ok());
            dump.push((offset.unwrap_or(0), row.get(2).map_or("", |row| row.as_str())));
            lines.next();
        }
        let sent = found.name("way").is_some_and(|way| way.as_str() == "=>");
        match found.name("what").map(|what| what.as_str()) {
            Some("header") => message(&mut out, if sent { "> " } else { "< " }, &dump),
            Some("data") if !sent => message(&mut out, "", &dump),
            // What was uploaded, and the records of TLS.
            _ => fill(&mut out, dump.len()),
        }
    }
    Some(out)
}

/// The lines of a message, each behind `mark`, and lines that say nothing for the rest of the dump's.
fn message(out: &mut String, mark: &str, dump: &[(usize, &str)]) {
    let is_hex = dump.first().is_some_and(|(_, row)| HEX.is_match(row));
    let content = if is_hex { bytes(dump) } else { characters(dump) };
    let content =
        if mark.is_empty() && !is_hex { DOTTED.replace_all(&content, "").into_owned() } else { content };
    let mut written = 0;
    for line in content.lines() {
        out.push_str(mark);
        out.push_str(line);
        out.push('\n');
        written += 1;
    }
    fill(out, dump.len().saturating_sub(written));
}

fn fill(out: &mut String, lines: usize) {
    for _ in 0..lines {
        out.push_str("* \n");
    }
}

fn bytes(dump: &[(usize, &str)]) -> String {
    let hex = dump.iter().filter_map(|(_, row)| HEX.captures(row)?.get(1).map(|hex| hex.as_str()));
    let bytes: Vec<u8> =
        hex.flat_map(str::split_whitespace).filter_map(|byte| u8::from_str_radix(byte, 16).ok()).collect();
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
}

/// A row that is full goes on in the next one, unless a line break, which is not printed, stood between them.
fn characters(dump: &[(usize, &str)]) -> String {
    let mut content = String::new();
    for (index, (offset, row)) in dump.iter().enumerate() {
        content.push_str(row);
        let goes_on = dump.get(index + 1).is_some_and(|(next, _)| *next == offset.saturating_add(WIDTH));
        if !(goes_on && row.chars().count() == WIDTH) {
            content.push('\n');
        }
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_of_characters_is_joined_where_it_was_cut() {
        let long = "a".repeat(59);
        let text = format!(
            "=> Send header, 99 bytes (0x63)\n0000: GET /{}\n0040: bc HTTP/1.1\n004d: Host: b\n0056: \n",
            long
        );
        let plain = plain(&text).unwrap();
        assert_eq!(plain, format!("* \n> GET /{}bc HTTP/1.1\n> Host: b\n> \n* \n", long));
    }

    #[test]
    fn a_dump_of_bytes_has_its_line_breaks() {
        let text = "<= Recv data, 5 bytes (0x5)\n0000: 3c 61 0a 62 3e                                  <a.b>\n= Recv header, ";
        assert!(plain(text).unwrap().starts_with("* \n<a\nb>\n"));
    }
}
