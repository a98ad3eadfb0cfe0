//! One request's record while it is on its way: whatever happens to the request, dropping the ticket writes
//! its log line, exactly once.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ulid::Ulid;

use super::client::Client;
use super::reply::Fault;
use crate::diagnosis::Diagnosis;
use crate::diagnosis::report::Explanation;
use crate::observe::{Guard, Observer, Outcome, Record};

/// A record that completes itself when dropped.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) record: Record,
    started: Instant,
    observer: Observer,
    _in_flight: Guard,
    /// Another ticket tells of this request.
    handed_over: bool,
}

impl Ticket {
    /// Until told otherwise a request ended because its client went away: that is the one end that nothing
    /// else in the proxy gets to see.
    pub(crate) fn new(client: &Client) -> Self {
        let observer = client.shared.observer.clone();
        let peer: SocketAddr = client.peer;
        Self {
            record: Record { client: Some(peer), ..Record::new(Outcome::ClientAborted) },
            started: Instant::now(),
            _in_flight: observer.in_flight_guard(),
            observer,
            handed_over: false,
        }
    }

    /// The ticket of a request that goes on after its answer; this one is spent.
    pub(crate) fn hand_over(&mut self) -> Self {
        self.handed_over = true;
        Self {
            record: std::mem::replace(&mut self.record, Record::new(Outcome::Forwarded)),
            started: self.started,
            observer: self.observer.clone(),
            _in_flight: self.observer.in_flight_guard(),
            handed_over: false,
        }
    }

    pub(crate) fn id(&self) -> Ulid {
        self.record.request_id
    }

    /// Who asks: the other end of the connection, or whom a proxy that is believed asks for.
    pub(crate) fn client_ip(&self) -> IpAddr {
        self.record.client.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |client| client.ip())
    }

    /// Since the request's head came.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The head of the answer is ready.
    pub(crate) fn answered(&mut self) {
        self.record.overhead = self.record.upstream.map(|upstream| self.elapsed().saturating_sub(upstream));
    }

    /// How it ended.
    pub(crate) fn end(&mut self, outcome: Outcome) {
        self.record.outcome = outcome;
    }

    /// coswhy answers by itself.
    pub(crate) fn refuse(&mut self, fault: &Fault) {
        self.record.outcome = fault.outcome;
        // Who went away gets no answer.
        self.record.status = (fault.outcome != Outcome::ClientAborted).then(|| fault.status.as_u16());
        self.record.error = Some(fault.message.clone());
    }

    pub(crate) fn diagnosed(&mut self, diagnosis: Arc<Diagnosis>, explanation: Arc<Explanation>) {
        self.record.diagnosis = Some(diagnosis);
        self.record.explanation = Some(explanation);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if self.handed_over {
            return;
        }
        self.record.duration = self.started.elapsed();
        let record = std::mem::replace(&mut self.record, Record::new(Outcome::Forwarded));
        self.observer.record(record);
    }
}
