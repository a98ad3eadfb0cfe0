//! A tunnel that nobody looks into: bytes both ways, until both sides have ended or neither says anything any more.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::Stream;
use super::copy::Direction;
use crate::config::Settings;
use crate::observe::Outcome;
use crate::proxy::ticket::Ticket;

/// A tunnel whose last word was COS's has probably no request in flight: when coswhy ends, it waits no longer.
const SETTLED: Duration = Duration::from_secs(1);

/// How long bytes are still taken from a side that the other takes no more from.
const LINGER: Duration = Duration::from_secs(5);

/// Nothing is known of what goes on inside, so the longest silence that may occur in any part of a request holds.
pub(super) fn idle_limit(settings: &Settings) -> Duration {
    let (listener, upstream) = (&settings.listener, &settings.upstream);
    [
        listener.idle_timeout,
        listener.body_timeout,
        listener.send_timeout,
        upstream.body_timeout,
        upstream.response_timeout,
    ]
    .into_iter()
    .map(|limit| limit.0)
    .max()
    .unwrap_or_default()
}

enum End {
    Closed,
    Broken,
    Silent,
    Drained,
}

/// How long the tunnel has been in the state that it is in.
struct Pace {
    idle: Duration,
    moved: u64,
    since: Instant,
    /// The last bytes were the upstream's.
    answered: bool,
    draining: bool,
    /// Since when only bytes that nobody takes are waited for.
    lingering: Option<Instant>,
}

impl Pace {
    fn new(idle: Duration) -> Self {
        Self { idle, moved: 0, since: Instant::now(), answered: true, draining: false, lingering: None }
    }

    fn note(&mut self, up: &Direction, down: &Direction) {
        let moved = up.moved() + down.moved();
        if moved != self.moved {
            self.moved = moved;
            self.since = Instant::now();
        }
        if up.is_over() && down.is_over() && self.lingering.is_none() {
            self.lingering = Some(Instant::now());
        }
    }

    /// When it is too long, and what that means.
    fn deadline(&self) -> (Instant, End) {
        match self.lingering {
            Some(since) => (since + LINGER, End::Closed),
            None if self.draining && self.answered => (self.since + SETTLED, End::Drained),
            None => (self.since + self.idle, End::Silent),
        }
    }
}

/// Copies until the end; whatever that is, the log line tells what went through.
pub(super) async fn run(
    mut ticket: Ticket,
    mut client: Stream,
    mut upstream: TcpStream,
    idle: Duration,
    mut drain: watch::Receiver<bool>,
) {
    ticket.end(Outcome::Tunnelled);
    let (mut up, mut down) = (Direction::new(), Direction::new());
    let mut pace = Pace::new(idle);
    let mut drained = pin!(async move { drain.wait_for(|drain| *drain).await.map(drop) });
    let mut timer = pin!(sleep_until(Instant::now() + idle));
    let end = poll_fn(|cx| {
        pace.draining = pace.draining || drained.as_mut().poll(cx).is_ready();
        let (sent, received) = (up.moved(), down.moved());
        let broken = [up.poll(cx, &mut client, &mut upstream), down.poll(cx, &mut upstream, &mut client)]
            .into_iter()
            .any(|polled| matches!(polled, Poll::Ready(Err(_))));
        if (up.moved(), down.moved()) != (sent, received) {
            pace.answered = down.moved() != received;
        }
        pace.note(&up, &down);
        ticket.record.bytes_in = up.moved();
        ticket.record.bytes_out = down.moved();
        if broken {
            return Poll::Ready(End::Broken);
        }
        if up.has_ended() && down.has_ended() {
            return Poll::Ready(End::Closed);
        }
        loop {
            let (at, end) = pace.deadline();
            if at <= Instant::now() {
                return Poll::Ready(end);
            }
            if timer.deadline() != at {
                timer.as_mut().reset(at);
            }
            if timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    })
    .await;
    ticket.record.error = match end {
        End::Closed => None,
        End::Broken => Some("One side broke the tunnel off.".to_owned()),
        End::Silent => Some(format!("Neither side sent anything for {} s.", idle.as_secs())),
        End::Drained => Some("This proxy ended while nothing went through the tunnel.".to_owned()),
    };
}
