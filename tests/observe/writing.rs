//! The writer: it never blocks a request, counts what it drops, and survives what its sink does.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

use coswhy::config::settings::{Language, Log};
use coswhy::observe::Observer;
use coswhy::observe::log::Format;

use super::sinks::{Gate, Memory, observer, success};

fn metric(observer: &Observer, name: &str) -> u64 {
    let text = observer.metrics().to_text();
    let line = text.lines().find(|line| line.starts_with(name)).expect(name);
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

/// Waits for something that another thread does soon.
fn soon(what: &str, mut happened: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(10);
    while !happened() {
        assert!(Instant::now() < until, "{what}: not within 10 s");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn every_line_of_many_threads_arrives_whole() {
    let memory = Memory::default();
    let observer = observer(memory.clone(), Format::Json);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..1000).for_each(|_| observer.record(success())));
        }
    });
    assert!(observer.flush());
    let dropped = metric(&observer, "coswhy_log_dropped_total");
    let requests = memory.lines().iter().filter(|line| line["outcome"] == "forwarded").count();
    assert_eq!(requests as u64 + dropped, 4000);
    assert_eq!(dropped, 0);
}

#[test]
fn a_line_appears_without_a_flush() {
    let memory = Memory::default();
    let observer = observer(memory.clone(), Format::Json);
    for wanted in 1..4 {
        observer.record(success());
        soon("a line", || memory.lines().len() == wanted);
    }
}

#[test]
fn a_blocked_sink_blocks_no_request_and_its_losses_are_counted_and_told() {
    let gate = Gate::default();
    let observer = observer(gate.clone(), Format::Json);
    let mut slowest = Duration::ZERO;
    let sent = 30_000;
    for _ in 0..sent {
        let record = success();
        let start = Instant::now();
        observer.record(record);
        slowest = slowest.max(start.elapsed());
    }
    // Generous, for a machine that does other things; a blocked write would never return.
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    let dropped = metric(&observer, "coswhy_log_dropped_total");
    assert!(dropped > 0 && dropped < sent, "{dropped}");
    gate.open();
    soon("a line that tells the loss", || gate.memory.text().contains("log lines were dropped"));
    assert!(observer.flush());
    let lines = gate.memory.lines();
    let told: u64 = lines.iter().filter_map(|line| line["fields"]["dropped"].as_u64()).sum();
    assert_eq!(told, dropped);
    let written = lines.iter().filter(|line| line["outcome"] == "forwarded").count() as u64;
    assert_eq!(written + dropped, sent);
    let notice = lines.iter().find(|line| line["fields"]["dropped"].is_u64()).unwrap();
    assert_eq!(notice["level"], "WARN");
}

#[test]
fn flushing_a_blocked_sink_gives_up() {
    let gate = Gate::default();
    let observer = observer(gate.clone(), Format::Json);
    observer.record(success());
    let start = Instant::now();
    assert!(!observer.flush());
    assert!(start.elapsed() < Duration::from_secs(5));
    gate.open();
    assert!(observer.flush());
}

#[test]
fn dropping_the_observer_writes_what_is_left() {
    let memory = Memory::default();
    let observer = observer(memory.clone(), Format::Json);
    (0..100).for_each(|_| observer.record(success()));
    drop(observer);
    assert_eq!(memory.lines().len(), 100);
}

/// Fails while it is told to, sometimes inside a line.
#[derive(Clone, Default)]
struct Fragile {
    broken: Arc<AtomicBool>,
    torn: Arc<AtomicBool>,
    memory: Memory,
}

impl Write for Fragile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.broken.load(SeqCst) {
            return self.memory.write(bytes);
        }
        if self.torn.swap(false, SeqCst) {
            return self.memory.write(&bytes[..bytes.len() / 2]);
        }
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_costs_lines_but_not_the_process() {
    let disk = Fragile::default();
    let observer = observer(disk.clone(), Format::Json);
    disk.broken.store(true, SeqCst);
    disk.torn.store(true, SeqCst);
    observer.record(success());
    assert!(observer.flush());
    observer.record(success());
    assert!(observer.flush());
    assert_eq!(metric(&observer, "coswhy_log_dropped_total"), 2);
    assert!(metric(&observer, "coswhy_log_write_errors_total") >= 2);

    disk.broken.store(false, SeqCst);
    observer.record(success());
    assert!(observer.flush());
    let text = disk.memory.text();
    let lines: Vec<_> = text.lines().collect();
    assert!(serde_json::from_str::<serde_json::Value>(lines[0]).is_err(), "the torn line: {text}");
    for line in &lines[1..] {
        serde_json::from_str::<serde_json::Value>(line).expect(line);
    }
    assert!(lines[1].contains("\"outcome\":\"forwarded\""), "{text}");
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("coswhy-{name}-{}", ulid::Ulid::generate()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_file_that_was_moved_away_is_opened_anew() {
    let folder = Folder::new("reopen");
    let (path, moved) = (folder.0.join("log"), folder.0.join("log.1"));
    fs::write(&path, "before\n").unwrap();
    let log = Log { file: Some(path.clone()), ..Log::default() };
    let observer = Observer::new(&log, 10, Language::En).unwrap();
    observer.record(success());
    assert!(observer.flush());
    fs::rename(&path, &moved).unwrap();
    observer.record(success());
    assert!(observer.flush());
    observer.reopen_log();
    soon("a new file", || path.exists());
    observer.record(success());
    assert!(observer.flush());
    assert_eq!(fs::read_to_string(&moved).unwrap().lines().count(), 3, "added to, never cut");
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 1);
}

#[test]
fn a_file_that_cannot_be_opened_anew_leaves_the_old_one() {
    let folder = Folder::new("gone");
    let inner = folder.0.join("inner");
    fs::create_dir(&inner).unwrap();
    let log = Log { file: Some(inner.join("log")), ..Log::default() };
    let observer = Observer::new(&log, 10, Language::En).unwrap();
    let moved = folder.0.join("moved");
    fs::rename(&inner, &moved).unwrap();
    observer.reopen_log();
    let text = || fs::read_to_string(moved.join("log")).unwrap();
    soon("a complaint", || text().contains("could not be opened again"));
    observer.record(success());
    assert!(observer.flush());
    assert_eq!(text().lines().count(), 2);
}

#[test]
fn a_file_that_cannot_be_opened_at_all_is_an_error() {
    let log = Log { file: Some("/nonexistent/folder/log".into()), ..Log::default() };
    assert!(Observer::new(&log, 10, Language::En).is_err());
}
