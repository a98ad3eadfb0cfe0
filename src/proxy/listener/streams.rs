//! The streams of one HTTP/2 connection: each is a request with a watch of its own, kept to the same times as a request
//! of HTTP/1.1 (`connection.rs`), and reset where it does not keep them.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use http_body::{Body, Frame, SizeHint};
use hyper::rt::Executor;
use pin_project_lite::pin_project;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Sleep;

use super::accept::Places;
use super::deadline;
use super::watch::{Phase, Watch};

/// A client may reset this many requests more than it lets end: to start and reset them without end costs it nothing,
/// and the upstream a connection each (CVE-2023-44487).
const RESETS: usize = 100;

/// What the streams of a connection share.
#[derive(Debug)]
pub(super) struct Streams {
    connection: Arc<Watch>,
    places: Places,
    active: AtomicUsize,
    resets_left: AtomicUsize,
    /// hyper gives a stream to its executor right after it has called the service for it, which left its place here.
    next: Mutex<Option<Place>>,
}

impl Streams {
    pub(super) fn new(connection: Arc<Watch>, places: Places) -> Arc<Self> {
        Arc::new(Self {
            connection,
            places,
            active: AtomicUsize::new(0),
            resets_left: AtomicUsize::new(RESETS),
            next: Mutex::default(),
        })
    }

    /// The watch of the request that begins now, and whether there is a place for it: the connection's own is for one.
    pub(super) fn begin(self: &Arc<Self>) -> (Arc<Watch>, bool) {
        let watch = Arc::new(self.connection.sibling());
        watch.enter(Phase::Working);
        let first = self.active.fetch_add(1, Relaxed) == 0;
        if first {
            self.connection.enter(Phase::Working);
        }
        let permit = if first { None } else { self.places.take() };
        let admitted = first || permit.is_some();
        let place = Place { streams: Arc::clone(self), watch: Arc::clone(&watch), _permit: permit };
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(place);
        (watch, admitted)
    }

    fn end(&self, watch: &Watch) {
        // An answer that was sent whole leaves its watch idle.
        if watch.phase() == Phase::Idle || watch.is_expired() {
            let more = |left| (left < RESETS).then_some(left + 1);
            let _ = self.resets_left.fetch_update(Relaxed, Relaxed, more);
        } else {
            let fewer = |left: usize| left.checked_sub(1);
            let _ = self.resets_left.fetch_update(Relaxed, Relaxed, fewer);
        }
        if self.active.fetch_sub(1, Relaxed) == 1 {
            self.connection.enter_and_wake(Phase::Idle);
        } else if self.is_abused() {
            self.connection.enter_and_wake(Phase::Working);
        }
    }

    /// Whether the client has reset more requests than a client would.
    pub(super) fn is_abused(&self) -> bool {
        self.resets_left.load(Relaxed) == 0
    }
}

/// Runs each stream as a task of its own, under its watch.
#[derive(Debug, Clone)]
pub(super) struct Keeper(pub(super) Arc<Streams>);

impl<F> Executor<F> for Keeper
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, future: F) {
        let place = self.0.next.lock().unwrap_or_else(PoisonError::into_inner).take();
        match place {
            Some(place) => drop(tokio::spawn(Kept { future, timer: deadline::timer(), place })),
            None => drop(tokio::spawn(future)),
        }
    }
}

/// A stream's place among the active ones.
#[derive(Debug)]
struct Place {
    streams: Arc<Streams>,
    watch: Arc<Watch>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.streams.end(&self.watch);
    }
}

pin_project! {
    /// A stream that is dropped, and so reset, where it lasts too long. Dropped in the order of its fields: what is
    /// left of the request ends before its place is given back.
    struct Kept<F> {
        #[pin]
        future: F,
        #[pin]
        timer: Sleep,
        place: Place,
    }
}

impl<F: Future<Output = ()>> Future for Kept<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let watch = &this.place.watch;
        watch.remember_driver(cx.waker());
        loop {
            if this.future.as_mut().poll(cx).is_ready() {
                return Poll::Ready(());
            }
            let Some(phase) = deadline::passed(watch, this.timer.as_mut(), cx) else { return Poll::Pending };
            let answers = matches!(phase, Phase::Upload | Phase::Push | Phase::Answer) && !watch.is_expired();
            watch.expire();
            if !answers {
                return Poll::Ready(());
            }
        }
    }
}

pin_project! {
    /// An answer's body. What it gave waits until the client's window takes it, and that is watched.
    #[derive(Debug)]
    pub(super) struct Sent<B> {
        #[pin]
        body: B,
        watch: Arc<Watch>,
    }
}

impl<B> Sent<B> {
    pub(super) fn new(body: B, watch: Arc<Watch>) -> Self {
        Self { body, watch }
    }
}

impl<B: Body> Body for Sent<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        let frame = ready!(this.body.poll_frame(cx));
        if matches!(frame, Some(Ok(_))) {
            this.watch.enter(Phase::Send);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
