//! From a request to its answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Acquire;

use http::{Method, Request, StatusCode, request};
use hyper::body::Incoming;
use tokio::sync::{Semaphore, watch};

use super::access::{self, Access};
use super::answer::{self, Answer};
use super::explain::Reader;
use super::file::File;
use super::inspector::Inspector;
use super::{Ends, State, diagnoses, events, groups, metrics, reload, rules};
use crate::config::settings::MetricsAccess;

const INDEX: &str = "\
coswhy

/               for browsers: the inspector, a page that shows what follows
/diagnoses      recent diagnoses as JSON, newest first
                ?cause= &bucket= &key_id= &since= &limit= &next= &lang=
/diagnoses/ID   one diagnosis, explained
                ?lang=en|zh
/groups         failures that are one, by their fingerprint, the newest first
                ?cause= &bucket= &key_id= &since= &limit= &next= &lang=
/events         new diagnoses as they come (server-sent events)
/explain        POST a HAR, an error body, curl output, log lines: what went wrong there
/rules          every rule that tells a cause
/reload         POST: loads the settings anew
/openapi.json   all of this, for programs (OpenAPI 3.1)
/metrics        counters and durations (OpenMetrics)
/healthz        200 while the process runs
/readyz         200 while new requests are welcome, 503 otherwise
";

const DESCRIPTION: &str = include_str!("openapi.json");

const NOTHING: &str = "There is nothing here; / lists what there is.";

/// Everything an answer is made of.
#[derive(Debug)]
pub(super) struct Router {
    state: State,
    listen: SocketAddr,
    inspector: Inspector,
    description: File,
    /// Places for readers of `/events`.
    subscribers: Arc<Semaphore>,
    reader: Reader,
    closed: watch::Receiver<bool>,
}

enum Endpoint<'a> {
    Index,
    /// A part of the page.
    Inspector(&'a str),
    Health,
    Ready,
    Metrics,
    Diagnoses,
    Diagnosis(&'a str),
    Groups,
    Events,
    Explain,
    Rules,
    Reload,
    Description,
    Unknown,
}

impl<'a> Endpoint<'a> {
    fn of(path: &'a str) -> Self {
        match path {
            "/" => Self::Index,
            "/healthz" => Self::Health,
            "/readyz" => Self::Ready,
            "/metrics" => Self::Metrics,
            "/diagnoses" => Self::Diagnoses,
            "/groups" => Self::Groups,
            "/events" => Self::Events,
            "/explain" => Self::Explain,
            "/rules" => Self::Rules,
            "/reload" => Self::Reload,
            "/openapi.json" => Self::Description,
            _ => {
                let diagnosis = path.strip_prefix("/diagnoses/").map(Self::Diagnosis);
                let part = || path.strip_prefix("/inspector/").map(Self::Inspector);
                diagnosis.or_else(part).unwrap_or(Self::Unknown)
            }
        }
    }

    /// The page itself says nothing secret, and could not ask for the token if it needed it; nor does the description.
    fn needs_no_token(&self) -> bool {
        matches!(self, Self::Index | Self::Inspector(_) | Self::Description)
    }

    /// The methods that it knows, as Allow lists them.
    fn methods(&self) -> &'static str {
        match self {
            Self::Explain | Self::Reload => "POST",
            _ => "GET, HEAD",
        }
    }

    /// Balancers and kubelets have neither a name for this listener nor a token.
    fn is_for_all(&self) -> bool {
        matches!(self, Self::Health | Self::Ready)
    }
}

impl Router {
    pub(super) fn new(state: State, listen: SocketAddr, closed: watch::Receiver<bool>) -> Self {
        let subscribers = Arc::new(Semaphore::new(events::SUBSCRIBERS));
        let inspector = Inspector::new(state.proxy);
        let reader = Reader::new(&state);
        let description = File::new(answer::JSON, DESCRIPTION);
        Self { state, listen, inspector, description, subscribers, reader, closed }
    }

    pub(super) async fn answer(&self, request: Request<Incoming>, ends: Ends) -> Answer {
        let (head, body) = request.into_parts();
        let endpoint = Endpoint::of(head.uri.path());
        if let Some(refusal) = self.refuse(&endpoint, &head, ends) {
            return refusal;
        }
        let methods = endpoint.methods();
        let is_known = methods.split(", ").any(|method| head.method == method);
        match endpoint {
            Endpoint::Unknown => answer::not_found(NOTHING),
            _ if !is_known => answer::method_not_allowed(methods),
            Endpoint::Explain => self.reader.answer(&head, body).await,
            Endpoint::Reload => reload::answer(self.state.reload.as_ref()).await,
            endpoint => self.show(endpoint, &head),
        }
    }

    fn show(&self, endpoint: Endpoint<'_>, head: &request::Parts) -> Answer {
        let ring = self.state.observer.ring();
        let query = head.uri.query().unwrap_or_default();
        match endpoint {
            Endpoint::Index => self.inspector.root(&head.headers, INDEX),
            Endpoint::Inspector(name) => {
                let file = self.inspector.file(name, &head.headers);
                file.unwrap_or_else(|| answer::not_found(NOTHING))
            }
            Endpoint::Health => answer::text(StatusCode::OK, "ok\n"),
            Endpoint::Ready if self.state.ready.load(Acquire) => answer::text(StatusCode::OK, "ready\n"),
            Endpoint::Ready => answer::text(StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
            Endpoint::Metrics => metrics::answer(self.state.observer.metrics(), &head.headers),
            Endpoint::Diagnoses => diagnoses::page(ring, query),
            Endpoint::Diagnosis(id) => diagnoses::one(ring, id, query),
            Endpoint::Groups => groups::page(ring, query),
            Endpoint::Events => {
                events::stream(ring, &head.method, query, &head.headers, &self.subscribers, &self.closed)
            }
            Endpoint::Description => self.description.answer(&head.headers),
            Endpoint::Rules => {
                let in_force = self.state.in_force.borrow();
                rules::list(&in_force.engine, in_force.language, query)
            }
            Endpoint::Explain | Endpoint::Reload | Endpoint::Unknown => answer::not_found(NOTHING),
        }
    }

    fn refuse(&self, endpoint: &Endpoint<'_>, head: &request::Parts, ends: Ends) -> Option<Answer> {
        if endpoint.is_for_all() {
            return None;
        }
        let in_force = self.state.in_force.borrow();
        let access = Access::new(&in_force.settings, self.listen);
        if !access.is_own_host(&head.uri, &head.headers, ends.local) {
            return Some(answer::problem(
                StatusCode::MISDIRECTED_REQUEST,
                "Host is none of this listener's own names: use its address, localhost, or set admin.public_url.",
            ));
        }
        if !matches!(head.method, Method::GET | Method::HEAD) && access::is_foreign(&head.headers) {
            return Some(answer::problem(
                StatusCode::FORBIDDEN,
                "A page of another origin may not do this: Origin and Sec-Fetch-Site are not this listener's own.",
            ));
        }
        match endpoint {
            Endpoint::Metrics if in_force.settings.metrics == MetricsAccess::Open => None,
            Endpoint::Reload if access::is_program_here(&head.headers, ends.peer) => None,
            Endpoint::Reload if access.has_no_token_to_ask_for() => Some(answer::problem(
                StatusCode::FORBIDDEN,
                "Without an admin.token this is for programs on this machine, and not for web pages.",
            )),
            endpoint if endpoint.needs_no_token() || access.has_token(&head.headers) => None,
            _ => Some(answer::unauthorized()),
        }
    }
}
