//! What the service manager is told (sd_notify(3)): ready, reloading, stopping, and that the workers still work. Without
//! NOTIFY_SOCKET nothing is.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::time::{MissedTickBehavior, interval};

use crate::config::settings::Listener;
use crate::proxy::Pulse;

/// What the end takes beside the times of the settings.
const LEAVING: Duration = Duration::from_secs(10);

pub(super) fn ready(says: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(says)]);
}

/// To be followed by `ready`, whatever becomes of it.
pub(super) fn reloading() {
    let now = NotifyState::monotonic_usec_now().ok();
    let states: Vec<_> = [NotifyState::Reloading, NotifyState::Status("reloading the settings")]
        .into_iter()
        .chain(now)
        .collect();
    tell(&states);
}

/// The requests under way may take as long as the settings let them, whatever the unit's TimeoutStopSec.
pub(super) fn stopping(listener: &Listener) {
    let takes = (listener.drain_delay.0 + listener.drain_timeout.0 + LEAVING).as_micros();
    tell(&[
        NotifyState::Stopping,
        NotifyState::Status("draining: requests under way may end"),
        NotifyState::ExtendTimeoutUsec(u32::try_from(takes).unwrap_or(u32::MAX)),
    ]);
}

/// Feeds the watchdog, where there is one, for as long as every worker answers: one that is stuck lets it bite.
pub(super) fn feed_watchdog(pulse: Pulse) {
    let Some(limit) = sd_notify::watchdog_enabled().filter(|limit| !limit.is_zero()) else { return };
    tokio::spawn(async move {
        let mut tick = interval(limit / 2);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            pulse.of_every_worker().await;
            tell(&[NotifyState::Watchdog]);
        }
    });
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!("the service manager cannot be told anything (NOTIFY_SOCKET): {error}");
    }
}
