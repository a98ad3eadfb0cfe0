//! Bytes both ways between two connections, each direction ending by itself.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

const BUFFER: usize = 32 * 1024;

/// One direction.
#[derive(Debug)]
pub(super) struct Direction {
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    state: State,
    moved: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The sender has ended: so is the receiver told.
    Ending,
    /// The receiver takes no more. What still comes is read, for closing on it would reset the connection and could
    /// overtake what was sent the other way.
    Discarding,
    Ended,
}

impl Direction {
    pub(super) fn new() -> Self {
        Self { buffer: vec![0; BUFFER].into(), start: 0, end: 0, state: State::Open, moved: 0 }
    }

    /// Bytes that the receiver has taken.
    pub(super) fn moved(&self) -> u64 {
        self.moved
    }

    pub(super) fn has_ended(&self) -> bool {
        self.state == State::Ended
    }

    /// Whether nothing more will reach the receiver.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.state, State::Ended | State::Discarding)
    }

    /// Goes on until the sender has no more for now. An error is one of reading: the sender's connection is broken.
    pub(super) fn poll<R, W>(
        &mut self,
        cx: &mut Context<'_>,
        from: &mut R,
        to: &mut W,
    ) -> Poll<io::Result<()>>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        loop {
            match self.state {
                State::Ended => return Poll::Ready(Ok(())),
                State::Open if self.start < self.end => {
                    let rest = self.buffer.get(self.start..self.end).unwrap_or_default();
                    match ready!(Pin::new(&mut *to).poll_write(cx, rest)) {
                        Ok(0) | Err(_) => self.state = State::Discarding,
                        Ok(length) => {
                            self.start += length;
                            self.moved += length as u64;
                        }
                    }
                }
                State::Open | State::Discarding => {
                    let mut buffer = ReadBuf::new(&mut self.buffer);
                    let Poll::Ready(read) = Pin::new(&mut *from).poll_read(cx, &mut buffer) else {
                        if self.state == State::Open && ready!(Pin::new(&mut *to).poll_flush(cx)).is_err() {
                            self.state = State::Discarding;
                        }
                        return Poll::Pending;
                    };
                    let length = buffer.filled().len();
                    read?;
                    match (self.state, length) {
                        (State::Open, 0) => self.state = State::Ending,
                        (State::Open, _) => (self.start, self.end) = (0, length),
                        (_, 0) => self.state = State::Ended,
                        _ => {}
                    }
                }
                State::Ending => {
                    let _ = ready!(Pin::new(&mut *to).poll_shutdown(cx));
                    self.state = State::Ended;
                }
            }
        }
    }
}
