//! An answer's body on its way back, and the connection that goes back into the pool after it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use super::dial::Connection;
use super::origin::Origin;
use super::pool::Pool;
use super::upload::Upload;
use crate::proxy::listener::watch::{Phase, Watch};

/// An answer's body.
#[derive(Debug)]
pub(crate) struct Download {
    body: Incoming,
    lease: Option<Lease>,
    watch: Arc<Watch>,
}

impl Download {
    pub(super) fn new(body: Incoming, lease: Lease, watch: Arc<Watch>) -> Self {
        let mut this = Self { body, lease: Some(lease), watch };
        if this.body.is_end_stream() {
            this.finish();
        }
        this
    }

    fn finish(&mut self) {
        if let Some(lease) = self.lease.take() {
            lease.give_back();
        }
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Pending => {
                if self.watch.phase() != Phase::Download {
                    self.watch.enter(Phase::Download);
                }
                Poll::Pending
            }
            ready => {
                if self.watch.phase() == Phase::Download {
                    self.watch.enter(Phase::Working);
                }
                if self.body.is_end_stream() || matches!(ready, Poll::Ready(None)) {
                    self.finish();
                }
                ready
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A connection in use. Dropped before its answer has ended, it is closed: the upstream is to stop working for
/// a client that went away.
#[derive(Debug)]
pub(super) struct Lease {
    connection: Option<Connection>,
    origin: Origin,
    pool: Arc<Pool>,
    upload: Upload,
}

impl Lease {
    pub(super) fn new(connection: Connection, origin: Origin, pool: Arc<Pool>, upload: Upload) -> Self {
        Self { connection: Some(connection), origin, pool, upload }
    }

    /// The answer has ended. If the request has not, the connection cannot be used again.
    fn give_back(mut self) {
        if self.upload.is_done()
            && let Some(connection) = self.connection.take()
        {
            self.pool.put(&self.origin, connection);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(connection) = &self.connection {
            connection.task.abort();
        }
    }
}
