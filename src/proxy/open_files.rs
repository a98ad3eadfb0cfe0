//! As many open files as the settings can make the process want.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::config::Settings;

/// What is open besides connections: logs, the admin listener and who asks it, the runtimes' own.
const BESIDES: u64 = 64;

/// Raises the process's limit as far as the system lets it, and warns where that is not far enough.
///
/// A client's connection has one to the upstream for each request under way, and places are counted for both.
pub(crate) fn raise_limit(settings: &Settings) {
    let max_connections = settings.listener.max_connections;
    let wanted = u64::try_from(max_connections).unwrap_or(u64::MAX).saturating_mul(2).saturating_add(BESIDES);
    let now = getrlimit(Resource::Nofile);
    let Some(current) = now.current.filter(|current| *current < wanted) else { return };
    let to = now.maximum.map_or(wanted, |maximum| maximum.min(wanted));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(to), maximum: now.maximum });
    let limit = if raised.is_ok() { to } else { current };
    if limit < wanted - BESIDES {
        let fits = limit.saturating_sub(BESIDES) / 2;
        tracing::warn!(
            "this process may open {limit} files, too few for listener.max_connections = {max_connections}, which may \
             want two each: raise the limit (ulimit -Hn, LimitNOFILE), or set max_connections to {fits} at most"
        );
    }
}
