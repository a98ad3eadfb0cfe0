//! What a client is sent: an upstream's body streaming by, or one of coswhy's own; its end is the request's.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::late::Late;
use super::leftover::Leftover;
use super::listener::watch::{Phase, Watch};
use super::ticket::Ticket;
use super::upstream::{Download, Upload};
use crate::observe::Outcome;

/// The body of every answer.
#[derive(Debug)]
pub(crate) struct ReplyBody {
    /// Read already, and to be sent first.
    ready: VecDeque<Bytes>,
    rest: Rest,
    finished: bool,
    ticket: Ticket,
    upload: Upload,
    watch: Arc<Watch>,
    _leftover: Option<Leftover>,
    /// Looks at what goes by.
    late: Option<Box<Late>>,
}

#[derive(Debug)]
enum Rest {
    None,
    Stream(Download),
    /// The upstream broke off: so must this, once what came before is on its way.
    Broken {
        error: Option<hyper::Error>,
        flushed: bool,
    },
}

impl ReplyBody {
    /// A body that is all there.
    pub(crate) fn whole(
        body: Bytes,
        ticket: Ticket,
        upload: Upload,
        watch: &Arc<Watch>,
        leftover: Option<Leftover>,
    ) -> Self {
        let ready = if body.is_empty() { VecDeque::new() } else { VecDeque::from([body]) };
        Self::new(ready, Rest::None, ticket, upload, watch, leftover)
    }

    /// An upstream's body, of which `ready` has been read already.
    pub(crate) fn stream(
        ready: VecDeque<Bytes>,
        rest: Download,
        ticket: Ticket,
        upload: Upload,
        watch: &Arc<Watch>,
        leftover: Option<Leftover>,
    ) -> Self {
        Self::new(ready, Rest::Stream(rest), ticket, upload, watch, leftover)
    }

    /// The part that came of a body that broke off.
    pub(crate) fn broken(
        ready: VecDeque<Bytes>,
        error: hyper::Error,
        ticket: Ticket,
        upload: Upload,
        watch: &Arc<Watch>,
        leftover: Option<Leftover>,
    ) -> Self {
        Self::new(ready, Rest::Broken { error: Some(error), flushed: false }, ticket, upload, watch, leftover)
    }

    fn new(
        ready: VecDeque<Bytes>,
        rest: Rest,
        ticket: Ticket,
        upload: Upload,
        watch: &Arc<Watch>,
        leftover: Option<Leftover>,
    ) -> Self {
        let mut this = Self {
            ready,
            rest,
            finished: false,
            ticket,
            upload,
            watch: Arc::clone(watch),
            _leftover: leftover,
            late: None,
        };
        this.finished = this.is_end_stream();
        this
    }

    pub(super) fn looked_at(mut self, late: Option<Box<Late>>) -> Self {
        self.late = late;
        self
    }

    fn ready_bytes(&self) -> u64 {
        self.ready.iter().map(|chunk| chunk.len() as u64).sum()
    }

    fn failed(&mut self) {
        self.ticket.end(Outcome::UpstreamFailed);
        self.ticket.record.error.get_or_insert_with(|| "COS broke the answer off before its end.".into());
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = &mut *self;
        if let Some(chunk) = this.ready.pop_front() {
            this.ticket.record.bytes_out += chunk.len() as u64;
            this.finished = this.is_end_stream();
            return Poll::Ready(Some(Ok(Frame::data(chunk))));
        }
        let frame = match &mut this.rest {
            Rest::None => Poll::Ready(None),
            Rest::Stream(download) => match Pin::new(download).poll_frame(cx) {
                Poll::Ready(Some(Err(error))) => {
                    this.rest = Rest::Broken { error: Some(error), flushed: false };
                    return Pin::new(this).poll_frame(cx);
                }
                frame => frame,
            },
            // hyper closes at once on an error; waiting for a turn lets it write the head and what came.
            Rest::Broken { flushed, .. } if !*flushed => {
                *flushed = true;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Rest::Broken { error, .. } => Poll::Ready(error.take().map(Err)),
        };
        match &frame {
            Poll::Ready(None) => this.finished = true,
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    this.ticket.record.bytes_out += data.len() as u64;
                    if let Some(late) = &mut this.late {
                        late.see(data);
                    }
                }
                this.finished = this.is_end_stream();
            }
            Poll::Ready(Some(Err(_))) => this.failed(),
            Poll::Pending => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.ready.is_empty()
            && match &self.rest {
                Rest::None => true,
                Rest::Stream(download) => download.is_end_stream(),
                Rest::Broken { .. } => false,
            }
    }

    fn size_hint(&self) -> SizeHint {
        let ready = self.ready_bytes();
        match &self.rest {
            Rest::None => SizeHint::with_exact(ready),
            Rest::Broken { .. } => SizeHint::default(),
            Rest::Stream(download) => match download.size_hint().exact() {
                Some(rest) => SizeHint::with_exact(ready + rest),
                None => SizeHint::default(),
            },
        }
    }
}

impl Drop for ReplyBody {
    fn drop(&mut self) {
        self.ticket.record.bytes_in = self.upload.received();
        if self.finished {
            self.watch.enter(Phase::Idle);
            if let Some(late) = self.late.take() {
                late.conclude(&mut self.ticket);
            }
            return;
        }
        if self.ticket.record.error.is_some() && self.ticket.record.outcome == Outcome::UpstreamFailed {
            return;
        }
        let outcome = match self.watch.phase() {
            Phase::Download if self.watch.is_expired() => Outcome::UpstreamTimeout,
            _ if self.watch.is_expired() => Outcome::ClientTimeout,
            _ => Outcome::ClientAborted,
        };
        self.ticket.end(outcome);
    }
}
