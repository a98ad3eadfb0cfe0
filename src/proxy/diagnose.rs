//! The station of a refused request: a bounded look at the answer's body, the request's evidence, the cause.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{Method, Response, request, response};
use http_body_util::BodyExt;
use tokio::time::timeout;
use tracing::debug_span;

use super::address::Target;
use super::annotate;
use super::body::ReplyBody;
use super::client::{Client, Way};
use super::ticket::Ticket;
use super::timing;
use super::upstream::{Answer, Download, Upload};
use crate::config::settings::Expose;
use crate::cos::form;
use crate::diagnosis::{Exchange, Fields, ProxyEvidence, RequestEvidence, ResponseEvidence};
use crate::observe::{AnswerBody, Outcome};

/// An error of COS is a few hundred bytes and comes with its head; what is larger or slower is something else.
const LARGEST: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(2);

/// What the bounded look saw.
struct Seen {
    chunks: VecDeque<Bytes>,
    end: End,
}

enum End {
    /// The whole body was seen.
    Whole,
    /// There is more.
    More,
    Broken(hyper::Error),
}

/// Diagnoses a refusal and answers the client with it.
pub(super) async fn refusal(
    client: &Arc<Client>,
    head: &request::Parts,
    way: &Way,
    upload: Upload,
    answer: Answer,
    mut ticket: Ticket,
) -> Response<ReplyBody> {
    let shared = &client.shared;
    let Answer { head: mut answered, body: mut download, leftover } = answer;
    let seen = look(&mut download).await;
    let body = gathered(&seen.chunks);
    let exchange = Exchange {
        request: request_evidence(head, way, &upload, way.origin.scheme()),
        response: response_evidence(&answered, &seen, &body),
        proxy: Some(proxy_evidence(client, head, way, &ticket)),
        lasted: Some(ticket.elapsed()),
        ..Exchange::default()
    };
    let diagnosis = debug_span!("diagnose")
        .in_scope(|| Arc::new(shared.engine.diagnose_with(&exchange, &shared.keys, ticket.id())));
    shared.memory.refused(head, ticket.record.bucket.as_deref(), ticket.client_ip(), &diagnosis);
    let annotating = debug_span!("annotate").entered();
    let expose = shared.settings.diagnosis.exposed_to(ticket.client_ip());
    if expose != Expose::None {
        annotate::header(&mut answered.headers, &diagnosis, shared.public_url.as_deref());
    }
    ticket.end(Outcome::Diagnosed);
    let explanation = Arc::new(diagnosis.explanation(shared.settings.diagnosis.language));
    let changed = match seen.end {
        End::Whole if head.method != Method::HEAD && expose == Expose::All => annotate::body(
            &mut answered,
            &body,
            &diagnosis,
            &explanation,
            &head.headers,
            &shared.settings.diagnosis,
        ),
        _ => None,
    };
    if expose != Expose::None || shared.settings.forward.server_timing {
        timing::add(&mut answered.headers, &ticket);
    }
    ticket.diagnosed(diagnosis, explanation);
    ticket.answered();
    ticket.record.answer_body =
        exchange.response.body.as_ref().map(|body| AnswerBody::of(body, matches!(seen.end, End::Whole)));
    drop(annotating);
    let watch = &client.watch;
    let body = match (changed, seen.end) {
        (Some(changed), _) => ReplyBody::whole(changed, ticket, upload, watch, leftover),
        (None, End::Broken(error)) => ReplyBody::broken(seen.chunks, error, ticket, upload, watch, leftover),
        (None, _) => ReplyBody::stream(seen.chunks, download, ticket, upload, watch, leftover),
    };
    Response::from_parts(answered, body)
}

async fn look(download: &mut Download) -> Seen {
    let mut chunks = VecDeque::new();
    let mut length = 0;
    let reading = async {
        while length <= LARGEST {
            match download.frame().await {
                None => return End::Whole,
                Some(Err(error)) => return End::Broken(error),
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        length += data.len();
                        chunks.push_back(data);
                    }
                }
            }
        }
        End::More
    };
    let end = timeout(PATIENCE, reading).await.unwrap_or(End::More);
    Seen { chunks, end }
}

fn gathered(chunks: &VecDeque<Bytes>) -> Bytes {
    match chunks.len() {
        0 => Bytes::new(),
        1 => chunks.front().cloned().unwrap_or_default(),
        _ => chunks.iter().flat_map(|chunk| chunk.iter().copied()).collect(),
    }
}

pub(super) fn request_evidence(
    head: &request::Parts,
    way: &Way,
    upload: &Upload,
    scheme: &str,
) -> RequestEvidence {
    let content_type = head.headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
    RequestEvidence {
        method: Some(head.method.as_str().to_owned()),
        scheme: Some(scheme.to_owned()),
        host: way.target.asked.to_str().ok().map(str::to_owned),
        target: head.uri.path_and_query().map(|target| target.as_str().to_owned()),
        headers: Fields::all(head.headers.clone()),
        form: content_type
            .zip(upload.beginning())
            .map(|(kind, start)| form::fields_before_file(kind, &start)),
    }
}

pub(super) fn proxy_evidence(
    client: &Client,
    head: &request::Parts,
    way: &Way,
    ticket: &Ticket,
) -> ProxyEvidence {
    let Target { asked, host, target, listed, .. } = &way.target;
    ProxyEvidence {
        host_sent: (asked != host).then(|| host.to_str().unwrap_or_default().to_owned()),
        target_sent: target.as_ref().map(|target| target.as_str().to_owned()),
        signing: ticket.record.signing,
        copies_from_own_address: client.shared.addresses.copies_from_own_address(&head.headers),
        bucket: listed.bucket.clone(),
        region: listed.region.clone(),
        recent: client.shared.memory.of(head, ticket.record.bucket.as_deref(), ticket.client_ip()),
    }
}

fn response_evidence(head: &response::Parts, seen: &Seen, body: &Bytes) -> ResponseEvidence {
    let coded = head.headers.get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity");
    let unseen = coded || (matches!(seen.end, End::More | End::Broken(_)) && body.is_empty());
    ResponseEvidence {
        status: Some(head.status.as_u16()),
        headers: Fields::all(head.headers.clone()),
        body: (!unseen).then(|| body.clone()),
    }
}
