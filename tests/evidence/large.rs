//! A HAR of tens of megabytes passes through in little memory.

use std::io::{self, Read};

use coswhy::evidence::read;

/// A HAR made while it is read: many answers with large bodies, and one that failed.
struct Endless {
    part: Vec<u8>,
    at: usize,
    entries: usize,
    bytes: u64,
    peak_pages: u64,
}

const ENTRIES: usize = 30;
const BODY: usize = 2 * 1024 * 1024;

impl Endless {
    fn new() -> Self {
        let head = br#"{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"1"},"entries":["#;
        Self { part: head.to_vec(), at: 0, entries: 0, bytes: 0, peak_pages: 0 }
    }

    fn next(&mut self) {
        self.at = 0;
        self.entries += 1;
        let entry = |status: u16, text: &str| {
            format!(
                r#"{{"request":{{"method":"GET","url":"https://b-1250000000.cos.ap-x.myqcloud.com/{}","headers":[]}},"response":{{"status":{status},"headers":[],"content":{{"size":1,"text":"{text}"}}}}}}"#,
                self.entries
            )
        };
        self.part = match self.entries {
            n if n < ENTRIES => (entry(200, &"a".repeat(BODY)) + ",").into_bytes(),
            ENTRIES => entry(403, "<Error><Code>AccessDenied</Code></Error>").into_bytes(),
            n if n == ENTRIES + 1 => b"]}}".to_vec(),
            _ => Vec::new(),
        };
    }
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.part.len() {
            self.next();
        }
        let n = buffer.len().min(self.part.len() - self.at);
        buffer[..n].copy_from_slice(&self.part[self.at..self.at + n]);
        self.at += n;
        self.bytes += n as u64;
        self.peak_pages = self.peak_pages.max(resident_pages());
        Ok(n)
    }
}

/// Linux's own count, in pages of 4 KiB; 0 elsewhere.
fn resident_pages() -> u64 {
    std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|statm| statm.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}

#[test]
fn a_large_har_is_read_without_a_copy_of_its_bodies() {
    let before = resident_pages();
    let mut har = Endless::new();
    let found = read("big.har", &mut har).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].source.entry, ENTRIES);
    assert!(har.bytes > 55 * 1024 * 1024);
    let grown = har.peak_pages.saturating_sub(before) * 4096;
    assert!(grown < 24 * 1024 * 1024, "grew by {grown} bytes while {} passed", har.bytes);
}

#[test]
fn a_long_log_takes_time_in_proportion_to_its_length() {
    let line =
        "2026-03-24 12:00:01 ERROR put \"k\": AccessDenied: Access Denied. status code: 403, request id: ";
    let log = |lines: u32| -> String {
        (0..lines)
            .map(|n| {
                let id = format!("{:08x}_a3420b09_1a47_{n:07x}", 0x69bc_5ca0_u32 + n);
                let id = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, id);
                format!("{line}{id}, host id: \n")
            })
            .collect()
    };
    let time = |lines: u32| {
        let log = log(lines);
        let start = std::time::Instant::now();
        assert_eq!(read("log", log.as_bytes()).unwrap().len(), lines as usize);
        start.elapsed().as_secs_f64()
    };
    let (short, long) = (time(500), time(4000));
    assert!(long < short * 8.0 * 4.0 + 0.5, "{short} s for 500 lines, {long} s for 4000");
}

/// Nothing breaks these into lines: whatever looks for the end of one must not look through all of it each time.
#[test]
fn a_line_without_end_takes_time_in_proportion_to_its_length() {
    for piece in [
        "AccessDenied ",
        "<Error><Code>AccessDenied</Code></Error> ",
        "'code': 'x' +",
        "https://b-1250000000.cos.ap-x.myqcloud.com/a ",
        "1.0 b-1 r 2026-03-24T12:00:01Z a.b GetObject ",
        "< Code >",
        "q-ak=***&",
    ] {
        let time = |bytes: usize| {
            let line = piece.repeat(bytes / piece.len());
            let start = std::time::Instant::now();
            let _ = read("line", line.as_bytes());
            start.elapsed().as_secs_f64()
        };
        let (short, long) = (time(20_000), time(160_000));
        assert!(long < short * 8.0 * 4.0 + 0.5, "{piece}: {short} s for 20 kB, {long} s for 160 kB");
    }
}
