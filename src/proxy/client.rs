//! A client's connection, as each of its requests sees it: with the settings that the request began with.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use http::{Version, request};

use super::address::{self, Target};
use super::listener::watch::{Limits, Watch};
use super::listener::{Entrance, Worker};
use super::reply::Fault;
use super::snapshot::Shared;
use super::tunnel::Plan;
use super::upstream::Origin;

/// A client's connection, as a request sees it.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) peer: SocketAddr,
    pub(crate) watch: Arc<Watch>,
    pub(crate) worker: Arc<Worker>,
    /// What the request began with; a reload in the meantime is for those after it.
    pub(crate) shared: Arc<Shared>,
    pub(crate) entrance: Entrance,
    /// A client mostly asks for one host: what it led to last time.
    last: Arc<Mutex<Option<Arc<Way>>>>,
    /// What the connection becomes after the answer on its way.
    plan: Mutex<Option<Plan>>,
}

/// Where requests for a host go.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) target: Target,
    pub(crate) origin: Origin,
}

impl Client {
    pub(crate) fn new(peer: SocketAddr, watch: Arc<Watch>, worker: Arc<Worker>, entrance: Entrance) -> Self {
        let shared = worker.current.get();
        Self { peer, watch, worker, shared, entrance, last: Arc::default(), plan: Mutex::default() }
    }

    /// The same client, as a request sees it that shares the connection with others (HTTP/2).
    pub(crate) fn on_stream(&self, watch: Arc<Watch>) -> Self {
        Self {
            peer: self.peer,
            watch,
            worker: Arc::clone(&self.worker),
            shared: Arc::clone(&self.shared),
            entrance: self.entrance.clone(),
            last: Arc::clone(&self.last),
            plan: Mutex::default(),
        }
    }

    /// What the connection is to be once HTTP on it has ended with a CONNECT.
    pub(super) fn become_after(&self, plan: Plan) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = Some(plan);
    }

    /// What it is now.
    pub(crate) fn take_plan(&self) -> Option<Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Where a request goes.
    pub(super) fn way(&self, head: &request::Parts) -> Result<Arc<Way>, Fault> {
        let host = address::meant(head)?;
        let is_usual = asks_an_origin(head);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(way) = last.as_ref()
            && way.target.asked == host
            && is_usual
        {
            return Ok(Arc::clone(way));
        }
        let target = self.shared.addresses.target(host, head, &self.entrance)?;
        let origins = &self.shared.origins;
        let origin = origins.origin(&target, head.uri.path());
        let way = Arc::new(Way { target, origin });
        if is_usual && origins.are_steady_for(&way.target) {
            *last = Some(Arc::clone(&way));
        }
        Ok(way)
    }
}

/// A connection's client: each request asks for it anew, and gets the settings of its time.
#[derive(Debug)]
pub(crate) struct Visitor(Mutex<Arc<Client>>);

impl Visitor {
    pub(crate) fn new(peer: SocketAddr, watch: Arc<Watch>, worker: Arc<Worker>, entrance: Entrance) -> Self {
        Self(Mutex::new(Arc::new(Client::new(peer, watch, worker, entrance))))
    }

    /// For a request that begins now.
    pub(crate) fn enter(&self) -> Arc<Client> {
        let mut client = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !client.worker.current.is(&client.shared) {
            let Client { peer, watch, worker, entrance, .. } = &**client;
            let anew = Client::new(*peer, Arc::clone(watch), Arc::clone(worker), entrance.clone());
            anew.watch.keep_to(&Limits::new(&anew.shared.settings));
            *client = Arc::new(anew);
        }
        Arc::clone(&client)
    }

    /// As the last request saw it.
    pub(crate) fn last(&self) -> Arc<Client> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether a request is made as to an origin server, not as to a proxy: what its name leads to is then the same for
/// every request of a connection. In HTTP/2 such a request has an authority, and the connection's own scheme.
fn asks_an_origin(head: &request::Parts) -> bool {
    match head.uri.scheme_str() {
        None => head.uri.authority().is_none(),
        Some(scheme) => head.version == Version::HTTP_2 && scheme == "https",
    }
}
