//! One request from its head to its answer: through the stations in their order.

use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, EXPECT, HeaderMap, HeaderName, HeaderValue, VIA};
use http::uri::PathAndQuery;
use http::{Method, Request, Response, Uri, Version, request};
use hyper::body::Incoming;
use tracing::{Instrument, debug_span};

use super::address::{self, Target};
use super::body::ReplyBody;
use super::client::{Client, Way};
use super::client_address::forwarded_for;
use super::diagnose;
use super::fields;
use super::foresee;
use super::late::Late;
use super::leftover::Leftover;
use super::listener::Entrance;
use super::memory::Passed;
use super::reply::{Fault, Reply};
use super::sign;
use super::ticket::Ticket;
use super::timing;
use super::tunnel;
use super::upstream::{self, Answer, Outgoing, Upload};
use crate::config::settings::Expose;
use crate::diagnosis::ProxySigning;
use crate::observe::{Outcome, Sent, trace};

pub(crate) const DIAGNOSIS: HeaderName = HeaderName::from_static("x-cos-diagnosis");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-cos-request-id");
/// Fields of a request's head.
const MAX_FIELDS: usize = 100;
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Answers one request.
pub(crate) async fn serve(client: Arc<Client>, request: Request<Incoming>) -> Response<ReplyBody> {
    let ticket = Ticket::new(&client);
    let span = debug_span!("request", request_id = %ticket.id(), client = %client.peer);
    answer(client, request, ticket).instrument(span).await
}

/// Answers a request for which there is no place.
pub(crate) fn overloaded(client: &Client, request: Request<Incoming>) -> Response<ReplyBody> {
    let (head, body) = request.into_parts();
    let mut ticket = Ticket::new(client);
    note(client, &mut ticket, &head);
    let upload = Upload::new(body, head.version, false, false, &client.watch);
    let fault = Fault::overloaded(client.shared.settings.listener.max_connections);
    refuse(client, &head, upload, &fault, ticket)
}

async fn answer(client: Arc<Client>, request: Request<Incoming>, mut ticket: Ticket) -> Response<ReplyBody> {
    let (head, body) = request.into_parts();
    note(&client, &mut ticket, &head);
    let expects =
        head.headers.get(EXPECT).is_some_and(|v| v.as_bytes().eq_ignore_ascii_case(b"100-continue"));
    let upload = Upload::new(body, head.version, expects, is_form(&head), &client.watch);
    if head.method == Method::CONNECT {
        return connect(&client, &head, upload, ticket).await;
    }
    match forward(&client, &head, &upload, &mut ticket).await {
        Ok((way, answer)) => pass_on(&client, &head, way, upload, answer, ticket).await,
        Err(fault) => refuse(&client, &head, upload, &fault, ticket),
    }
}

async fn connect(
    client: &Client,
    head: &request::Parts,
    upload: Upload,
    mut ticket: Ticket,
) -> Response<ReplyBody> {
    ticket.record.host = authority(&head.uri);
    match tunnel::open(client, head, &mut ticket).await {
        Ok(plan) => {
            client.become_after(plan);
            Response::new(ReplyBody::whole(Bytes::new(), ticket, upload, &client.watch, None))
        }
        Err(fault) => {
            let mut response = refuse(client, head, upload, &fault, ticket);
            // What a client sent behind its CONNECT was not meant for this proxy.
            close_after(response.headers_mut());
            response
        }
    }
}

/// What the log line says of the request itself.
fn note(client: &Client, ticket: &mut Ticket, head: &request::Parts) {
    let record = &mut ticket.record;
    record.version = Some(head.version);
    let trusted = &client.shared.settings.listener.trusted_proxies;
    if let Some(asker) = forwarded_for::client(client.peer.ip(), &head.headers, trusted) {
        record.client = Some(asker);
    }
    record.method = head.method.as_str().to_owned();
    record.path =
        head.uri.path_and_query().map_or_else(|| authority(&head.uri), |target| target.as_str().to_owned());
    record.secure = !matches!(client.entrance, Entrance::Plain);
    if let Some((trace_id, parent)) = head.headers.get(TRACEPARENT).and_then(trace::traceparent) {
        record.trace_id = Some(trace_id);
        record.parent = Some(parent);
    }
}

