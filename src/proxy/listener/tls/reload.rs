//! New certificates without a restart: the files are looked at every second, and taken once they have come to rest.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::certificates::{Certificates, Files};

const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What tells one state of a file from another; `None` where it is not there. The links that lead to it may change
/// as well, which is how Kubernetes replaces secrets.
type Trace = Option<(u64, u64, i64, i64, u64)>;

fn trace(path: &Path) -> Trace {
    let seen = fs::metadata(path).ok()?;
    Some((seen.dev(), seen.ino(), seen.mtime(), seen.mtime_nsec(), seen.size()))
}

fn traces(files: &[Files]) -> Vec<Trace> {
    files.iter().flat_map(|pair| [trace(&pair.cert), trace(&pair.key)]).collect()
}

/// The files' state when they were last read.
#[derive(Debug, Clone)]
pub(super) struct Seen(Vec<Trace>);

impl Seen {
    /// To be called before the files are read: what changes meanwhile is then seen as new.
    pub(super) fn now(files: &[Files]) -> Self {
        Self(traces(files))
    }
}

/// Takes changed files for as long as it is polled. Where they are no good the old certificates stay.
pub(super) async fn keep_fresh(certificates: &Certificates, files: &[Files], seen: Seen) {
    let Seen(mut taken) = seen;
    let mut before = taken.clone();
    let mut tick = interval(LOOK_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let now = traces(files);
        // Two files are not replaced at one moment: half of a pair is no reason to complain.
        let at_rest = now == before;
        before.clone_from(&now);
        if !at_rest || now == taken {
            continue;
        }
        taken = now;
        match certificates.replace(files) {
            Ok(()) => tracing::info!("tls: the certificates have been read again"),
            Err(says) => tracing::warn!("{says}; the certificates read before stay in use"),
        }
    }
}
