//! The way in: a reader of any format, and its failed exchanges.

use std::io::{self, BufRead, BufReader, Read};

use super::coswhy_log;
use super::decode;
use super::detect::{self, Format};
use super::error::EvidenceError;
use super::finding::Finding;
use super::har;
use super::source::{Evidence, Source};
use super::text;

/// The largest text that is searched; HARs and coswhy's logs are streamed and may be larger.
const LARGEST_TEXT: u64 = 32 * 1024 * 1024;

/// Reads the failed exchanges in `input`; `name` says where it comes from (`-`: standard input).
pub fn read(name: &str, input: impl Read) -> Result<Vec<Evidence>, EvidenceError> {
    let io = |source: io::Error| EvidenceError::Io { name: name.to_owned(), source };
    let mut input = BufReader::with_capacity(detect::HEAD, input);
    let mut head = Vec::new();
    input.by_ref().take(detect::HEAD as u64).read_to_end(&mut head).map_err(io)?;
    if decode::is_utf16(&head) {
        let mut bytes = head;
        input.take(LARGEST_TEXT + 1).read_to_end(&mut bytes).map_err(io)?;
        return of_format(name, io::Cursor::new(decode::text(&within_limit(name, bytes)?).into_bytes()));
    }
    of_format(name, io::Cursor::new(head).chain(input))
}

/// Reads an input whose format its beginning tells.
fn of_format(name: &str, mut input: impl Read) -> Result<Vec<Evidence>, EvidenceError> {
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
        Format::Har => har::read(name, BufReader::with_capacity(detect::HEAD, whole)),
        Format::HarEntries => {
            let bytes = limited(whole)?;
            let entries = bytes.trim_ascii();
            let (open, close) = if entries.starts_with(b"[") { ("", "}}") } else { ("[", "]}}") };
            let open = format!("{{\"log\":{{\"entries\":{open}");
            // It may be a program's JSON that only looks like an entry.
            har::read(name, open.as_bytes().chain(entries).chain(close.as_bytes()))
                .or_else(|_| read_text(name, &decode::text(&bytes)))
        }
        Format::CoswhyLog => log(name, BufReader::new(whole)),
        Format::Text => read_text(name, &decode::text(&limited(whole)?)),
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
    if text.trim().is_empty() {
        return Err(EvidenceError::Empty { name: name.to_owned() });
    }
    let found = text::read(text);
    if found.findings.is_empty() {
        return Err(match found.exchanges {
            0 => EvidenceError::Unknown { name: name.to_owned() },
            exchanges => EvidenceError::NoFailure { name: name.to_owned(), exchanges },
        });
    }
    let mut line = 1;
    let mut at = 0;
    Ok(found
        .findings
        .into_iter()
        .enumerate()
        .map(|(index, finding)| {
            let between = text.as_bytes().get(at..finding.at).unwrap_or(&[]);
            line += between.iter().filter(|byte| **byte == b'\n').count();
            at = at.max(finding.at);
            evidence(name, index + 1, Some(line), finding)
        })
        .collect())
}

/// coswhy's log, a line at a time.
fn log(name: &str, input: impl BufRead) -> Result<Vec<Evidence>, EvidenceError> {
    let mut found = Vec::new();
    let mut exchanges = 0;
    for (index, line) in input.split(b'\n').enumerate() {
        let line = line.map_err(|source| EvidenceError::Io { name: name.to_owned(), source })?;
        let Some(finding) = coswhy_log::finding(0, String::from_utf8_lossy(&line).trim()) else { continue };
        exchanges += 1;
        if coswhy_log::failed(&finding) {
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
