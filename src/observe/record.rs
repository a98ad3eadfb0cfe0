//! What is kept of one request for its log line and the counters.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Version;
use ulid::Ulid;

use super::groups::Failure;
use super::trace::Parent;
use crate::diagnosis::report::Explanation;
use crate::diagnosis::{Diagnosis, ProxySigning, Warning};

/// One request, from its head to its end; every request ends in exactly one of these.
#[derive(Debug)]
pub struct Record {
    /// Also the diagnosis's id.
    pub request_id: Ulid,
    /// The W3C trace id of the client's `traceparent`; else, with traces on, of the trace that begins here.
    pub trace_id: Option<String>,
    /// The client's span, of that `traceparent`.
    pub parent: Option<Parent>,
    /// Port 0: not known, as of clients that a proxy tells of.
    pub client: Option<SocketAddr>,
    /// Whether the client came by https.
    pub secure: bool,
    /// In which the client asked.
    pub version: Option<Version>,
    /// Empty where the request's head could not be read.
    pub method: String,
    pub host: String,
    /// Path and query as sent, before redaction.
    pub path: String,
    pub bucket: Option<String>,
    pub region: Option<String>,
    pub key: Option<String>,
    /// The status the client got; `None` where it got none (it went away first).
    pub status: Option<u16>,
    pub outcome: Outcome,
    pub duration: Duration,
    /// How it went to the upstream, if it did or was going to.
    pub sent: Option<Sent>,
    /// From the request's sending to the head of the upstream's answer.
    pub upstream: Option<Duration>,
    /// Of the time to the head of the client's answer, what was not the upstream's.
    pub overhead: Option<Duration>,
    pub bytes_in: u64,
    pub bytes_out: u64,
    pub cos_request_id: Option<String>,
    /// What became of the client's signature, where Host or path were rewritten.
    pub signing: Option<ProxySigning>,
    /// What went wrong, in words, where coswhy answered by itself.
    pub error: Option<String>,
    /// What is going to fail one day, though this did not.
    pub warnings: Vec<Warning>,
    pub diagnosis: Option<Arc<Diagnosis>>,
    /// Which failure it is one more of; the observer finds out.
    pub failure: Option<Failure>,
    /// The diagnosis in words, where that was made for the answer already.
    pub explanation: Option<Arc<Explanation>>,
    /// The answer's body as it came, where it was diagnosed and can be read.
    pub answer_body: Option<AnswerBody>,
}

/// A request's way to the upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Since its head came.
    pub after: Duration,
    pub scheme: &'static str,
}

/// The beginning of an answer's body, in memory of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerBody {
    pub start: Bytes,
    /// There is no more of it.
    pub whole: bool,
}

impl AnswerBody {
    /// An error of COS is a few hundred bytes.
    const LONGEST: usize = 8 * 1024;

    /// Keeps the beginning of `body`; `ended`: that is all of it.
    #[must_use]
    pub fn of(body: &Bytes, ended: bool) -> Self {
        let start = body.get(..Self::LONGEST);
        Self {
            start: Bytes::copy_from_slice(start.unwrap_or(body)),
            whole: ended && body.len() <= Self::LONGEST,
        }
    }
}

impl Record {
    /// A record with a new id, of which nothing else is known yet.
    #[must_use]
    pub fn new(outcome: Outcome) -> Self {
        Self {
            request_id: Ulid::generate(),
            trace_id: None,
            parent: None,
            secure: false,
            sent: None,
            client: None,
            version: None,
            method: String::new(),
            host: String::new(),
            path: String::new(),
            bucket: None,
            region: None,
            key: None,
            status: None,
            outcome,
            duration: Duration::ZERO,
            upstream: None,
            overhead: None,
            bytes_in: 0,
            bytes_out: 0,
            cos_request_id: None,
            signing: None,
            error: None,
            warnings: Vec::new(),
            diagnosis: None,
            failure: None,
            explanation: None,
            answer_body: None,
        }
    }
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Answered by the upstream, passed on unchanged.
    Forwarded,
    /// Answered by the upstream with a refusal that was diagnosed.
    Diagnosed,
    /// Refused by the address rules.
    AddressRefused,
    /// Not HTTP, or HTTP that could be read in two ways.
    BadRequest,
    /// The head was larger than the limit.
    HeadTooLarge,
    /// The client was too slow with its head or its body.
    ClientTimeout,
    /// The client went away before the end.
    ClientAborted,
    /// The upstream could not be reached.
    UpstreamUnreachable,
    /// The upstream's certificate is not to be trusted, or its TLS failed.
    UpstreamTls,
    /// The upstream did not answer in time.
    UpstreamTimeout,
    /// The upstream broke off, or answered what is not HTTP.
    UpstreamFailed,
    /// The name led back to coswhy itself.
    Loop,
    /// More connections than the limit.
    Overloaded,
    /// A tunnel that this proxy looks into; the requests inside have lines of their own.
    Intercepted,
    /// A tunnel that this proxy could not look into.
    Tunnelled,
    /// TLS with the client came to nothing.
    ClientTls,
}

impl Outcome {
    /// Every outcome, in the order of their declaration.
    pub(super) const ALL: [Self; 16] = [
        Self::Forwarded,
        Self::Diagnosed,
        Self::AddressRefused,
        Self::BadRequest,
        Self::HeadTooLarge,
        Self::ClientTimeout,
        Self::ClientAborted,
        Self::UpstreamUnreachable,
        Self::UpstreamTls,
        Self::UpstreamTimeout,
        Self::UpstreamFailed,
        Self::Loop,
        Self::Overloaded,
        Self::Intercepted,
        Self::Tunnelled,
        Self::ClientTls,
    ];

    /// The word in the log's `outcome` field.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forwarded => "forwarded",
            Self::Diagnosed => "diagnosed",
            Self::AddressRefused => "address-refused",
            Self::BadRequest => "bad-request",
            Self::HeadTooLarge => "head-too-large",
            Self::ClientTimeout => "client-timeout",
            Self::ClientAborted => "client-aborted",
            Self::UpstreamUnreachable => "upstream-unreachable",
            Self::UpstreamTls => "upstream-tls",
            Self::UpstreamTimeout => "upstream-timeout",
            Self::UpstreamFailed => "upstream-failed",
            Self::Loop => "loop",
            Self::Overloaded => "overloaded",
            Self::Intercepted => "intercepted",
            Self::Tunnelled => "tunnelled",
            Self::ClientTls => "client-tls",
        }
    }
}

/// A client's address, without a port where that is 0, not known.
pub(crate) fn shown(client: SocketAddr) -> String {
    let ip = client.ip().to_canonical();
    match client.port() {
        0 => ip.to_string(),
        port => SocketAddr::new(ip, port).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome;

    #[test]
    fn the_list_of_outcomes_is_in_their_order() {
        for (i, outcome) in Outcome::ALL.into_iter().enumerate() {
            assert_eq!(outcome as usize, i, "{outcome:?}");
        }
    }
}
