//! Diagnoses kept in a file, so that they outlive the process: `store.path`.
//!
//! The file is a redb database (<https://docs.rs/redb>): pure Rust, one file, every commit whole or not there at all. A
//! thread of its own writes; requests hand their diagnosis to a bounded queue and go on.

mod counts;
mod file;
mod head;
mod shelf;
mod whole;
mod writer;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::Duration;

use redb::Database;
use ulid::Ulid;

pub(super) use self::counts::Counts;
pub(super) use self::head::Stored;
use self::writer::{Task, Writer};
use super::entry::Entry;
use crate::config::settings::{self, Language};

/// Diagnoses that wait to be written; where there are more, the newest are not kept.
const QUEUE: usize = 1024;
/// How long the end of the process waits for what is not written yet.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

/// The kept diagnoses. A clone is the same store.
#[derive(Debug, Clone)]
pub(super) struct Store {
    shared: Arc<Shared>,
    queue: SyncSender<Task>,
}

/// What the writing thread and the readers have in common.
#[derive(Debug)]
struct Shared {
    path: PathBuf,
    max_age: Duration,
    max_size: u64,
    language: Language,
    counts: Counts,
    /// `None`: the file can't be used right now.
    database: RwLock<Option<Database>>,
}

/// What was in the file at the start.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The newest, oldest first.
    pub(super) entries: Vec<Arc<Entry>>,
    /// The highest number that was given.
    pub(super) last: u64,
}

impl Store {
    /// Opens the file and starts the thread that writes it; `None` without `store.path`. A file that can't be used is
    /// told in the log, and tried again later: nothing of it holds up the start. Gives back the newest `count`.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub(super) fn start(
        settings: &settings::Store,
        language: Language,
        counts: Counts,
        count: usize,
    ) -> io::Result<Option<(Self, Found)>> {
        let Some(path) = settings.path.clone() else { return Ok(None) };
        let shared = Arc::new(Shared {
            path,
            max_age: settings.max_age.0,
            max_size: settings.max_size.0 as u64,
            language,
            counts,
            database: RwLock::default(),
        });
        let (queue, tasks) = sync_channel(QUEUE);
        let store = Self { shared: Arc::clone(&shared), queue };
        let mut writer = Writer::new(shared, tasks);
        writer.open();
        let mut entries = store.below(u64::MAX, count);
        entries.reverse();
        let last = entries.last().map_or(0, |entry| entry.number);
        thread::Builder::new().name("store".to_owned()).spawn(move || writer.run())?;
        Ok(Some((store, Found { entries, last })))
    }

    /// Has a diagnosis kept. Never waits.
    pub(super) fn keep(&self, entry: Arc<Entry>) {
        if let Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) =
            self.queue.try_send(Task::Keep(entry))
        {
            self.shared.counts.dropped.inc();
        }
    }

    /// The newest entries whose number is below `before`, newest first, `count` at most.
    pub(super) fn below(&self, before: u64, count: usize) -> Vec<Arc<Entry>> {
        let stored = self.read(|database| shelf::below(database, before, count)).unwrap_or_default();
        stored.into_iter().filter_map(|(number, stored)| self.entry(number, stored)).collect()
    }

    /// The entry of a diagnosis.
    pub(super) fn get(&self, id: Ulid) -> Option<Arc<Entry>> {
        let (number, stored) = self.read(|database| shelf::get(database, id)).flatten()?;
        self.entry(number, stored)
    }

    /// The whole of one as JSON.
    pub(super) fn whole(&self, number: u64, language: Language) -> Option<Vec<u8>> {
        self.read(|database| shelf::whole(database, number, language)).flatten()
    }

    fn entry(&self, number: u64, stored: Stored) -> Option<Arc<Entry>> {
        Entry::from_store(number, stored, self.shared.language, self.clone()).map(Arc::new)
    }

    /// Waits until what was handed over is in the file, for two seconds at most; returns whether it is.
    pub(super) fn flush(&self) -> bool {
        let (done, written) = sync_channel(1);
        self.shared.is_open()
            && self.queue.try_send(Task::Flush(done)).is_ok()
            && written.recv_timeout(CLOSE_PATIENCE).is_ok()
    }

    /// What `look` finds in the file; `None` where that can't be read.
    fn read<T>(&self, look: impl FnOnce(&Database) -> Result<T, redb::Error>) -> Option<T> {
        let database = self.shared.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref()?;
        // A page that was damaged since it was checked may make redb panic; the writer will meet it too.
        let found = catch_unwind(AssertUnwindSafe(|| look(database)));
        match found {
            Ok(Ok(found)) => Some(found),
            Ok(Err(_)) | Err(_) => {
                self.shared.counts.errors.inc();
                None
            }
        }
    }
}

impl Shared {
    fn is_open(&self) -> bool {
        self.database.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn put(&self, database: Option<Database>) {
        let old =
            std::mem::replace(&mut *self.database.write().unwrap_or_else(PoisonError::into_inner), database);
        // Closing a database writes to it.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(old)));
    }
}
