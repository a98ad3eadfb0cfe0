//! A request's whole way: address, bucket, who asks, what for, the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::{Extensions, Method, Response, StatusCode};
use hyper::body::Incoming;

use super::buckets::{self, Quirk};
use super::clock::Clock;
use super::faults::{self, Fault};
use super::keys::Key;
use super::refusal::Refusal;
use super::reply::{self, Answer, Body};
use super::request::Request;
use super::store::{Bucket, Store};
use super::verify::Identity;
use super::{access, batch, body, cors, list, multipart, objects, post, sub_resources, verify};
use crate::cos::endpoint::HostKind;
use crate::cos::request_id;

/// The connection is to be closed without an answer.
#[derive(Debug)]
pub(super) struct Hangup;

impl std::fmt::Display for Hangup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the simulator hung up, as it was asked to")
    }
}

impl std::error::Error for Hangup {}

#[derive(Debug)]
pub(super) struct Service {
    store: Store,
    keys: Vec<Key>,
    clock: Clock,
    serial: AtomicU32,
    /// Has hyper write field names as COS does.
    letter_case: Extensions,
}

impl Service {
    pub(super) fn new(keys: Vec<Key>, clock: Clock, letter_case: Extensions) -> Self {
        let store = Store::new(buckets::all(clock.now()));
        Self { store, keys, clock, serial: AtomicU32::new(1), letter_case }
    }

    pub(super) async fn answer(
        self: Arc<Self>,
        request: http::Request<Incoming>,
    ) -> Result<Response<Body>, Hangup> {
        let now = self.clock.now();
        let id = request_id::make(now, 0x0100_007f, 0x6aa5, self.serial.fetch_add(1, Ordering::Relaxed));
        let (parts, body) = request.into_parts();
        let request = Request::new(parts, id);
        match self.quirk(&request) {
            Quirk::Firewall => return Ok(faults::firewall()),
            Quirk::Faults => match Fault::named(request.key()) {
                Some(Fault::Close) => return Err(Hangup),
                Some(Fault::Silent) => match faults::silence().await {},
                Some(Fault::Slow(milliseconds)) => {
                    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                }
                Some(Fault::Truncate) => return Ok(reply::sign_off(faults::truncated(), &request.id, now)),
                Some(Fault::Late) => {
                    let late = faults::late(&request.id);
                    return Ok(self.finish(&request, Ok(late), now));
                }
                Some(Fault::SlowDown) => return Ok(self.finish(&request, Err(faults::slow_down()), now)),
                None => {}
            },
            Quirk::None | Quirk::NewRules | Quirk::Arrears => {}
        }
        let answer = self.done(&request, body, now).await;
        Ok(self.finish(&request, answer, now))
    }

    fn quirk(&self, request: &Request) -> Quirk {
        self.store.lock().get(request.bucket()).map(|bucket| bucket.quirk).unwrap_or_default()
    }

    fn finish(&self, request: &Request, answer: Answer, now: i64) -> Response<Body> {
        let buckets = self.store.lock();
        let bucket = buckets.get(request.bucket());
        let page_shape = bucket.is_some_and(|bucket| bucket.page_shape);
        let mut response = answer.unwrap_or_else(|refusal| reply::refused(refusal, request, page_shape, now));
        if let Some(bucket) = bucket.filter(|_| !request.is_preflight()) {
            cors::mark(request, bucket, &mut response);
        }
        response.extensions_mut().extend(self.letter_case.clone());
        reply::sign_off(response, &request.id, now)
    }

    async fn done(&self, request: &Request, body: Incoming, now: i64) -> Answer {
        if request.endpoint.kind == HostKind::LegacyJson {
            return Ok(retired(&request.id));
        }
        {
            let buckets = self.store.lock();
            let bucket = buckets.get(request.bucket());
            by_address(request, bucket)?;
            if let Some(bucket) = bucket.filter(|_| request.is_preflight()) {
                return cors::preflight(request, bucket);
            }
        }
        if request.is_form() {
            let body = body::read(request, body).await?;
            return post::object(request, &self.store, &self.keys, &body, now);
        }
        let identity = verify::identify(request, &self.keys, now)?;
        access::check(request, self.store.lock().get(request.bucket()), &identity)?;
        if request.bucket().is_empty() {
            return list::service(&self.store);
        }
        body::check_head(request)?;
        if request.key().is_empty() {
            self.on_bucket(request, body, &identity, now).await
        } else {
            self.on_object(request, body, &identity, now).await
        }
    }

    async fn on_bucket(&self, request: &Request, body: Incoming, identity: &Identity, now: i64) -> Answer {
        let store = &self.store;
        if let Some(name) = sub_resources::named(request) {
            let body = body::read(request, body).await?;
            return sub_resources::of_bucket(request, store, name, body);
        }
        let has = |name: &str| request.param(name).is_some();
        match request.method {
            Method::GET if has("location") => sub_resources::location(request, store),
            Method::GET if has("uploads") => multipart::list_uploads(request, store),
            Method::GET | Method::PUT if has("acl") => sub_resources::acl(request, store),
            Method::GET => list::objects(request, store),
            Method::HEAD => Ok(reply::empty(StatusCode::OK)),
            Method::POST if has("delete") => {
                batch::check_head(request)?;
                let body = body::read(request, body).await?;
                batch::delete(request, store, identity, &body)
            }
            Method::PUT => self.make_bucket(request, now),
            Method::DELETE => self.remove_bucket(request),
            _ => Err(Refusal::method()),
        }
    }

