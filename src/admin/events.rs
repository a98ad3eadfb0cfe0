//! `/events`: new diagnoses as server-sent events
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).
//!
//! Each is an event `diagnosis` whose id is the diagnosis's and whose data is what `/diagnoses` shows of it. A
//! reader that comes back with Last-Event-ID gets what it missed, as far as that is still kept; one that is too
//! slow is told how many it lost. Comments keep quiet connections alive.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use http_body::Frame;
use http_body_util::BodyExt;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use ulid::Ulid;

use super::answer::{self, Answer};
use super::diagnoses::Item;
use super::query::{self, Query};
use crate::observe::Ring;
use crate::observe::ring::Entry;

/// Readers at a time.
pub(super) const SUBSCRIBERS: usize = 16;
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Events on their way to one reader; beyond that they wait in the ring's channel, then are lost.
const QUEUE: usize = 16;
/// Missed events that are sent again at most.
const REPLAY: usize = 1000;

const EVENT_STREAM: &str = "text/event-stream";

pub(super) fn stream(
    ring: &Ring,
    method: &Method,
    query: &str,
    headers: &HeaderMap,
    places: &Arc<Semaphore>,
    closed: &watch::Receiver<bool>,
) -> Answer {
    let query = match Query::parse(query, query::EVENTS, SystemTime::now()) {
        Ok(query) => query,
        Err(wrong) => return answer::bad_request(&wrong),
    };
    if method == Method::HEAD {
        return answer::respond(StatusCode::OK, EVENT_STREAM, answer::whole(Bytes::new()));
    }
    let Ok(place) = Arc::clone(places).try_acquire_owned() else {
        return answer::busy("Too many readers of /events; each stays until it goes.");
    };
    // First subscribe, then look back: what comes in between is in both and sent once.
    let news = ring.subscribe();
    let missed = missed(ring, &query, headers);
    let (sender, receiver) = mpsc::channel(QUEUE);
    let reader = Reader { sender, query };
    tokio::spawn(feed(reader, news, missed, closed.clone(), place));
    answer::respond(StatusCode::OK, EVENT_STREAM, Events { receiver }.boxed())
}

/// What a reader that comes back has missed.
#[derive(Debug, Default)]
struct Missed {
    /// Oldest first.
    entries: Vec<Arc<Entry>>,
    /// Not all of it is kept any more, and nobody knows how many were between.
    more: bool,
}

/// What came after the reader's last event.
fn missed(ring: &Ring, query: &Query, headers: &HeaderMap) -> Missed {
    let Some(id) = headers.get("last-event-id").filter(|id| !id.is_empty()) else { return Missed::default() };
    let last = id.to_str().ok().and_then(|id| Ulid::from_string(id).ok()).and_then(|id| ring.get(id));
    let Some(last) = last else { return Missed { more: true, ..Missed::default() } };
    let is_whole = ring.is_whole_after(last.number);
    let (mut entries, more) = ring.page(&query.filter, None, REPLAY);
    let begins_later = entries.last().is_some_and(|oldest| oldest.number > last.number);
    entries.retain(|entry| entry.number > last.number);
    entries.reverse();
    Missed { entries, more: !is_whole || (more && begins_later) }
}

/// Sends until the reader goes or the listener closes. The place is free again when this ends.
async fn feed(
    reader: Reader,
    news: broadcast::Receiver<Arc<Entry>>,
    missed: Missed,
    mut closed: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
) {
    tokio::select! {
        _ = reader.tell(news, missed) => {}
        () = reader.sender.closed() => {}
        _ = closed.wait_for(|closed| *closed) => {}
    }
}

/// Who reads, and what it asked for.
struct Reader {
    sender: mpsc::Sender<Bytes>,
    query: Query,
}

impl Reader {
    async fn tell(
        &self,
        mut news: broadcast::Receiver<Arc<Entry>>,
        missed: Missed,
    ) -> Result<(), mpsc::error::SendError<Bytes>> {
        let mut sent = 0;
        // At once, so that the reader sees its stream open.
        self.sender.send(Bytes::from_static(b": coswhy\n\n")).await?;
        if missed.more {
            self.sender.send(Bytes::from_static(b"event: lost\ndata: null\n\n")).await?;
        }
        for entry in missed.entries {
            sent = entry.number;
            self.sender.send(self.event(&entry)).await?;
        }
        loop {
            let chunk = match tokio::time::timeout(KEEP_ALIVE, news.recv()).await {
                Ok(Ok(entry)) if entry.number <= sent || !self.query.filter.passes(&entry) => continue,
                Ok(Ok(entry)) => self.event(&entry),
                Ok(Err(RecvError::Lagged(lost))) => format!("event: lost\ndata: {lost}\n\n").into(),
                Ok(Err(RecvError::Closed)) => return Ok(()),
                Err(_) => Bytes::from_static(b":\n\n"),
            };
            self.sender.send(chunk).await?;
        }
    }

    fn event(&self, entry: &Entry) -> Bytes {
        // JSON has no line feeds, so one data line holds it. An item always serialises.
        let data = serde_json::to_string(&Item::new(entry, self.query.language)).unwrap_or_default();
        format!("id: {}\nevent: diagnosis\ndata: {data}\n\n", entry.id).into()
    }
}

/// The response's body: what `feed` sends.
#[derive(Debug)]
struct Events {
    receiver: mpsc::Receiver<Bytes>,
}

impl http_body::Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.receiver.poll_recv(context).map(|chunk| chunk.map(|chunk| Ok(Frame::data(chunk))))
    }
}
