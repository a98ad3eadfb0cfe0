//! The way in: a reader of any format, and its failed exchanges.

use std::io::{self, BufRead, BufReader, Read};

use super::error::EvidenceError;
use super::finding::Finding;
use super::har;
use super::input::decode;
use super::input::detect::{self, Format};
use super::input::pieces::pieces;
use super::logs::coswhy;
use super::source::{Evidence, Source};
use super::text;

/// The largest text that is searched; HARs and coswhy's logs are streamed and may be larger.
const LARGEST_TEXT: u64 = 32 * 1024 * 1024;

/// Reads the failed exchanges in `input`; `name` says where it comes from (`-`: standard input).
pub fn read(name: &str, input: impl Read) -> Result<Vec<Evidence>, EvidenceError> {
    read_at_most(usize::MAX, name, input)
}

/// Reads the first `most` failed exchanges in `input`.
pub fn read_at_most(most: usize, name: &str, input: impl Read) -> Result<Vec<Evidence>, EvidenceError> {
    let io = |source: io::Error| EvidenceError::Io { name: name.to_owned(), source };
    let mut input = BufReader::with_capacity(detect::HEAD, input);
    let mut head = Vec::new();
    input.by_ref().take(detect::HEAD as u64).read_to_end(&mut head).map_err(io)?;
    if decode::is_utf16(&head) {
        let mut bytes = head;
        input.take(LARGEST_TEXT + 1).read_to_end(&mut bytes).map_err(io)?;
        return of_format(
            most,
            name,
            io::Cursor::new(decode::text(&within_limit(name, bytes)?).into_bytes()),
        );
    }
    of_format(most, name, io::Cursor::new(head).chain(input))
}

/// Reads an input whose format its beginning tells.
fn of_format(most: usize, name: &str, mut input: impl Read) -> Result<Vec<Evidence>, EvidenceError> {
    let io = |source: io::Error| EvidenceError::Io { name: name.to_owned(), source };
    let mut head = Vec::new();
    input.by_ref().take(detect::HEAD as u64).read_to_end(&mut head).map_err(io)?;
    let format = detect::detect(&head);
    let plain = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head).to_vec();
    let whole = io::Cursor::new(plain).chain(input);
    let limited = |whole: io::Chain<io::Cursor<Vec<u8>>, _>| {
        let mut bytes = Vec::new();
        whole.take(LARGEST_TEXT + 1).read_to_end(&mut bytes).map_err(io)?;
        within_limit(name, bytes)
    };
    match format {
        Format::Har => har::read(most, name, BufReader::with_capacity(detect::HEAD, whole)),
        Format::HarEntries => {
            let bytes = limited(whole)?;
            let entries = bytes.trim_ascii();
            let (open, close) = if entries.starts_with(b"[") { ("", "}}") } else { ("[", "]}}") };
            let open = format!("{{\"log\":{{\"entries\":{open}");
            // It may be a program's JSON that only looks like an entry.
            har::read(most, name, open.as_bytes().chain(entries).chain(close.as_bytes()))
                .or_else(|_| text_at_most(most, name, &decode::text(&bytes)))
        }
        Format::CoswhyLog => log(most, name, BufReader::new(whole)),
        Format::Text => text_at_most(most, name, &decode::text(&limited(whole)?)),
    }
}

fn within_limit(name: &str, bytes: Vec<u8>) -> Result<Vec<u8>, EvidenceError> {
    if bytes.len() as u64 > LARGEST_TEXT {
        return Err(EvidenceError::TooLarge { name: name.to_owned(), limit_mib: LARGEST_TEXT >> 20 });
    }
    Ok(bytes)
}

/// Reads the failed exchanges in a text that is no HAR.
pub fn read_text(name: &str, text: &str) -> Result<Vec<Evidence>, EvidenceError> {
    text_at_most(usize::MAX, name, text)
}

fn text_at_most(most: usize, name: &str, text: &str) -> Result<Vec<Evidence>, EvidenceError> {
    if text.trim().is_empty() {
        return Err(EvidenceError::Empty { name: name.to_owned() });
    }
    let mut all = Vec::new();
    let mut exchanges = 0;
    let mut line = 1;
    let mut at = 0;
    for (began, piece) in pieces(text) {
        let found = text::read(piece);
        exchanges += found.exchanges;
        for finding in found.findings.into_iter().take(most - all.len()) {
            let place = began + finding.at;
            let between = text.as_bytes().get(at..place).unwrap_or(&[]);
            line += between.iter().filter(|byte| **byte == b'\n').count();
            at = at.max(place);
            all.push(evidence(name, all.len() + 1, Some(line), finding));
        }
        if all.len() == most {
            break;
        }
    }
    if all.is_empty() {
        return Err(match exchanges {
            0 => EvidenceError::Unknown { name: name.to_owned() },
            exchanges => EvidenceError::NoFailure { name: name.to_owned(), exchanges },
        });
    }
    Ok(all)
}

/// coswhy's log, a line at a time.
fn log(most: usize, name: &str, input: impl BufRead) -> Result<Vec<Evidence>, EvidenceError> {
    let mut found = Vec::new();
    let mut exchanges = 0;
    for (index, line) in input.split(b'\n').enumerate() {
        let line = line.map_err(|source| EvidenceError::Io { name: name.to_owned(), source })?;
        let Some(finding) = coswhy::finding(0, String::from_utf8_lossy(&line).trim()) else { continue };
        exchanges += 1;
        if coswhy::failed(&finding) && found.len() < most {
            found.push(evidence(name, found.len() + 1, Some(index + 1), finding));
        }
    }
    if found.is_empty() {
        return Err(EvidenceError::NoFailure { name: name.to_owned(), exchanges });
    }
    Ok(found)
}

fn evidence(name: &str, entry: usize, line: Option<usize>, finding: Finding) -> Evidence {
    let source = Source { name: name.to_owned(), kind: finding.kind, entry, line };
    Evidence { source, exchange: finding.into_exchange() }
}