    fn make_bucket(&self, request: &Request, now: i64) -> Answer {
        let mut buckets = self.store.lock();
        if buckets.contains_key(request.bucket()) {
            let message = "The bucket you tried to create already exists, and you own it.";
            return Err(Refusal::new(409, "BucketAlreadyOwnedByYou", message));
        }
        let region = request.location.region.as_deref().unwrap_or(buckets::REGION);
        let mut bucket = Bucket::new(request.bucket(), region, now);
        bucket.acl = objects::acl_of(request)?.unwrap_or_default();
        buckets.insert(bucket.name.clone(), bucket);
        Ok(reply::empty(StatusCode::OK))
    }

    fn remove_bucket(&self, request: &Request) -> Answer {
        let mut buckets = self.store.lock();
        if buckets.get(request.bucket()).is_some_and(|bucket| !bucket.objects.is_empty()) {
            return Err(Refusal::new(409, "BucketNotEmpty", "The bucket you tried to delete is not empty."));
        }
        buckets.remove(request.bucket());
        Ok(reply::empty(StatusCode::NO_CONTENT))
    }

    async fn on_object(&self, request: &Request, body: Incoming, identity: &Identity, now: i64) -> Answer {
        let store = &self.store;
        let has = |name: &str| request.param(name).is_some();
        let copies = request.either("copy-source").is_some();
        match request.method {
            Method::GET | Method::PUT if has("acl") => sub_resources::acl(request, store),
            Method::GET | Method::PUT | Method::DELETE if has("tagging") => {
                let body = body::read(request, body).await?;
                sub_resources::object_tagging(request, store, body)
            }
            Method::GET if has("uploadId") => multipart::list_parts(request, store),
            Method::GET | Method::HEAD => objects::get(request, store, now),
            Method::PUT if has("uploadId") && copies => {
                let source = objects::source(request, store, identity, now)?;
                multipart::copy_part(request, store, &source, now)
            }
            Method::PUT if has("uploadId") => {
                let body = body::read(request, body).await?;
                multipart::upload_part(request, store, body, now)
            }
            Method::PUT if copies => objects::copy(request, store, identity, now),
            Method::PUT => {
                let body = body::read(request, body).await?;
                objects::put(request, store, body, now)
            }
            Method::POST if has("uploads") => multipart::initiate(request, store, now),
            Method::POST if has("uploadId") => {
                let body = body::read(request, body).await?;
                multipart::complete(request, store, &body, now)
            }
            Method::POST if has("restore") => {
                body::read(request, body).await?;
                objects::restore(request, store, now)
            }
            Method::POST if has("append") => {
                let body = body::read(request, body).await?;
                objects::append(request, store, body, now)
            }
            Method::DELETE if has("uploadId") => multipart::abort(request, store),
            Method::DELETE => objects::delete(request, store),
            _ => Err(Refusal::method()),
        }
    }
}

/// What the address alone forbids.
fn by_address(request: &Request, bucket: Option<&Bucket>) -> Result<(), Refusal> {
    if request.bucket().is_empty() {
        return Ok(());
    }
    if request.location.appid.is_none() {
        return Err(Refusal::no_appid());
    }
    let makes_it = request.method == Method::PUT && request.location.key.is_none();
    let Some(bucket) = bucket else { return if makes_it { Ok(()) } else { Err(Refusal::no_bucket()) } };
    if request.location.region.as_ref().is_some_and(|region| *region != bucket.region) {
        return Err(Refusal::no_bucket());
    }
    if bucket.quirk == Quirk::Arrears {
        return Err(Refusal::arrears());
    }
    let is_read = matches!(request.method, Method::GET | Method::HEAD);
    match request.endpoint.kind {
        HostKind::Website if !is_read => return Err(Refusal::method()),
        HostKind::Accelerate => accelerated(request, bucket)?,
        HostKind::PathStyle if bucket.quirk == Quirk::NewRules => return Err(Refusal::path_style()),
        HostKind::VirtualHost if bucket.quirk == Quirk::NewRules && is_read && is_app(request.key()) => {
            return Err(Refusal::default_domain());
        }
        _ => {}
    }
    Ok(())
}

fn is_app(key: &str) -> bool {
    [".apk", ".ipa"].iter().any(|ending| key.ends_with(ending))
}

fn accelerated(request: &Request, bucket: &Bucket) -> Result<(), Refusal> {
    if request.location.key.is_none() {
        let message = "The operation is not supported on the global acceleration domain.";
        return Err(Refusal::new(400, "ActionAccelerateNotSupported", message));
    }
    let enabled = bucket.configs.get("accelerate").is_some_and(|document| {
        super::xml::leaves(document)
            .is_some_and(|leaves| super::xml::texts(&leaves, "Status").any(|s| s == "Enabled"))
    });
    if enabled {
        return Ok(());
    }
    let message = "Global acceleration is not enabled on the bucket.";
    Err(Refusal::new(400, "BucketAccelerateNotEnabled", message))
}

/// The JSON API of version 4 is gone.
fn retired(id: &str) -> Response<Body> {
    let body = serde_json::json!({"code": -96, "message": "ERROR_PROXY_AUTH_EXPIRED", "request_id": id});
    let mut response = reply::empty(StatusCode::FORBIDDEN);
    *response.body_mut() = reply::full(body.to_string());
    reply::set(&mut response, "content-type", "application/json");
    response
}
