//! What each client saw, against what the log says of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

const UNASKED: u8 = 0;
const ANSWERED: u8 = 1;
const LEFT: u8 = 2;

pub(crate) struct Ledger {
    seen: Vec<AtomicU8>,
    lines: Vec<AtomicU8>,
    statuses: Mutex<BTreeMap<u16, usize>>,
}

impl Ledger {
    pub(crate) fn new(numbers: usize) -> Self {
        let column = || (0..numbers).map(|_| AtomicU8::new(0)).collect();
        Self { seen: column(), lines: column(), statuses: Mutex::default() }
    }

    pub(crate) fn answered(&self, number: usize, status: u16) {
        self.seen[number].store(ANSWERED, Relaxed);
        *self.statuses.lock().unwrap().entry(status).or_default() += 1;
    }

    /// The client went away: coswhy may or may not have read the request.
    pub(crate) fn left(&self, number: usize) {
        self.seen[number].store(LEFT, Relaxed);
    }

    pub(crate) fn statuses(&self) -> BTreeMap<u16, usize> {
        self.statuses.lock().unwrap().clone()
    }

    pub(crate) fn answers(&self) -> usize {
        self.statuses().values().sum()
    }

    /// Counts the requests' lines of a log file that nobody writes to any more.
    pub(crate) fn read(&self, log: &Path) {
        let text = fs::read_to_string(log).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'), "{} ends within a line", log.display());
        for (at, line) in text.lines().enumerate() {
            let Some(number) = number(line) else {
                // Everything else in the log is whole as well.
                assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{}: {line}", log.display());
                continue;
            };
            // Parsing all of them would take longer than serving them did.
            if at % 50 == 0 {
                serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|e| panic!("{e}: {line}"));
            }
            self.lines[number].fetch_add(1, Relaxed);
        }
    }

    pub(crate) fn lines(&self) -> usize {
        self.lines.iter().map(|count| usize::from(count.load(Relaxed))).sum()
    }

    /// Each answer has exactly one line, each request that its client left one at most, any other none.
    pub(crate) fn settle(&self) {
        for (number, (seen, lines)) in self.seen.iter().zip(&self.lines).enumerate() {
            let (seen, lines) = (seen.load(Relaxed), lines.load(Relaxed));
            let right = match seen {
                ANSWERED => lines == 1,
                LEFT => lines <= 1,
                UNASKED => lines == 0,
                _ => false,
            };
            assert!(right, "{number} ({seen}) has {lines} lines: {:?}", crate::plan::Plan::of(number));
        }
    }
}

/// The number of the request that a line is about.
fn number(line: &str) -> Option<usize> {
    let (_, path) = line.split_once("\"path\":\"/")?;
    let digits = path.strip_prefix("soak/").or_else(|| path.strip_prefix("calm/"))?;
    let (digits, _) = digits.split_once('"')?;
    digits.parse().ok()
}
