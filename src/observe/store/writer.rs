//! The thread that writes the file: gathers for half a second, commits, keeps age and size within their bounds, and
//! begins a new file where the old one is damaged.

use std::fs;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use redb::Database;

use super::Shared;
use super::file::{self, Refusal};
use super::head::Stored;
use super::shelf::{self, Item, Stock};
use super::whole;
use crate::config::settings::Language;
use crate::observe::entry::Entry;

/// How long diagnoses gather before they are committed: a crash loses these and no more.
const GATHER: Duration = Duration::from_millis(500);
/// Of these so many at most.
const BATCH: usize = 256;
/// How often the oldest are looked at while nothing is written.
const LOOK: Duration = Duration::from_secs(60);
/// How soon a file is tried again that another process has: it may be the one that this one replaces.
const SOON: Duration = Duration::from_secs(1);
/// And one that the system refuses.
const LATER: Duration = Duration::from_secs(10);
/// The same failure is told again after this.
const COMPLAINT: Duration = Duration::from_secs(600);

pub(super) enum Task {
    Keep(Arc<Entry>),
    /// Asks to be told when all before it is in the file.
    Flush(SyncSender<()>),
}

pub(super) struct Writer {
    shared: Arc<Shared>,
    tasks: Receiver<Task>,
    stock: Stock,
    /// Gathered, and not in the file yet.
    items: Vec<Item>,
    complained: Option<(String, Instant)>,
    /// Before a file that can't be used is tried again.
    pause: Duration,
}

impl Writer {
    pub(super) fn new(shared: Arc<Shared>, tasks: Receiver<Task>) -> Self {
        Self { shared, tasks, stock: Stock::default(), items: Vec::new(), complained: None, pause: SOON }
    }

    /// Writes until nobody hands anything over any more.
    pub(super) fn run(mut self) {
        loop {
            if !self.shared.is_open() {
                // What comes meanwhile waits in the queue, as far as that goes.
                thread::sleep(self.pause);
                self.open();
                continue;
            }
            let (flushes, ended) = self.gather();
            if self.commit() {
                for done in flushes {
                    // Who waited may have gone.
                    let _ = done.try_send(());
                }
            }
            if ended {
                self.shared.put(None);
                return;
            }
        }
    }

    /// Opens the file; sets it aside and begins another one where it is damaged.
    pub(super) fn open(&mut self) {
        let path = &self.shared.path;
        let mut opened = self.try_open();
        if let Err(Refusal::Damaged(says)) = &opened {
            match file::set_aside(path) {
                Ok(aside) => {
                    tracing::warn!(
                        "store.path: {} is damaged ({says}); it was set aside as {}, and a new one was begun",
                        path.display(),
                        aside.display()
                    );
                    opened = self.try_open();
                }
                Err(error) => {
                    opened = Err(Refusal::Unusable(format!(
                        "it is damaged ({says}) and can't be renamed: {error}"
                    )));
                }
            }
        }
        match opened {
            Ok((database, stock)) => {
                self.stock = stock;
                self.shared.put(Some(database));
                self.measure();
                if self.complained.take().is_some() {
                    tracing::info!("store.path: {} keeps diagnoses now", path.display());
                }
            }
            Err(refusal) => self.complain(&refusal),
        }
    }

    fn try_open(&self) -> Result<(Database, Stock), Refusal> {
        let database = file::open(&self.shared.path)?;
        file::guarded(|| {
            let stock = shelf::stock(&database).map_err(|error| Refusal::of(&error))?;
            Ok((database, stock))
        })
    }

    /// Once for each failure, and again after a while.
    fn complain(&mut self, refusal: &Refusal) {
        self.pause = if *refusal == Refusal::InUse { SOON } else { LATER };
        let says = refusal.says();
        let told =
            self.complained.as_ref().is_some_and(|(told, at)| told == says && at.elapsed() < COMPLAINT);
        if !told {
            tracing::warn!(
                "store.path: {} can't be used, and diagnoses are kept in memory alone until it can: {says}",
                self.shared.path.display()
            );
            self.complained = Some((says.to_owned(), Instant::now()));
        }
    }

    /// Waits for the first diagnosis, and gathers those that come soon after it. Returns whom to tell when they are
    /// written, and whether no more can come.
    fn gather(&mut self) -> (Vec<SyncSender<()>>, bool) {
        let mut flushes = Vec::new();
        // What could not be written before is tried again soon.
        let mut until = Instant::now() + if self.items.is_empty() { LOOK } else { GATHER };
        // What is put in and what it pushes out are in the file together for a while.
        let most = self.shared.max_size / 16;
        let mut size: u64 = self.items.iter().map(Item::size).sum();
        while self.items.len() < BATCH && size < most {
            match self.tasks.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Task::Keep(entry)) => {
                    if self.items.is_empty() {
                        until = Instant::now() + GATHER;
                    }
                    let item = item(&entry);
                    size += item.size();
                    self.items.push(item);
                }
                Ok(Task::Flush(done)) => {
                    flushes.push(done);
                    break;
                }
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return (flushes, true),
            }
        }
        (flushes, false)
    }

    /// Returns whether all that was gathered is in the file.
    fn commit(&mut self) -> bool {
        let Shared { max_age, max_size, .. } = *self.shared;
        let oldest = SystemTime::now().checked_sub(max_age);
        // redb doubles its file when that is full, so it may never fill half of the bound. Beside the diagnoses this has
        // room for what a commit writes and the one before has freed.
        let most = max_size / 16 * 5;
        let is_too_much = |stock: &Stock, first: Option<&Stored>| {
            stock.size > most || first.is_none_or(|first| oldest.is_some_and(|oldest| first.at < oldest))
        };
        let written = {
            let database = self.shared.database.read().unwrap_or_else(PoisonError::into_inner);
            let Some(database) = database.as_ref() else { return false };
            file::guarded(|| {
                shelf::put(database, &self.items, self.stock, is_too_much)
                    .map_err(|error| Refusal::of(&error))
            })
        };
        match written {
            Ok(stock) => {
                self.stock = stock;
                self.items.clear();
                self.measure();
                self.compact();
                true
            }
            Err(refusal) => {
                self.shared.counts.errors.inc();
                // It has to be closed and opened again, and what was gathered is tried again then.
                self.shared.put(None);
                self.complain(&refusal);
                false
            }
        }
    }

    fn size(&self) -> u64 {
        fs::metadata(&self.shared.path).map_or(0, |file| file.len())
    }

    fn measure(&self) {
        let counts = &self.shared.counts;
        counts.size.set(i64::try_from(self.size()).unwrap_or(i64::MAX));
        counts.diagnoses.set(i64::try_from(self.stock.count).unwrap_or(i64::MAX));
    }

    /// Gives room back to the system where the file is larger than it may be: `store.max_size` was lowered.
    fn compact(&self) {
        if self.size() <= self.shared.max_size {
            return;
        }
        let mut database = self.shared.database.write().unwrap_or_else(PoisonError::into_inner);
        let Some(database) = database.as_mut() else { return };
        let compacted =
            file::guarded(|| database.compact().map_err(|error| Refusal::Unusable(error.to_string())));
        if compacted.is_err() {
            self.shared.counts.errors.inc();
        }
        self.measure();
    }
}

fn item(entry: &Entry) -> Item {
    Item {
        number: entry.number,
        id: entry.id,
        head: entry.to_stored().encode(),
        whole: whole::pack(
            &entry.whole(Some(Language::En)).unwrap_or_default(),
            &entry.whole(Some(Language::Zh)).unwrap_or_default(),
        ),
    }
}
