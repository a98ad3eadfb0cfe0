//! What an operator does meanwhile, once a second: other settings, broken ones, a rotation of the log.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use crate::harness::{Proxy, millis, within};
use crate::ledger::Ledger;

/// Each so manieth reload finds a broken file.
const BROKEN: usize = 7;
/// Each so manieth reload comes after the log was moved away.
const ROTATION: usize = 5;

pub(crate) struct Disturbance<'a> {
    proxy: &'a Proxy,
    ledger: &'a Ledger,
    settings: String,
    pub(crate) reloads: AtomicUsize,
    pub(crate) broken: AtomicUsize,
    pub(crate) rotations: AtomicUsize,
    over: AtomicBool,
}

impl<'a> Disturbance<'a> {
    pub(crate) fn new(proxy: &'a Proxy, ledger: &'a Ledger) -> Self {
        Self {
            proxy,
            ledger,
            settings: proxy.directory.read("coswhy.toml"),
            reloads: AtomicUsize::default(),
            broken: AtomicUsize::default(),
            rotations: AtomicUsize::default(),
            over: AtomicBool::default(),
        }
    }

    /// Until `end`.
    pub(crate) fn run(&self) {
        while !self.over.load(Relaxed) {
            self.once();
            within(millis(1000), || self.over.load(Relaxed));
        }
        self.write(&self.settings);
        self.proxy.hang_up();
    }

    pub(crate) fn end(&self) {
        self.over.store(true, Relaxed);
    }

    fn once(&self) {
        let number = self.reloads.fetch_add(1, Relaxed) + 1;
        if number.is_multiple_of(BROKEN) {
            self.broken.fetch_add(1, Relaxed);
            self.write(&format!("{}\nupstream.max_idle = \"many\"\n", self.settings));
        } else {
            let host = format!("files{number}.example.com");
            let map = format!(
                "[[map]]\nhost = \"{host}\"\nbucket = \"other-1250000000\"\nregion = \"ap-beijing\"\n"
            );
            self.write(&format!("{}\n{map}", self.settings));
        }
        let log = self.proxy.directory.path("log");
        let moved =
            number.is_multiple_of(ROTATION).then(|| self.proxy.directory.path(&format!("log.{number}")));
        if let Some(moved) = &moved {
            fs::rename(&log, moved).unwrap();
        }
        self.proxy.hang_up();
        if let Some(moved) = moved {
            self.rotations.fetch_add(1, Relaxed);
            assert!(within(millis(10_000), || log.exists()), "the log was not opened again");
            self.ledger.read(&moved);
            fs::remove_file(moved).unwrap();
        }
    }

    /// In one step, as editors and configuration management do it.
    fn write(&self, settings: &str) {
        let path: PathBuf = self.proxy.directory.path("coswhy.toml");
        let new = self.proxy.directory.write("coswhy.toml.new", settings);
        fs::rename(new, path).unwrap();
    }
}