async fn forward(
    client: &Arc<Client>,
    head: &request::Parts,
    upload: &Upload,
    ticket: &mut Ticket,
) -> Result<(Arc<Way>, Answer), Fault> {
    let way = debug_span!("address").in_scope(|| client.way(head)).inspect_err(|_| {
        ticket.record.host = address::meant(head).as_ref().map(address::shown).unwrap_or_default();
    })?;
    let location = way.target.locate(head.uri.path());
    ticket.record.host = way.target.asked.to_str().unwrap_or_default().to_owned();
    ticket.record.bucket = location.bucket;
    ticket.record.region = location.region;
    ticket.record.key = location.key;
    client.shared.addresses.check_bucket(&way.target, head)?;
    // Of HTTP/1.1 hyper takes no more by itself.
    if head.version == Version::HTTP_2
        && (head.headers.len() > MAX_FIELDS || size(head) > client.shared.settings.listener.max_head.0)
    {
        return Err(Fault::head_too_large());
    }
    if !fields::has_one_framing(&head.headers) {
        return Err(Fault::bad_request("The request has a transfer coding other than chunked."));
    }
    let mut headers = fields::outgoing(&head.headers, &way.target.host);
    if client.shared.settings.forward.via {
        headers.append(VIA, HeaderValue::from_static("1.1 coswhy"));
    }
    let mut outgoing = Outgoing {
        method: head.method.clone(),
        target: match &way.target.target {
            Some(target) => Uri::from(target.clone()),
            None => origin_form(&head.uri)?,
        },
        headers,
        extensions: head.extensions.clone(),
        upload: upload.clone(),
    };
    if way.target.rewritten {
        let signing = debug_span!("sign").in_scope(|| sign_anew(client, head, &way.target, &mut outgoing));
        ticket.record.signing = Some(signing);
    }
    ticket.record.sent = Some(Sent { after: ticket.elapsed(), scheme: way.origin.scheme() });
    let sent = std::time::Instant::now();
    let answer = upstream::send(client, &way.origin, &outgoing).instrument(debug_span!("upstream")).await?;
    ticket.record.upstream = Some(sent.elapsed());
    Ok((way, answer))
}

/// Signs a request whose Host or path is not the client's any more, where its own signature verifies.
fn sign_anew(
    client: &Client,
    head: &request::Parts,
    target: &Target,
    outgoing: &mut Outgoing,
) -> ProxySigning {
    let text = |host: &HeaderValue| host.to_str().map(str::to_owned).unwrap_or_default();
    let (asked_host, sent_host) = (text(&target.asked), text(&target.host));
    let asked = sign::Asked {
        method: &head.method,
        host: &asked_host,
        any_port: target.any_port,
        is_own: target.is_own,
        target: head.uri.path_and_query().map_or("/", PathAndQuery::as_str),
        headers: &head.headers,
        is_form: is_form(head),
    };
    let sent_target = outgoing.target.path_and_query().map_or("/", PathAndQuery::as_str);
    let sent = sign::Sent { host: &sent_host, target: sent_target };
    let outcome = client.shared.keys.sign(&asked, &sent, epoch());
    let signing = outcome.signing();
    if let sign::Outcome::Anew { authorization, target } = outcome {
        if let Some(target) = target {
            outgoing.target = Uri::from(target);
        }
        // In the old one's place: its name keeps its letter case, and its position.
        if let Some((new, old)) = authorization.zip(outgoing.headers.get_mut(AUTHORIZATION)) {
            *old = new;
        }
    }
    signing
}

/// A clock that tells no time leaves nothing valid.
fn epoch() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok();
    since.and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(i64::MAX)
}

/// The bytes of a head as HTTP/1.1 writes it: in HTTP/2 it may have come in far fewer.
fn size(head: &request::Parts) -> usize {
    let fields = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    fields.sum::<usize>() + head.uri.path_and_query().map_or(0, |target| target.as_str().len())
}

