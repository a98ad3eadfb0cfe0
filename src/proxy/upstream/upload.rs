//! A request's body on its way to the upstream: held back where the client waits for a 100 (Continue), watched
//! for silence, and taken back where the upstream has answered before it was all sent.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::Version;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use crate::proxy::listener::watch::{Phase, Watch};

/// A request's body. Clones are the same body: a second attempt may send what the first did not begin.
#[derive(Debug, Clone, Default)]
pub(crate) struct Upload(Option<Arc<Shared>>);

#[derive(Debug)]
struct Shared {
    body: Mutex<Option<Incoming>>,
    hint: SizeHint,
    /// The client waits for a 100 (Continue) that has not come: asking for its body would make hyper say it.
    gated: AtomicBool,
    begun: AtomicBool,
    done: AtomicBool,
    broken: AtomicBool,
    /// It broke off because the client's connection ended.
    gone: AtomicBool,
    /// The upstream's answer has begun: the time is no longer this body's to watch.
    answered: AtomicBool,
    received: AtomicU64,
    poller: Mutex<Option<Waker>>,
    kept: Option<Mutex<Kept>>,
    watch: Arc<Watch>,
    /// It came by HTTP/2, in which a reset may look like an end.
    by_stream: bool,
}

/// Why a body did not come to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BrokenUpload {
    #[error(transparent)]
    Client(#[from] hyper::Error),
    #[error("the client reset its request")]
    Reset,
}

/// The beginning of the body, for who wants to see the fields of an upload form.
#[derive(Debug, Default)]
struct Kept {
    chunks: Vec<Bytes>,
    length: usize,
}

/// At most this much of a form is kept.
const KEPT: usize = 64 * 1024;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Upload {
    pub(crate) fn new(body: Incoming, version: Version, gated: bool, keep: bool, watch: &Arc<Watch>) -> Self {
        if body.is_end_stream() {
            return Self(None);
        }
        Self(Some(Arc::new(Shared {
            hint: body.size_hint(),
            body: Mutex::new(Some(body)),
            gated: AtomicBool::new(gated),
            begun: AtomicBool::new(false),
            done: AtomicBool::new(false),
            broken: AtomicBool::new(false),
            gone: AtomicBool::new(false),
            answered: AtomicBool::new(false),
            received: AtomicU64::new(0),
            poller: Mutex::new(None),
            kept: keep.then(Mutex::default),
            watch: Arc::clone(watch),
            by_stream: version == Version::HTTP_2,
        })))
    }

    fn is(&self, flag: impl Fn(&Shared) -> &AtomicBool, without_body: bool) -> bool {
        self.0.as_ref().map_or(without_body, |shared| flag(shared).load(Relaxed))
    }

    pub(crate) fn is_gated(&self) -> bool {
        self.is(|s| &s.gated, false)
    }

    pub(super) fn has_begun(&self) -> bool {
        self.is(|s| &s.begun, false)
    }

    /// Whether all of it went out.
    pub(super) fn is_done(&self) -> bool {
        self.is(|s| &s.done, true)
    }

    /// Whether the client broke it off.
    pub(super) fn is_broken(&self) -> bool {
        self.is(|s| &s.broken, false)
    }

    /// Whether it broke off because the client went away.
    pub(super) fn is_gone(&self) -> bool {
        self.is(|s| &s.gone, false)
    }

    pub(crate) fn received(&self) -> u64 {
        self.0.as_ref().map_or(0, |shared| shared.received.load(Relaxed))
    }

    /// What the connection waits for once the head is sent.
    pub(super) fn first_phase(&self) -> Phase {
        if self.is_gated() {
            Phase::Working
        } else if self.is_done() {
            Phase::Answer
        } else {
            Phase::Upload
        }
    }

    /// The upstream wants the body, or has been silent for long enough.
    pub(super) fn open(&self) {
        let Some(shared) = &self.0 else { return };
        if shared.gated.swap(false, Relaxed) {
            shared.enter(Phase::Upload);
            if let Some(waker) = lock(&shared.poller).take() {
                waker.wake();
            }
        }
    }

    pub(super) fn answered(&self) {
        if let Some(shared) = &self.0 {
            shared.answered.store(true, Relaxed);
        }
    }

    /// Takes back what was not sent; whoever still sends it waits for ever.
    pub(crate) fn take_back(&self) -> Option<Incoming> {
        self.0.as_ref().and_then(|shared| lock(&shared.body).take())
    }

    /// The first bytes of the body, if they were kept.
    pub(crate) fn beginning(&self) -> Option<Vec<u8>> {
        let kept = lock(self.0.as_ref()?.kept.as_ref()?);
        Some(kept.chunks.concat())
    }
}

/// Tells a connection that ended from a body that is malformed.
fn went_away(error: &hyper::Error) -> bool {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| {
        cause.kind() != io::ErrorKind::InvalidInput && cause.kind() != io::ErrorKind::InvalidData
    }) || error.is_incomplete_message()
}

impl Shared {
    fn enter(&self, phase: Phase) {
        if self.answered.load(Relaxed) {
            return;
        }
        if self.watch.phase() == phase {
            self.watch.enter(phase);
        } else {
            self.watch.enter_and_wake(phase);
        }
    }

    fn keep(&self, data: &Bytes) {
        let Some(kept) = &self.kept else { return };
        let mut kept = lock(kept);
        if kept.length < KEPT {
            let more = data.slice(..data.len().min(KEPT - kept.length));
            kept.length += more.len();
            kept.chunks.push(more);
        }
    }

    fn finish(&self) {
        self.done.store(true, Relaxed);
        self.enter(Phase::Answer);
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = BrokenUpload;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenUpload>>> {
        let Some(shared) = &self.0 else { return Poll::Ready(None) };
        if shared.done.load(Relaxed) {
            return Poll::Ready(None);
        }
        *lock(&shared.poller) = Some(cx.waker().clone());
        if shared.gated.load(Relaxed) {
            return Poll::Pending;
        }
        let mut body = lock(&shared.body);
        let Some(incoming) = body.as_mut() else { return Poll::Pending };
        shared.begun.store(true, Relaxed);
        match Pin::new(&mut *incoming).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    shared.received.fetch_add(data.len() as u64, Relaxed);
                    shared.keep(data);
                }
                if incoming.is_end_stream() {
                    shared.finish();
                } else {
                    shared.enter(Phase::Push);
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                shared.broken.store(true, Relaxed);
                // Whatever broke a stream ended it, so that no answer would reach the client.
                shared.gone.store(shared.by_stream || went_away(&error), Relaxed);
                Poll::Ready(Some(Err(error.into())))
            }
            Poll::Ready(None) if shared.by_stream && !incoming.is_end_stream() => {
                shared.broken.store(true, Relaxed);
                shared.gone.store(true, Relaxed);
                Poll::Ready(Some(Err(BrokenUpload::Reset)))
            }
            Poll::Ready(None) => {
                shared.finish();
                Poll::Ready(None)
            }
            Poll::Pending => {
                if shared.watch.phase() != Phase::Upload {
                    shared.enter(Phase::Upload);
                }
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.is_done()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map_or_else(|| SizeHint::with_exact(0), |shared| shared.hint)
    }
}
