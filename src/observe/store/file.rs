//! The file of the store: opened, checked, and set aside where it is damaged.

use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use redb::{Builder, Database, DatabaseError, StorageError};

use super::shelf;

/// Pages that redb keeps in memory.
const CACHE: usize = 8 * 1024 * 1024;
/// The owner alone reads it: it tells who asked for what.
const MODE: u32 = 0o600;

/// Why the file can't be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Another process has it; it may end.
    InUse,
    /// It is no store of this version, or no longer whole.
    Damaged(String),
    /// The system refuses: permissions, disk full.
    Unusable(String),
}

impl Refusal {
    /// In words, after the file's name.
    pub(super) fn says(&self) -> &str {
        match self {
            Self::InUse => "another process is using it",
            Self::Damaged(says) | Self::Unusable(says) => says,
        }
    }

    /// Of an error that came while the file was open.
    pub(super) fn of(error: &redb::Error) -> Self {
        let says = error.to_string();
        match error {
            redb::Error::Io(_) | redb::Error::PreviousIo | redb::Error::DatabaseClosed => {
                Self::Unusable(says)
            }
            _ => Self::Damaged(says),
        }
    }
}

/// What `work` gives; a panic inside redb, as damaged pages can cause, is damage.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    let panicked = |_| Err(Refusal::Damaged("its pages contradict each other".to_owned()));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(panicked)
}

/// Opens the file, made where it is missing or empty; every page of it is checked.
pub(super) fn open(path: &Path) -> Result<Database, Refusal> {
    make(path).map_err(|error| Refusal::Unusable(error.to_string()))?;
    guarded(|| {
        let opened = Builder::new().set_cache_size(CACHE).set_check_integrity_on_open(true).create(path);
        let database = opened.map_err(|error| refusal(&error))?;
        shelf::begin(&database)?;
        Ok(database)
    })
}

fn make(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create(true).truncate(false).mode(MODE).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    fs::set_permissions(path, Permissions::from_mode(MODE))
}

fn refusal(error: &DatabaseError) -> Refusal {
    let says = error.to_string();
    match error {
        DatabaseError::DatabaseAlreadyOpen => Refusal::InUse,
        // How redb says that something is no database, or shorter than it was.
        DatabaseError::Storage(StorageError::Io(error))
            if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) =>
        {
            Refusal::Damaged(says)
        }
        DatabaseError::Storage(StorageError::Io(_)) => Refusal::Unusable(says),
        _ => Refusal::Damaged(says),
    }
}

/// Gives the file another name, so that a new one can be begun. The one that was set aside before goes: however often
/// it happens, the disk holds two.
pub(super) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".damaged");
    let aside = PathBuf::from(aside);
    fs::rename(path, &aside)?;
    Ok(aside)
}
