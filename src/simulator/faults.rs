//! Servers that misbehave, for tests of what stands before them.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body_util::BodyExt as _;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use super::refusal::Refusal;
use super::reply::{self, Body};

/// What a key of the faults bucket asks for.
#[derive(Debug)]
pub(super) enum Fault {
    /// Close the connection without an answer.
    Close,
    /// Never answer.
    Silent,
    /// Answer after this many milliseconds.
    Slow(u64),
    /// Promise more than comes, then close.
    Truncate,
    SlowDown,
    /// 200 at once, white space while it works, and an error in the end.
    Late,
}

impl Fault {
    pub(super) fn named(key: &str) -> Option<Self> {
        Some(match key.split('/').next()? {
            "close" => Self::Close,
            "silent" => Self::Silent,
            "slow" => Self::Slow(500),
            "truncate" => Self::Truncate,
            "slowdown" => Self::SlowDown,
            "late" => Self::Late,
            _ => return None,
        })
    }
}

pub(super) fn slow_down() -> Refusal {
    Refusal::new(503, "SlowDown", "Please reduce your request rate.")
}

/// As copies and the ends of uploads fail that took COS some time.
pub(super) fn late(id: &str) -> Response<Body> {
    let error = format!(
        "<Error>\n\t<Code>InternalError</Code>\n\t<Message>We encountered an internal error. Please try again.\
         </Message>\n\t<RequestId>{id}</RequestId>\n</Error>\n"
    );
    let pieces = VecDeque::from([
        Bytes::from_static(b"<?xml version='1.0' encoding='utf-8' ?>\n"),
        Bytes::from_static(b" "),
        Bytes::from_static(b" "),
        Bytes::from(error),
    ]);
    let mut response =
        Response::new(Pieces { pieces, next: Box::pin(tokio::time::sleep(FLUSH)) }.boxed_unsync());
    reply::set(&mut response, "content-type", "application/xml");
    response
}

/// A body that comes a piece at a time.
struct Pieces {
    pieces: VecDeque<Bytes>,
    next: Pin<Box<Sleep>>,
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        ready!(self.next.as_mut().poll(context));
        self.next.as_mut().reset(Instant::now() + FLUSH);
        Poll::Ready(self.pieces.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

/// 1,000 bytes announced, 100 sent.
pub(super) fn truncated() -> Response<Body> {
    let body = Broken { sent: false, breaks: Box::pin(tokio::time::sleep(FLUSH)) };
    let mut response = Response::new(body.boxed_unsync());
    reply::set(&mut response, "content-length", "1000");
    response
}

/// What was sent has to leave hyper's buffer before the connection breaks.
const FLUSH: Duration = Duration::from_millis(50);

struct Broken {
    sent: bool,
    breaks: Pin<Box<Sleep>>,
}

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if std::mem::replace(&mut self.sent, true) {
            ready!(self.breaks.as_mut().poll(context));
            return Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionAborted.into())));
        }
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 100])))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(1000)
    }
}

/// What stands where a firewall, and not COS, refuses.
pub(super) fn firewall() -> Response<Body> {
    let page = "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1>\
                </center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
    let mut response = reply::empty(http::StatusCode::FORBIDDEN);
    *response.body_mut() = reply::full(page);
    reply::set(&mut response, "content-type", "text/html");
    reply::set(&mut response, "server", "nginx");
    response
}

/// Waits for ever; only the connection's end ends it.
pub(super) async fn silence() -> Infallible {
    std::future::pending().await
}
