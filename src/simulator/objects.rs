//! One object: GET, HEAD, PUT, copy, append, DELETE, restore.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use percent_encoding::percent_decode_str;

use super::access;
use super::object_head;
use super::refusal::Refusal;
use super::reply::{self, Answer};
use super::request::Request;
use super::store::{Acl, Object, Store};
use super::verify::Identity;
use super::xml::Document;
use crate::cos::endpoint::{Endpoint, appid_of};
use crate::cos::time;

/// How long a restore takes here.
const RESTORE_SECONDS: i64 = 60;

pub(super) fn get(request: &Request, store: &Store, now: i64) -> Answer {
    let buckets = store.lock();
    let bucket = buckets.get(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let object = bucket.objects.get(request.key()).ok_or_else(Refusal::no_key)?;
    let is_head = request.method == Method::HEAD;
    if let Some(unchanged) = object_head::conditions(request, object)? {
        return Ok(unchanged);
    }
    if object.is_frozen(now) && !is_head {
        return Err(Refusal::archived(&object.class));
    }
    let range = object_head::range(request, object.data.len())?;
    let data = match range {
        Some((from, to)) => object.data.slice(from..=to),
        None => object.data.clone(),
    };
    let length = data.len();
    let mut response = Response::new(reply::full(if is_head { Bytes::new() } else { data }));
    object_head::describe(&mut response, object, request, now);
    if is_head {
        reply::set(&mut response, "content-length", &length.to_string());
    }
    if let Some((from, to)) = range {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        reply::set(&mut response, "content-range", &format!("bytes {from}-{to}/{}", object.data.len()));
    }
    Ok(response)
}

pub(super) fn put(request: &Request, store: &Store, data: Bytes, now: i64) -> Answer {
    let object = uploaded(request, data, now)?;
    let mut response = reply::empty(StatusCode::OK);
    reply::set(&mut response, "etag", &object.etag);
    insert(request, store, object)?;
    Ok(response)
}

/// An object as a request's headers want it.
pub(super) fn uploaded(request: &Request, data: Bytes, now: i64) -> Result<Object, Refusal> {
    let mut object = Object::new(data, now);
    object.headers = object_head::kept(request);
    object.acl = acl_of(request)?;
    if let Some(class) = request.either("storage-class") {
        class.clone_into(&mut object.class);
    }
    Ok(object)
}

/// The ACL that a request's header asks for.
pub(super) fn acl_of(request: &Request) -> Result<Option<Acl>, Refusal> {
    match request.either("acl") {
        None => Ok(None),
        Some(name) => Acl::named(name).map(Some).ok_or_else(|| Refusal::argument("Unknown x-cos-acl.")),
    }
}

fn insert(request: &Request, store: &Store, object: Object) -> Result<(), Refusal> {
    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let taken = bucket.objects.contains_key(request.key());
    if taken && request.header("x-cos-forbid-overwrite") == Some("true") {
        return Err(Refusal::new(409, "FileAlreadyExists", "The object you specified already exists."));
    }
    bucket.objects.insert(request.key().to_owned(), object);
    Ok(())
}

/// Appends at the position that is the object's length.
pub(super) fn append(request: &Request, store: &Store, data: Bytes, now: i64) -> Answer {
    let position: Option<usize> = request.param("position").and_then(|position| position.parse().ok());
    let mut object = uploaded(request, Bytes::new(), now)?;
    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let old = bucket.objects.get(request.key()).map(|object| object.data.clone()).unwrap_or_default();
    if position != Some(old.len()) {
        return Err(Refusal::new(
            409,
            "PositionNotEqualToLength",
            "The position is not the object's length.",
        ));
    }
    let whole = Object::new([old, data].concat().into(), now);
    (object.data, object.etag) = (whole.data, whole.etag);
    let mut response = reply::empty(StatusCode::OK);
    reply::set(&mut response, "x-cos-next-append-position", &object.data.len().to_string());
    reply::set(&mut response, "etag", &object.etag);
    bucket.objects.insert(request.key().to_owned(), object);
    Ok(response)
}

/// The object that a copy reads, if the one who asks may.
pub(super) fn source(
    request: &Request,
    store: &Store,
    identity: &Identity,
    now: i64,
) -> Result<Object, Refusal> {
    let invalid = || Refusal::new(400, "InvalidCopySource", "The copy source is not valid.");
    let named = request.either("copy-source").ok_or_else(invalid)?;
    let path = named.split('?').next().unwrap_or_default().trim_start_matches('/');
    let (place, key) = path.split_once('/').ok_or_else(invalid)?;
    // COS names the source by its host, S3 by its bucket
    let bucket = match Endpoint::parse(place) {
        Some(endpoint) => endpoint.bucket.ok_or_else(invalid)?,
        None if appid_of(place).is_some() => place.to_owned(),
        None => return Err(invalid()),
    };
    let key = percent_decode_str(key).decode_utf8_lossy().into_owned();
    let buckets = store.lock();
    let bucket = buckets.get(&bucket).ok_or_else(Refusal::no_bucket)?;
    let action = "name/cos:GetObject";
    if !access::may(identity, action, &key) && !access::public(Some(bucket), action, &key) {
        return Err(access::refused(identity));
    }
    let object = bucket.objects.get(&key).cloned().ok_or_else(Refusal::no_key)?;
    if object.is_frozen(now) { Err(Refusal::archived(&object.class)) } else { Ok(object) }
}

pub(super) fn copy(request: &Request, store: &Store, identity: &Identity, now: i64) -> Answer {
    let source = source(request, store, identity, now)?;
    let mut object = uploaded(request, source.data, now)?;
    if request.either("metadata-directive").is_none_or(|directive| directive.eq_ignore_ascii_case("copy")) {
        object.headers = source.headers;
    }
    let mut document = Document::new();
    document.nest("CopyObjectResult", |result| {
        result.leaf("ETag", &object.etag);
        result.leaf("LastModified", time::format_rfc3339(now));
    });
    insert(request, store, object)?;
    Ok(reply::xml(document))
}

pub(super) fn delete(request: &Request, store: &Store) -> Answer {
    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    bucket.objects.remove(request.key());
    Ok(reply::empty(StatusCode::NO_CONTENT))
}

pub(super) fn restore(request: &Request, store: &Store, now: i64) -> Answer {
    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let object = bucket.objects.get_mut(request.key()).ok_or_else(Refusal::no_key)?;
    if !matches!(object.class.as_str(), "ARCHIVE" | "DEEP_ARCHIVE") {
        let message = "Restore is not allowed, as object's storage class is not archive.";
        return Err(Refusal::new(405, "RestoreNonArchiveObject", message));
    }
    match object.restored_at {
        Some(at) if at > now => {
            Err(Refusal::new(409, "RestoreAlreadyInProgress", "Object restore is already in progress."))
        }
        Some(_) => Ok(reply::empty(StatusCode::OK)),
        None => {
            object.restored_at = Some(now + RESTORE_SECONDS);
            Ok(reply::empty(StatusCode::ACCEPTED))
        }
    }
}
