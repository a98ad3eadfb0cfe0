//! A timer that rings where a watch's phase has lasted too long.

use std::future::Future;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use super::watch::{Phase, Watch};

/// A timer that is not set yet.
pub(super) fn timer() -> Sleep {
    sleep_until(Instant::now() + Duration::from_secs(3600))
}

/// The phase that has lasted too long, if one has; else the timer is set for when it will have.
///
/// The timer is only ever moved when it rings or is due too late, so that an ordinary request moves no timer.
pub(super) fn passed(watch: &Watch, mut timer: Pin<&mut Sleep>, cx: &mut Context<'_>) -> Option<Phase> {
    loop {
        let (at, phase) = watch.deadline()?;
        if at >= timer.deadline() && !timer.is_elapsed() {
            return timer.as_mut().poll(cx).is_ready().then_some(()).and_then(|()| passed_by_now(watch));
        }
        if at <= Instant::now() {
            return Some(phase);
        }
        timer.as_mut().reset(at);
        if timer.as_mut().poll(cx).is_pending() {
            return None;
        }
    }
}

fn passed_by_now(watch: &Watch) -> Option<Phase> {
    watch.deadline().filter(|(at, _)| *at <= Instant::now()).map(|(_, phase)| phase)
}
