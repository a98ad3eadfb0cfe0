//! What is in force: requests find it here when they begin, and a reload puts something else in its place.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

use super::snapshot::Shared;
use crate::config::Settings;
use crate::diagnosis::Engine;

/// The one place where what all share is exchanged. What it was before lives as long as requests that began with it.
#[derive(Debug)]
pub(crate) struct Current {
    newest: watch::Sender<Arc<Shared>>,
    /// That of the newest: a look at it is all that a request pays.
    version: AtomicU64,
}

impl Current {
    pub(super) fn new(shared: Shared) -> Self {
        Self { version: AtomicU64::new(shared.version), newest: watch::Sender::new(Arc::new(shared)) }
    }

    pub(crate) fn get(&self) -> Arc<Shared> {
        Arc::clone(&self.newest.borrow())
    }

    /// Whether this is still in force.
    pub(crate) fn is(&self, shared: &Shared) -> bool {
        self.version.load(Ordering::Acquire) == shared.version
    }

    /// Changes with every reload.
    pub(crate) fn reloads(&self) -> watch::Receiver<Arc<Shared>> {
        self.newest.subscribe()
    }

    fn put(&self, shared: Shared) {
        let version = shared.version;
        self.newest.send_replace(Arc::new(shared));
        self.version.store(version, Ordering::Release);
    }
}

/// Puts other settings into place while the proxy runs. One reload at a time is for whoever has it to see to.
#[derive(Debug, Clone)]
pub struct Reloader(pub(super) Arc<Current>);

impl Reloader {
    /// Requests that begin from now on go by `settings` and `engine`. Reads the files that the settings name, so it
    /// belongs on a thread that may wait.
    ///
    /// # Errors
    /// Where a setting does not hold up, as a sentence that begins with its name; nothing has changed then.
    ///
    /// Gives the settings whose files are other ones, though they may have the same names.
    pub fn reload(&self, settings: &Settings, engine: Arc<Engine>) -> Result<Vec<&'static str>, String> {
        let before = self.0.get();
        let after = Shared::after(&before, settings, engine)?;
        let changed = after.read_other_than(&before);
        self.0.put(after);
        Ok(changed)
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.0.get().settings.clone()
    }
}
