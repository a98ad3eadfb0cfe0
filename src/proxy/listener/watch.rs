//! What a client's connection is waiting for and since when: every timeout of a connection comes from here.
//!
//! A request touches a few atomics instead of arming timers; the connection's driver keeps one sleeping timer
//! and looks here when it rings.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use crate::config::{Settings, Span};

/// What the connection is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Phase {
    /// For the first byte of a request.
    Idle,
    /// For the rest of a request's head.
    Head,
    /// For nothing but coswhy itself.
    Working,
    /// For the client to send more of its body.
    Upload,
    /// For the upstream to take more of the client's body.
    Push,
    /// For the head of the upstream's answer.
    Answer,
    /// For more of the upstream's body.
    Download,
    /// For the client to take more of its answer.
    Send,
}

impl Phase {
    fn from_u8(n: u8) -> Self {
        match n {
            0 => Self::Idle,
            1 => Self::Head,
            3 => Self::Upload,
            4 => Self::Push,
            5 => Self::Answer,
            6 => Self::Download,
            7 => Self::Send,
            _ => Self::Working,
        }
    }
}

/// How long each phase may last, in milliseconds.
#[derive(Debug)]
pub(crate) struct Limits {
    idle: AtomicU64,
    head: AtomicU64,
    upload: AtomicU64,
    push: AtomicU64,
    answer: AtomicU64,
    download: AtomicU64,
    send: AtomicU64,
}

impl Limits {
    pub(crate) fn new(settings: &Settings) -> Self {
        let limit = |span: Span| AtomicU64::new(u64::try_from(span.0.as_millis()).unwrap_or(u64::MAX));
        Self {
            idle: limit(settings.listener.idle_timeout),
            head: limit(settings.listener.header_timeout),
            upload: limit(settings.listener.body_timeout),
            push: limit(settings.upstream.body_timeout),
            answer: limit(settings.upstream.response_timeout),
            download: limit(settings.upstream.body_timeout),
            send: limit(settings.listener.send_timeout),
        }
    }

    fn all(&self) -> [&AtomicU64; 7] {
        let Self { idle, head, upload, push, answer, download, send } = self;
        [idle, head, upload, push, answer, download, send]
    }

    fn become_like(&self, other: &Self) {
        for (own, new) in self.all().into_iter().zip(other.all()) {
            own.store(new.load(Relaxed), Relaxed);
        }
    }

    fn of(&self, phase: Phase) -> Option<Duration> {
        let limit = match phase {
            Phase::Idle => &self.idle,
            Phase::Head => &self.head,
            Phase::Working => return None,
            Phase::Upload => &self.upload,
            Phase::Push => &self.push,
            Phase::Answer => &self.answer,
            Phase::Download => &self.download,
            Phase::Send => &self.send,
        };
        Some(Duration::from_millis(limit.load(Relaxed)))
    }
}

impl Clone for Limits {
    fn clone(&self) -> Self {
        let [idle, head, upload, push, answer, download, send] =
            self.all().map(|limit| AtomicU64::new(limit.load(Relaxed)));
        Self { idle, head, upload, push, answer, download, send }
    }
}

/// Shared by a connection's driver, its socket, and the request in flight.
#[derive(Debug)]
pub(crate) struct Watch {
    limits: Limits,
    born: Instant,
    phase: AtomicU8,
    /// Milliseconds after `born`.
    since: AtomicU64,
    /// When the client stopped taking bytes, milliseconds after `born` plus one; 0: it takes them.
    blocked: AtomicU64,
    /// When a head of HTTP/2 began that is still under way, as above; it has a time beside the phase's.
    head: AtomicU64,
    expired: AtomicBool,
    /// How long the upstream's answer may take, in milliseconds, where its route says so; 0: as ever.
    answer_limit: AtomicU64,
    driver: Mutex<Option<Waker>>,
}

