//! One client's connection of HTTP/2 (RFC 9113): hyper speaks it, `streams.rs` keeps each request to its times, and what
//! a request is besides is the same as in HTTP/1.1.

use std::convert::Infallible;
use std::error::Error;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use http::header::{COOKIE, HeaderMap, HeaderValue};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch as signal;

use super::socket::{Socket, Speaks};
use super::streams::{Keeper, Sent, Streams};
use super::watch::{Limits, Phase, Watch};
use super::worker::Worker;
use super::{Entrance, deadline};
use crate::observe::Outcome;
use crate::proxy::client::Visitor;
use crate::proxy::forward;
use crate::proxy::reply::Fault;
use crate::proxy::ticket::Ticket;

/// Requests at once on one connection: as many as the browsers and nginx find enough.
const MAX_CONCURRENT_STREAMS: u32 = 128;

/// What a client may send ahead of what the upstream takes: of one body, and of all. It is what a connection may hold.
const STREAM_WINDOW: u32 = 512 * 1024;
const CONNECTION_WINDOW: u32 = 2 * 1024 * 1024;

/// What one answer may have in the connection's buffer.
const SEND_BUFFER: usize = 128 * 1024;

/// How a connection ended.
enum End {
    Served(hyper::Result<()>),
    /// An answer got stuck on its way, or a client does not close.
    Stuck,
    /// The client resets what it asks for, over and over.
    Resets,
}

/// Serves one connection until it ends, or until it is idle once `drain` says so.
pub(super) async fn serve<S>(
    stream: S,
    entrance: Entrance,
    peer: SocketAddr,
    worker: Arc<Worker>,
    mut drain: signal::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let shared = worker.current.get();
    let watch = Arc::new(Watch::new(Limits::new(&shared.settings)));
    let streams = Streams::new(Arc::clone(&watch), shared.places.clone());
    let visitor = Arc::new(Visitor::new(peer, Arc::clone(&watch), worker, entrance));
    let (begun, asking) = (Arc::clone(&streams), Arc::clone(&visitor));
    let service = service_fn(move |mut request| {
        let client = asking.enter();
        let (watch, admitted) = begun.begin();
        let client = Arc::new(client.on_stream(Arc::clone(&watch)));
        join_cookies(http::Request::headers_mut(&mut request));
        // On the heap at once: hyper, the keeper and the runtime would each move some KiB along, a tenth of a request.
        let answer = Box::pin(async move {
            if admitted {
                forward::serve(client, request).await
            } else {
                forward::overloaded(&client, request)
            }
        });
        async move { Ok::<_, Infallible>(answer.await.map(|body| Sent::new(body, watch))) }
    });
    let socket = TokioIo::new(Socket::new(stream, Speaks::Http2, Arc::clone(&watch)));
    // Beyond this h2 answers by itself, with a bare status and no line in the log; before, the request is refused as ever.
    let max_head = shared.settings.listener.max_head.0.saturating_mul(2).saturating_add(16 * 1024);
    let max_head = u32::try_from(max_head).unwrap_or(u32::MAX);
    drop(shared);
    let mut connection = pin!(
        http2::Builder::new(Keeper(Arc::clone(&streams)))
            .auto_date_header(false)
            .max_concurrent_streams(MAX_CONCURRENT_STREAMS)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_send_buf_size(SEND_BUFFER)
            .max_header_list_size(max_head)
            .serve_connection(socket, service)
    );

    let mut drained = pin!(async move { drain.wait_for(|drain| *drain).await.map(drop) });
    let mut draining = false;
    let mut timer = pin!(deadline::timer());
    let end = poll_fn(|cx| {
        watch.remember_driver(cx.waker());
        if !draining && drained.as_mut().poll(cx).is_ready() {
            draining = true;
            connection.as_mut().graceful_shutdown();
        }
        loop {
            if streams.is_abused() {
                return Poll::Ready(End::Resets);
            }
            if let Poll::Ready(result) = connection.as_mut().poll(cx) {
                return Poll::Ready(End::Served(result));
            }
            match deadline::passed(&watch, timer.as_mut(), cx) {
                None => return Poll::Pending,
                Some(Phase::Idle) => {
                    // The client has as long to close as it would have to send a head.
                    watch.enter(Phase::Head);
                    connection.as_mut().graceful_shutdown();
                }
                Some(_) => return Poll::Ready(End::Stuck),
            }
        }
    })
    .await;
    match end {
        End::Served(Err(error)) if is_clients_mistake(&error) => {
            Ticket::new(&visitor.last()).refuse(&Fault::bad_request(format!(
                "The connection is not well-formed HTTP/2: {}.",
                error.source().map_or_else(|| error.to_string(), ToString::to_string)
            )));
        }
        End::Resets => {
            let mut ticket = Ticket::new(&visitor.last());
            ticket.end(Outcome::BadRequest);
            ticket.record.error =
                Some("The client reset many more requests than it let end; its connection is closed.".into());
        }
        End::Served(_) | End::Stuck => {}
    }
}

/// Whether the client did not keep to the protocol, and did not just go away.
fn is_clients_mistake(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<h2::Error>());
    cause.is_some_and(|cause| !cause.is_io() && !cause.is_remote())
}

/// HTTP/2 lets a Cookie field come in pieces, HTTP/1.1 does not (RFC 9113, section 8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    if headers.get_all(COOKIE).iter().nth(1).is_none() {
        return;
    }
    let pieces: Vec<_> = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if let Ok(whole) = HeaderValue::from_bytes(&pieces.join(&b"; "[..])) {
        headers.insert(COOKIE, whole);
    }
}
