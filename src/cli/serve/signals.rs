//! Signals: SIGTERM and SIGINT begin the end, a second one ends at once; SIGHUP reopens the log file and reloads.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use super::notify;
use crate::admin::Reload;
use crate::observe::Observer;
use crate::proxy::{Draining, Reloader};

/// What signals lead to.
#[derive(Debug)]
pub(super) struct Heeds {
    pub(super) draining: Draining,
    pub(super) ready: Arc<AtomicBool>,
    pub(super) observer: Observer,
    pub(super) reload: Reload,
    pub(super) proxy: Reloader,
}

impl Heeds {
    /// From now on.
    pub(super) fn begin(self) -> io::Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut hangup = signal(SignalKind::hangup())?;
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = terminate.recv() => self.end(),
                    _ = interrupt.recv() => self.end(),
                    _ = hangup.recv() => self.hang_up(),
                }
            }
        });
        Ok(())
    }

    fn end(&self) {
        if self.draining.has_started() {
            self.observer.flush();
            std::process::exit(1);
        }
        tracing::info!("ending: requests in flight may finish; a second signal ends at once");
        self.ready.store(false, Relaxed);
        notify::stopping(&self.proxy.settings().listener);
        self.draining.start();
    }

    fn hang_up(&self) {
        self.observer.reopen_log();
        // Where many wait already, the last of them comes after this signal and sees what it is about.
        let _ = self.reload.try_send(oneshot::channel().0);
    }
}
