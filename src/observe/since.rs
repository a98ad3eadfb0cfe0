//! What `since` may be, in `/diagnoses` and in `coswhy tail`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::config::Span;
use crate::cos::time;

/// An RFC 3339 instant, epoch seconds, or a length of time before now.
pub(crate) fn instant(text: &str, now: SystemTime) -> Result<SystemTime, String> {
    if let Ok(span) = text.parse::<Span>() {
        // The system's clock can count to before 1970; nothing was recorded then.
        return Ok(now.checked_sub(span.0).unwrap_or(UNIX_EPOCH).max(UNIX_EPOCH));
    }
    let seconds = text.parse().ok().or_else(|| time::parse_iso8601(text));
    let since = seconds.and_then(|seconds| u64::try_from(seconds).ok());
    since.and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds))).ok_or_else(|| {
        "since is an instant (2026-11-24T02:17:48Z, or epoch seconds) or a time back (15m).".to_owned()
    })
}
