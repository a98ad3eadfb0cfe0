//! Operations that can fail after the head of their answer has gone, inside a 200: a copy, the end of an upload in
//! parts, the deletion of many objects. Their small answer is looked at while it streams by, unchanged and without a
//! delay; what went wrong is diagnosed for log, metrics and ring.

use std::fmt;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_ENCODING;
use http::{HeaderMap, Method, StatusCode, request, response};
use memchr::memmem;

use super::client::{Client, Way};
use super::diagnose;
use super::snapshot::Shared;
use super::ticket::Ticket;
use super::upstream::Upload;
use crate::cos::error::ErrorBody;
use crate::diagnosis::{Exchange, Fields, ProxyEvidence, RequestEvidence, ResponseEvidence};
use crate::observe::{AnswerBody, Outcome};

/// Such answers are a few hundred bytes; that of a deletion has a hundred for each of its 1,000 objects at most.
const LARGEST: usize = 64 * 1024;
const COPY_SOURCES: [&str; 2] = ["x-cos-copy-source", "x-amz-copy-source"];

/// What such an operation is, and how its answer tells of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// An `<Error>` in place of the result.
    Whole,
    /// An `<Error>` for each object that is not deleted, among the others.
    EachObject,
}

/// The answer of such an operation, on its way.
pub(super) struct Late {
    kind: Kind,
    seen: BytesMut,
    /// What is said of it, should it have failed.
    request: RequestEvidence,
    answer: HeaderMap,
    proxy: ProxyEvidence,
    shared: Arc<Shared>,
}

impl fmt::Debug for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Late")
            .field("kind", &self.kind)
            .field("seen", &self.seen.len())
            .finish_non_exhaustive()
    }
}

impl Late {
    /// `None`: the answer's status says all.
    pub(super) fn of(
        client: &Client,
        head: &request::Parts,
        way: &Way,
        upload: &Upload,
        answered: &response::Parts,
        ticket: &Ticket,
    ) -> Option<Box<Self>> {
        let kind = kind(head).filter(|_| answered.status == StatusCode::OK)?;
        let coded = answered.headers.get(CONTENT_ENCODING).is_some_and(|coding| coding != "identity");
        (!coded).then(|| {
            Box::new(Self {
                kind,
                seen: BytesMut::new(),
                request: diagnose::request_evidence(head, way, upload, way.origin.scheme()),
                answer: answered.headers.clone(),
                proxy: diagnose::proxy_evidence(client, head, way, ticket),
                shared: Arc::clone(&client.shared),
            })
        })
    }

    /// A piece of the answer goes by.
    pub(super) fn see(&mut self, piece: &Bytes) {
        // White space keeps the connection alive while COS works, for as long as that takes.
        let piece = if self.seen.is_empty() { piece.trim_ascii_start() } else { piece };
        let room = LARGEST.saturating_sub(self.seen.len());
        self.seen.extend_from_slice(piece.get(..room).unwrap_or(piece));
    }

    /// The answer has ended.
    pub(super) fn conclude(self, ticket: &mut Ticket) {
        let Some(error) = self.error() else { return };
        let body = self.seen.freeze();
        ticket.record.answer_body = Some(AnswerBody::of(&body, body.len() < LARGEST));
        let exchange = Exchange {
            request: self.request,
            response: ResponseEvidence {
                status: Some(StatusCode::OK.as_u16()),
                headers: Fields::all(self.answer),
                body: Some(body),
            },
            proxy: Some(self.proxy),
            ..Exchange::default()
        };
        if ticket.record.key.is_none() {
            ticket.record.key = error.extra("Key").map(str::to_owned);
        }
        ticket.record.diagnosis = Some(Arc::new(self.shared.engine.diagnose(&exchange, ticket.id())));
        ticket.record.warnings.clear();
        ticket.end(Outcome::Diagnosed);
    }

    fn error(&self) -> Option<ErrorBody> {
        let root = match self.kind {
            Kind::Whole => "Error",
            Kind::EachObject => "DeleteResult",
        };
        let first = first_element(&self.seen)?;
        let fails = first.starts_with(root.as_bytes()) || first.starts_with(b"Error");
        // a key may hold the word, but not the mark before it
        memmem::find(&self.seen, b"<Error").filter(|_| fails)?;
        ErrorBody::parse(&self.seen).filter(|error| error.code.is_some())
    }
}

/// The document from the name of its root.
fn first_element(body: &[u8]) -> Option<&[u8]> {
    body.windows(2)
        .position(|pair| matches!(pair, [b'<', name] if name.is_ascii_alphabetic()))
        .and_then(|at| body.get(at + 1..))
}

fn kind(head: &request::Parts) -> Option<Kind> {
    let has = |name: &str| {
        let mut names = head.uri.query().unwrap_or_default().split('&');
        names.any(|pair| pair.split('=').next() == Some(name))
    };
    match head.method {
        Method::PUT if COPY_SOURCES.iter().any(|name| head.headers.contains_key(*name)) => Some(Kind::Whole),
        Method::POST if has("uploadId") => Some(Kind::Whole),
        Method::POST if has("delete") => Some(Kind::EachObject),
        _ => None,
    }
}