/// The target as it goes to an origin server: path and query, byte for byte (RFC 9112, section 3.2.1).
fn origin_form(uri: &Uri) -> Result<Uri, Fault> {
    let mut parts = http::uri::Parts::default();
    // an empty one (`http://HOST#fragment`) says `/` when asked, and would go out as nothing
    let given = uri.path_and_query().filter(|target| target.as_str() != "/");
    parts.path_and_query = Some(given.cloned().unwrap_or_else(|| PathAndQuery::from_static("/")));
    Uri::from_parts(parts).map_err(|_| Fault::bad_request("The request's target cannot be forwarded."))
}

/// What CONNECT asks for, as it may be shown.
fn authority(uri: &Uri) -> String {
    uri.authority()
        .and_then(|a| HeaderValue::from_str(a.as_str()).ok())
        .as_ref()
        .map(address::shown)
        .unwrap_or_default()
}

/// A browser's upload form carries its signature in its fields.
pub(super) fn is_form(head: &request::Parts) -> bool {
    head.method == Method::POST
        && head.headers.get(CONTENT_TYPE).is_some_and(|v| {
            v.as_bytes().get(..19).is_some_and(|start| start.eq_ignore_ascii_case(b"multipart/form-data"))
        })
}

async fn pass_on(
    client: &Arc<Client>,
    head: &request::Parts,
    way: Arc<Way>,
    upload: Upload,
    mut answer: Answer,
    mut ticket: Ticket,
) -> Response<ReplyBody> {
    fields::strip_answer(&mut answer.head.headers, &DIAGNOSIS);
    answer.head.version = Version::HTTP_11;
    let shared = &client.shared;
    if shared.settings.forward.via {
        answer.head.headers.append(VIA, HeaderValue::from_static("1.1 coswhy"));
    }
    if answer.leftover.as_ref().is_some_and(|leftover| leftover.close) {
        close_after(&mut answer.head.headers);
    }
    ticket.record.status = Some(answer.head.status.as_u16());
    ticket.record.cos_request_id =
        answer.head.headers.get(REQUEST_ID).and_then(|v| v.to_str().ok()).map(str::to_owned);
    if shared.refusals.has(answer.head.status) {
        return diagnose::refusal(client, head, &way, upload, answer, ticket).await;
    }
    ticket.end(Outcome::Forwarded);
    shared.memory.passed(&Passed {
        head,
        way: &way,
        location: (&ticket.record.bucket, &ticket.record.key),
        client: ticket.client_ip(),
    });
    let diagnosis = &shared.settings.diagnosis;
    let warn = diagnosis.warn_header && diagnosis.exposed_to(ticket.client_ip()) != Expose::None;
    foresee::success(head, &way, &mut answer.head, &mut ticket, warn);
    ticket.answered();
    if shared.settings.forward.server_timing {
        timing::add(&mut answer.head.headers, &ticket);
    }
    let late = Late::of(client, head, &way, &upload, &answer.head, &ticket);
    let Answer { head, body, leftover } = answer;
    let body = ReplyBody::stream(Default::default(), body, ticket, upload, &client.watch, leftover);
    Response::from_parts(head, body.looked_at(late))
}

pub(crate) fn close_after(headers: &mut HeaderMap) {
    headers.insert(http::header::CONNECTION, HeaderValue::from_static("close"));
}

/// coswhy's own answer.
fn refuse(
    client: &Client,
    head: &request::Parts,
    upload: Upload,
    fault: &Fault,
    mut ticket: Ticket,
) -> Response<ReplyBody> {
    ticket.refuse(fault);
    let expose = client.shared.settings.diagnosis.exposed_to(ticket.client_ip());
    let reserved = (expose == Expose::None).then(|| fault.reserved());
    let Reply { status, mut headers, mut body } =
        reserved.as_ref().unwrap_or(fault).reply(ticket.id(), Some(&head.headers), head.uri.path());
    let leftover = Leftover::of(&upload);
    if leftover.as_ref().is_some_and(|leftover| leftover.close) || fault.outcome == Outcome::BadRequest {
        close_after(&mut headers);
    }
    if client.shared.settings.forward.server_timing {
        timing::add(&mut headers, &ticket);
    }
    headers.insert(http::header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    if head.method == Method::HEAD {
        body = Bytes::new();
    }
    let mut response = Response::new(ReplyBody::whole(body, ticket, upload, &client.watch, leftover));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
