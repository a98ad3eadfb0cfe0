//! The file of `store.path`: how large it gets, and what it does not mind.

use std::fs;
use std::io;
use std::path::PathBuf;

use coswhy::config::settings::Store;
use coswhy::config::{ByteSize, Span};
use coswhy::observe::log::Format;
use coswhy::observe::ring::Filter;
use coswhy::observe::{Observer, Record};
use proptest::prelude::*;
use ulid::Ulid;

use super::sinks::{observer, refusal};

/// A file that is gone with its test.
struct File(PathBuf);

impl File {
    fn new() -> Self {
        let directory = std::env::temp_dir().join(format!("coswhy-store-{}", Ulid::generate()));
        fs::create_dir(&directory).unwrap();
        Self(directory)
    }

    fn settings(&self, max_size: usize) -> Store {
        Store { path: Some(self.path()), max_age: Span::secs(3600), max_size: ByteSize(max_size) }
    }

    fn path(&self) -> PathBuf {
        self.0.join("diagnoses.redb")
    }

    fn len(&self) -> u64 {
        fs::metadata(self.path()).unwrap().len()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn keeping(settings: &Store) -> Observer {
    let observer = observer(io::sink(), Format::Json);
    observer.keep_in(settings).unwrap();
    observer
}

fn record(observer: &Observer, count: usize) -> Vec<Ulid> {
    let ids: Vec<_> = (0..count).map(|_| Ulid::generate()).collect();
    ids.iter().for_each(|id| observer.record(refusal(*id)));
    ids
}

/// Debug builds may take longer than a flush waits.
fn is_written(observer: &Observer) -> bool {
    (0..10).any(|_| observer.flush())
}

fn ids(observer: &Observer) -> Vec<Ulid> {
    observer.ring().page(&Filter::default(), None, 10_000).0.iter().map(|entry| entry.id).collect()
}

#[test]
fn the_file_stays_within_its_size_and_is_made_use_of() {
    const MOST: usize = 1024 * 1024;
    let file = File::new();
    let observer = keeping(&file.settings(MOST));
    let mut all = Vec::new();
    for _ in 0..12 {
        all.extend(record(&observer, 25));
        assert!(is_written(&observer));
        assert!(file.len() <= MOST as u64, "{}", file.len());
    }
    // Larger ones, among them one that has no room at all beside others.
    for length in [10_000, 60_000, 10, 60_000] {
        let id = Ulid::generate();
        observer.record(Record { key: Some("k".repeat(length)), ..refusal(id) });
        all.push(id);
        assert!(is_written(&observer));
        assert!(file.len() <= MOST as u64, "{}", file.len());
    }
    all.reverse();
    let found = ids(&observer);
    // The ring holds 100, more than the file; so the file is asked alone.
    let again = {
        drop(observer);
        let copy = File::new();
        fs::copy(file.path(), copy.path()).unwrap();
        ids(&keeping(&copy.settings(MOST)))
    };
    assert_eq!(found[..again.len()], again);
    assert_eq!(all[..again.len()], again);
    assert!(again.len() >= 8, "{} of {MOST} bytes", again.len());
}

#[test]
fn a_smaller_bound_makes_the_file_smaller() {
    const SMALLER: usize = 256 * 1024;
    let file = File::new();
    let observer = keeping(&file.settings(8 * 1024 * 1024));
    record(&observer, 60);
    assert!(is_written(&observer));
    assert!(file.len() > SMALLER as u64);
    let copy = File::new();
    fs::copy(file.path(), copy.path()).unwrap();
    let observer = keeping(&copy.settings(SMALLER));
    let newest = record(&observer, 1);
    assert!(is_written(&observer));
    assert!(copy.len() <= SMALLER as u64, "{}", copy.len());
    assert_eq!(ids(&observer)[0], newest[0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Whatever is done to the file, the next process starts, keeps diagnoses, and shows whole ones alone.
    #[test]
    fn any_damage_is_survived(
        at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
        end in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let file = File::new();
        let before = {
            let observer = keeping(&file.settings(1024 * 1024));
            let ids = record(&observer, 10);
            prop_assert!(is_written(&observer));
            ids
        };
        let mut bytes = fs::read(file.path()).unwrap();
        for (at, byte) in at {
            let at = at.index(bytes.len());
            bytes[at] ^= byte;
        }
        if let Some(end) = end {
            bytes.truncate(end.index(bytes.len()));
        }
        let damaged = File::new();
        fs::write(damaged.path(), bytes).unwrap();
        let observer = keeping(&damaged.settings(1024 * 1024));
        for entry in observer.ring().page(&Filter::default(), None, 100).0 {
            prop_assert!(before.contains(&entry.id));
        }
        let new = record(&observer, 1);
        prop_assert!(is_written(&observer));
        prop_assert_eq!(ids(&observer)[0], new[0]);
    }
}
