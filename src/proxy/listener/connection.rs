//! One client's connection of HTTP/1.1, from its first byte to its last: hyper speaks HTTP, the watch keeps the time.

use std::convert::Infallible;
use std::error::Error;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http_body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch as signal;
use tokio::time::timeout;

use super::socket::{Socket, Speaks};
use super::watch::{Limits, Phase, Watch};
use super::worker::Worker;
use super::{Entrance, deadline, rejection};
use crate::observe::Outcome;
use crate::proxy::client::{Client, Visitor};
use crate::proxy::forward;
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
    let shared = worker.current.get();
    let watch = Arc::new(Watch::new(Limits::new(&shared.settings)));
    let max_head = shared.settings.listener.max_head.0;
    drop(shared);
    let visitor = Arc::new(Visitor::new(peer, Arc::clone(&watch), worker, entrance));
    let served = Arc::clone(&visitor);
    let service = service_fn(move |request| {
        let client = served.enter();
        client.watch.enter(Phase::Working);
        async move { Ok::<_, Infallible>(forward::serve(client, request).await) }
    });
    let socket = TokioIo::new(Socket::new(stream, Speaks::Http1, Arc::clone(&watch)));
    let mut connection = http1::Builder::new()
        .preserve_header_case(true)
        .auto_date_header(false)
        .max_header_size(max_head)
        .max_buf_size(BUFFER.max(max_head + 8192))
        .serve_connection(socket, service);

    let end = drive(&mut connection, &watch, drain.clone()).await;
    let client = visitor.last();
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

async fn drive<I, B, S>(
    connection: &mut http1::Connection<I, S>,
    watch: &Watch,
    mut drain: signal::Receiver<bool>,
) -> End
where
    S: HttpService<Incoming, ResBody = B>,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    I: hyper::rt::Read + hyper::rt::Write + Unpin,
    B: Body + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
    http1::Connection<I, S>: Unpin,
{
    let mut drained = pin!(async move { drain.wait_for(|drain| *drain).await.map(drop) });
    let mut draining = false;
    let mut timer = pin!(deadline::timer());
    poll_fn(|cx| {
        watch.remember_driver(cx.waker());
        if !draining && drained.as_mut().poll(cx).is_ready() {
            draining = true;
            Pin::new(&mut *connection).graceful_shutdown();
        }
        loop {
            if let Poll::Ready(result) = Pin::new(&mut *connection).poll(cx) {
                return Poll::Ready(End::Served(result));
            }
            let Some(phase) = deadline::passed(watch, timer.as_mut(), cx) else { return Poll::Pending };
            match phase {
                Phase::Idle => {
                    watch.enter(Phase::Working);
                    Pin::new(&mut *connection).graceful_shutdown();
                }
                Phase::Head => return Poll::Ready(End::SlowHead),
                Phase::Upload | Phase::Push | Phase::Answer if !watch.is_expired() => watch.expire(),
                _ => return Poll::Ready(End::Stuck),
            }
        }
    })
    .await
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