impl Watch {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            born: Instant::now(),
            phase: AtomicU8::new(Phase::Idle as u8),
            since: AtomicU64::new(0),
            blocked: AtomicU64::new(0),
            head: AtomicU64::new(0),
            expired: AtomicBool::new(false),
            answer_limit: AtomicU64::new(0),
            driver: Mutex::new(None),
        }
    }

    /// One with the same limits.
    pub(crate) fn sibling(&self) -> Self {
        Self::new(self.limits.clone())
    }

    /// Other limits from now on.
    pub(crate) fn keep_to(&self, limits: &Limits) {
        self.limits.become_like(limits);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn phase(&self) -> Phase {
        Phase::from_u8(self.phase.load(Relaxed))
    }

    pub(crate) fn enter(&self, phase: Phase) {
        self.since.store(self.now(), Relaxed);
        self.phase.store(phase as u8, Relaxed);
    }

    /// Like `enter`, from another task than the connection's: its driver must look at the new deadline.
    pub(crate) fn enter_and_wake(&self, phase: Phase) {
        self.enter(phase);
        if let Some(waker) = self.driver.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            waker.wake_by_ref();
        }
    }

    /// How long the request in flight may wait for its answer's head; `None`: as long as any.
    pub(crate) fn limit_answer(&self, limit: Option<Duration>) {
        let millis = limit.map_or(0, |limit| u64::try_from(limit.as_millis()).unwrap_or(u64::MAX).max(1));
        self.answer_limit.store(millis, Relaxed);
    }

    fn limit(&self, phase: Phase) -> Option<Duration> {
        match self.answer_limit.load(Relaxed) {
            millis @ 1.. if phase == Phase::Answer => Some(Duration::from_millis(millis)),
            _ => self.limits.of(phase),
        }
    }

    pub(crate) fn remember_driver(&self, waker: &Waker) {
        let mut driver = self.driver.lock().unwrap_or_else(PoisonError::into_inner);
        if !driver.as_ref().is_some_and(|known| known.will_wake(waker)) {
            *driver = Some(waker.clone());
        }
    }

    pub(crate) fn client_blocks(&self) {
        if self.blocked.load(Relaxed) == 0 {
            self.blocked.store(self.now() + 1, Relaxed);
        }
    }

    pub(crate) fn client_takes(&self) {
        if self.blocked.load(Relaxed) != 0 {
            self.blocked.store(0, Relaxed);
        }
    }

    /// Told with every read of HTTP/2.
    pub(crate) fn head_is_under_way(&self, under_way: bool) {
        if !under_way {
            self.head.store(0, Relaxed);
        } else if self.head.load(Relaxed) == 0 {
            self.head.store(self.now() + 1, Relaxed);
        }
    }

    pub(crate) fn is_blocked(&self) -> bool {
        self.blocked.load(Relaxed) != 0
    }

    /// When the present phase has lasted too long, and which one it is.
    pub(crate) fn deadline(&self) -> Option<(Instant, Phase)> {
        let head = match self.head.load(Relaxed) {
            0 => None,
            begun => {
                Some((self.at(begun - 1) + self.limits.of(Phase::Head).unwrap_or_default(), Phase::Head))
            }
        };
        [head, self.phase_deadline()].into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    fn phase_deadline(&self) -> Option<(Instant, Phase)> {
        let phase = self.phase();
        let own = self.limit(phase).map(|limit| (self.at(self.since.load(Relaxed)) + limit, phase));
        let blocked = self.blocked.load(Relaxed);
        if blocked == 0 {
            return own;
        }
        // While the client takes nothing, nobody asks the upstream for more: its silence is not its fault.
        let send = (self.at(blocked - 1) + self.limits.of(Phase::Send).unwrap_or_default(), Phase::Send);
        match own {
            Some((at, phase)) if phase != Phase::Download && at < send.0 => Some((at, phase)),
            _ => Some(send),
        }
    }

    fn at(&self, millis: u64) -> Instant {
        self.born + Duration::from_millis(millis)
    }

    /// Told by the driver: the request in flight has to answer for itself now.
    pub(crate) fn expire(&self) {
        self.expired.store(true, Relaxed);
    }

    /// Asked by the request in flight, which is polled right after `expire`.
    pub(crate) fn take_expired(&self) -> bool {
        self.expired.load(Relaxed) && self.expired.swap(false, Relaxed)
    }

    pub(crate) fn is_expired(&self) -> bool {
        self.expired.load(Relaxed)
    }
}
