//! One request sent and the head of its answer received, over a pooled connection or a new one.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use http::{Extensions, HeaderMap, Method, Request, StatusCode, Uri, Version, response};
use hyper::ext::on_informational;
use tokio::time::sleep;

use super::dial::Connection;
use super::download::{Download, Lease};
use super::fault::{broken, silent, uninvited};
use super::origin::{Origin, Through};
use super::outgoing_proxy::refused;
use super::upload::Upload;
use crate::observe::{Metrics, Outcome};
use crate::proxy::client::Client;
use crate::proxy::leftover::Leftover;
use crate::proxy::listener::Worker;
use crate::proxy::listener::watch::Phase;
use crate::proxy::reply::Fault;

/// What goes out.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    /// Path and query.
    pub(crate) target: Uri,
    pub(crate) headers: HeaderMap,
    /// The letter case of the field names is in here.
    pub(crate) extensions: Extensions,
    pub(crate) upload: Upload,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: response::Parts,
    pub(crate) body: Download,
    /// The part of the client's body that the upstream did not wait for.
    pub(crate) leftover: Option<Leftover>,
}

/// Why an attempt gave no answer.
enum Failure {
    /// The connection had been closed before this request: a new one may do.
    Stale(Fault),
    Final(Fault),
}

/// Sends a request. A pooled connection that turns out to be closed is no failure: the request is sent once
/// more on a new one, if none of its body went out and it is idempotent or was never sent (RFC 9110, 9.2.2).
pub(crate) async fn send(client: &Client, origin: &Origin, outgoing: &Outgoing) -> Result<Answer, Fault> {
    let Client { shared, worker, watch, .. } = client;
    watch.limit_answer(shared.dialer.response_timeout(origin));
    while let Some(mut pooled) = worker.pool.take(origin) {
        if pooled.sender.ready().await.is_err() {
            continue;
        }
        match attempt(client, origin, outgoing, pooled).await {
            Ok(answer) => {
                worker.pool.counts.reused();
                return Ok(answer);
            }
            Err(Failure::Stale(_)) => break,
            Err(Failure::Final(fault)) => return Err(fault),
        }
    }
    watch.enter(Phase::Working);
    let dialled = shared.dialer.dial(origin).await.map_err(Fault::from);
    count(worker, shared.observer.metrics(), origin, dialled.as_ref().err());
    let fresh = dialled?;
    attempt(client, origin, outgoing, fresh).await.map_err(|failure| match failure {
        Failure::Stale(fault) | Failure::Final(fault) => fault,
    })
}

/// Counts a connection that was to be made.
fn count(worker: &Worker, metrics: &Metrics, origin: &Origin, fault: Option<&Fault>) {
    match fault {
        None => {
            worker.pool.counts.opened();
            if origin.tls {
                metrics.handshakes.upstream.ok();
            }
        }
        Some(fault) => {
            metrics.upstream.failed(fault.proxy_status);
            if fault.outcome == Outcome::UpstreamTls {
                metrics.handshakes.upstream.failed();
            }
        }
    }
}

async fn attempt(
    client: &Client,
    origin: &Origin,
    outgoing: &Outgoing,
    mut connection: Connection,
) -> Result<Answer, Failure> {
    let Client { shared, worker, watch, .. } = client;
    let upload = &outgoing.upload;
    let mut request = Request::new(upload.clone());
    *request.method_mut() = outgoing.method.clone();
    *request.uri_mut() = outgoing.target.clone();
    *request.version_mut() = Version::HTTP_11;
    *request.headers_mut() = outgoing.headers.clone();
    *request.extensions_mut() = outgoing.extensions.clone();
    if let Some(Through::Absolute(proxy)) = &origin.through
        && proxy.address_request(&mut request).is_none()
    {
        let fault = Fault::bad_request("The request's target cannot be sent to a proxy.");
        return Err(Failure::Final(fault));
    }
    let mut patience = None;
    if upload.is_gated() {
        let gate = upload.clone();
        on_informational(&mut request, move |answer| {
            if answer.status() == 100 {
                gate.open();
            }
        });
        patience = Some(Box::pin(sleep(shared.settings.upstream.expect_timeout.0)));
    }

    watch.enter(upload.first_phase());
    let sent = {
        let mut answer = pin!(connection.sender.try_send_request(request));
        poll_fn(|cx| {
            if let Poll::Ready(answer) = answer.as_mut().poll(cx) {
                return Poll::Ready(Ok(answer));
            }
            if let Some(timer) = &mut patience
                && timer.as_mut().poll(cx).is_ready()
            {
                patience = None;
                upload.open();
            }
            if watch.take_expired() { Poll::Ready(Err(watch.phase())) } else { Poll::Pending }
        })
        .await
    };
    let lease = Lease::new(connection, origin.clone(), Arc::clone(&worker.pool), upload.clone());
    match sent {
        Ok(Ok(answer)) => {
            upload.answered();
            watch.enter(Phase::Working);
            let (head, body) = answer.into_parts();
            if head.status == StatusCode::SWITCHING_PROTOCOLS {
                return Err(Failure::Final(uninvited()));
            }
            if head.status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
                && let Some(Through::Absolute(proxy)) = &origin.through
            {
                let error = refused(proxy, &origin.host, head.status, &head.headers);
                return Err(Failure::Final(error.into()));
            }
            let refused_early = !upload.is_done() && head.status.as_u16() >= 400;
            let leftover = if refused_early { Leftover::of(upload) } else { None };
            Ok(Answer { head, body: Download::new(body, lease, Arc::clone(watch)), leftover })
        }
        Ok(Err(mut failed)) => {
            let never_sent = failed.take_message().is_some();
            let error = failed.into_error();
            if upload.is_gone() {
                return Err(Failure::Final(Fault::client_aborted()));
            }
            if upload.is_broken() {
                let fault = Fault::bad_request("The request's body broke off, or is not well-formed.");
                return Err(Failure::Final(fault));
            }
            let repeatable = never_sent || outgoing.method.is_idempotent();
            let fault = broken(&error);
            if repeatable && !upload.has_begun() && !error.is_parse() {
                Err(Failure::Stale(fault))
            } else {
                Err(Failure::Final(fault))
            }
        }
        Err(Phase::Upload) => Err(Failure::Final(Fault::client_timeout("the body of its request"))),
        Err(Phase::Push) => Err(Failure::Final(silent("take the request's body", "upstream.body_timeout"))),
        Err(_) => {
            let setting = match shared.dialer.response_timeout(origin) {
                Some(_) => "response_timeout of its [[route]]",
                None => "upstream.response_timeout",
            };
            Err(Failure::Final(silent("answer", setting)))
        }
    }
}
