//! One client's connection, from its first byte to its last: hyper speaks HTTP, the watch keeps the time.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch as signal;
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use super::Entrance;
use super::rejection;
use super::socket::Socket;
use super::watch::{Limits, Phase, Watch};
use super::worker::Worker;
use crate::observe::Outcome;
use crate::proxy::forward::{self, Client};
use crate::proxy::reply::Fault;
use crate::proxy::ticket::Ticket;
use crate::proxy::tunnel::{self, Stream};

/// hyper buffers at most this much of a body on either side of a connection.
const BUFFER: usize = 128 * 1024;

/// How a connection ended.
enum End {
    Served(hyper::Result<()>),
    /// The head did not arrive in time.
    SlowHead,
    /// An answer got stuck on its way.
    Stuck,
}

/// Serves one connection until it ends, or until it is idle once `drain` says so.
pub(crate) async fn serve<S>(
    stream: S,
    entrance: Entrance,
    peer: SocketAddr,
    worker: Arc<Worker>,
    drain: signal::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let watch = Arc::new(Watch::new(Limits::new(&worker.shared.settings)));
    let client = Arc::new(Client::new(peer, Arc::clone(&watch), Arc::clone(&worker), entrance));
    let served = Arc::clone(&client);
    let service = service_fn(move |request| {
        served.watch.enter(Phase::Working);
        let client = Arc::clone(&served);
        async move { Ok::<_, Infallible>(forward::serve(client, request).await) }
    });
    let socket = TokioIo::new(Socket::new(stream, Arc::clone(&watch)));
    let max_head = worker.shared.settings.listener.max_head.0;
    let mut connection = http1::Builder::new()
        .preserve_header_case(true)
        .auto_date_header(false)
        .max_header_size(max_head)
        .max_buf_size(BUFFER.max(max_head + 8192))
        .serve_connection(socket, service);

    let end = drive(&mut connection, &watch, drain.clone()).await;
    match end {
        End::Served(Ok(())) => {
            // A client that still does not take earlier answers would miss their ends.
            if let Some(plan) = client.take_plan().filter(|_| !watch.is_blocked()) {
                let parts = connection.into_parts();
                let stream = Stream::new(parts.read_buf, parts.io.into_inner().into_inner());
                tunnel::run(plan, stream, client, drain).await;
            }
        }
        End::Served(Err(error)) => note_broken(&client, &watch, &error),
        End::SlowHead => {
            let fault = Fault::client_timeout("the head of its request");
            let mut socket = connection.into_parts().io.into_inner();
            Ticket::new(&client).refuse(&fault);
            let farewell = async {
                socket.write_all(&rejection::raw(&fault)).await?;
                socket.shutdown().await
            };
            let _ = timeout(Duration::from_secs(5), farewell).await;
        }
        End::Stuck => watch.expire(),
    }
}

async fn drive<C>(connection: &mut C, watch: &Watch, mut drain: signal::Receiver<bool>) -> End
where
    C: Drive + Unpin,
{
    let mut drained = pin!(async move { drain.wait_for(|drain| *drain).await.map(drop) });
    let mut draining = false;
    let mut timer = pin!(sleep_until(Instant::now() + Duration::from_secs(3600)));
    poll_fn(|cx| {
        watch.remember_driver(cx.waker());
        if !draining && drained.as_mut().poll(cx).is_ready() {
            draining = true;
            connection.finish();
        }
        loop {
            if let Poll::Ready(result) = connection.poll_serve(cx) {
                return Poll::Ready(End::Served(result));
            }
            let Some(phase) = overdue(watch, timer.as_mut(), cx) else { return Poll::Pending };
            match phase {
                Phase::Idle => {
                    watch.enter(Phase::Working);
                    connection.finish();
                }
                Phase::Head => return Poll::Ready(End::SlowHead),
                Phase::Upload | Phase::Push | Phase::Answer if !watch.is_expired() => watch.expire(),
                _ => return Poll::Ready(End::Stuck),
            }
        }
    })
    .await
}

/// The phase that has lasted too long, if one has; else the timer is set for when it will have.
///
/// The timer is only ever moved when it rings or is due too late, so that an ordinary request moves no timer.
fn overdue(watch: &Watch, mut timer: Pin<&mut Sleep>, cx: &mut Context<'_>) -> Option<Phase> {
    loop {
        let (at, phase) = watch.deadline()?;
        if at >= timer.deadline() && !timer.is_elapsed() {
            return timer.as_mut().poll(cx).is_ready().then_some(()).and_then(|()| overdue_now(watch));
        }
        if at <= Instant::now() {
            return Some(phase);
        }
        timer.as_mut().reset(at);
        if timer.as_mut().poll(cx).is_pending() {
            return None;
        }
    }
}

fn overdue_now(watch: &Watch) -> Option<Phase> {
    watch.deadline().filter(|(at, _)| *at <= Instant::now()).map(|(_, phase)| phase)
}

/// A connection that hyper serves.
trait Drive {
    fn poll_serve(&mut self, cx: &mut Context<'_>) -> Poll<hyper::Result<()>>;
    /// Lets the request in flight end, then closes; an idle connection closes at once.
    fn finish(&mut self);
}

impl<I, B, S> Drive for http1::Connection<I, S>
where
    S: hyper::service::HttpService<hyper::body::Incoming, ResBody = B>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    I: hyper::rt::Read + hyper::rt::Write + Unpin,
    B: http_body::Body + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    Self: Unpin,
{
    fn poll_serve(&mut self, cx: &mut Context<'_>) -> Poll<hyper::Result<()>> {
        Pin::new(self).poll(cx)
    }

    fn finish(&mut self) {
        Pin::new(self).graceful_shutdown();
    }
}

/// A line in the log for what never became a request.
fn note_broken(client: &Arc<Client>, watch: &Watch, error: &hyper::Error) {
    if error.is_parse_too_large() {
        Ticket::new(client).refuse(&Fault::head_too_large());
    } else if error.is_parse() {
        Ticket::new(client)
            .refuse(&Fault::bad_request(format!("The request's head is not well-formed: {error}.")));
    } else if error.is_incomplete_message() && watch.phase() == Phase::Head {
        Ticket::new(client).end(Outcome::ClientAborted);
    }
}
