//! The client's side of a connection: tells the watch what the socket does, and dresses hyper's own refusals.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::heads::Heads;
use super::rejection;
use super::watch::{Phase, Watch};

/// What is spoken on it: in HTTP/2 the bytes that come need not belong to a request, and refusals are frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaks {
    Http1,
    Http2,
}

/// A client's socket under its watch.
#[derive(Debug)]
pub(crate) struct Socket<S> {
    stream: S,
    /// `None`: HTTP/1.1, in which every byte between requests is a head's.
    heads: Option<Heads>,
    watch: Arc<Watch>,
    /// What is left to be written in place of hyper's bare refusal.
    dressed: Vec<u8>,
    /// Bytes of hyper's own that `dressed` stands for.
    stands_for: usize,
}

impl<S> Socket<S> {
    pub(super) fn new(stream: S, speaks: Speaks, watch: Arc<Watch>) -> Self {
        let heads = (speaks == Speaks::Http2).then(Heads::new);
        Self { stream, heads, watch, dressed: Vec::new(), stands_for: 0 }
    }

    /// The socket by itself, watched no longer.
    pub(crate) fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Socket<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(cx, buf);
        let this = &mut *self;
        let Some(read) = buf.filled().get(before..).filter(|read| !read.is_empty()) else { return result };
        match &mut this.heads {
            Some(heads) => this.watch.head_is_under_way(heads.take(read)),
            None if this.watch.phase() == Phase::Idle => this.watch.enter(Phase::Head),
            None => {}
        }
        result
    }
}

impl<S: AsyncWrite + Unpin> Socket<S> {
    fn noted<T>(&self, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if result.is_pending() {
            self.watch.client_blocks();
        } else {
            self.watch.client_takes();
        }
        result
    }

    /// Writes the rest of a dressed refusal; ready once hyper's bytes have been answered for.
    fn poll_dressed(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        while !self.dressed.is_empty() {
            match Pin::new(&mut self.stream).poll_write(cx, &self.dressed) {
                Poll::Ready(Ok(n)) => drop(self.dressed.drain(..n.min(self.dressed.len()))),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(std::mem::take(&mut self.stands_for)))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Socket<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.heads.is_none()
            && self.stands_for == 0
            && matches!(self.watch.phase(), Phase::Head | Phase::Idle)
            && let Some(dressed) = rejection::dress(buf)
        {
            self.dressed = dressed;
            self.stands_for = buf.len();
        }
        if self.stands_for > 0 {
            return self.poll_dressed(cx);
        }
        let result = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.noted(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // A refusal of hyper's own is one buffer, alone. Whatever has more is an answer, whose body may well have
        // ended before its head is written: it goes out in one call, for a second costs a fifth of a small request.
        let mut filled = bufs.iter().filter(|buf| !buf.is_empty());
        let first = filled.next().map_or(&[][..], |buf| buf);
        if self.stands_for > 0 || filled.next().is_none() {
            return self.poll_write(cx, first);
        }
        let result = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.noted(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
