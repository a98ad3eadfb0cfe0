//! Uploads in parts.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use md5::{Digest as _, Md5};

use super::object_head;
use super::objects;
use super::refusal::Refusal;
use super::reply::{self, Answer};
use super::request::Request;
use super::store::{Bucket, Object, Store, Upload, hex};
use super::xml::{self, Document};
use crate::cos::time;

static SERIAL: AtomicU64 = AtomicU64::new(1);

pub(super) fn initiate(request: &Request, store: &Store, now: i64) -> Answer {
    let upload = Upload {
        key: request.key().to_owned(),
        started: now,
        headers: object_head::kept(request),
        class: request.either("storage-class").unwrap_or("STANDARD").to_owned(),
        acl: objects::acl_of(request)?,
        parts: BTreeMap::new(),
    };
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    let id = format!("{now}{}", hex(Md5::digest(format!("{serial} {}", upload.key)).as_slice()));
    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let mut document = Document::new();
    document.nest("InitiateMultipartUploadResult", |result| {
        result.leaf("Bucket", &bucket.name);
        result.leaf("Key", &upload.key);
        result.leaf("UploadId", &id);
    });
    bucket.uploads.insert(id, upload);
    Ok(reply::xml(document))
}

/// The upload that a request names.
fn upload<'b>(request: &Request, bucket: &'b mut Bucket) -> Result<&'b mut Upload, Refusal> {
    let id = request.param("uploadId").unwrap_or_default();
    bucket.uploads.get_mut(id).filter(|upload| upload.key == request.key()).ok_or_else(Refusal::no_upload)
}

pub(super) fn upload_part(request: &Request, store: &Store, data: Bytes, now: i64) -> Answer {
    let part = Object::new(data, now);
    let mut response = reply::empty(StatusCode::OK);
    reply::set(&mut response, "etag", &part.etag);
    keep(request, store, part)?;
    Ok(response)
}

/// A part copied from another object, or from a range of it.
pub(super) fn copy_part(request: &Request, store: &Store, source: &Object, now: i64) -> Answer {
    let range = request.either("copy-source-range").and_then(|range| {
        let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
        Some((from.parse::<usize>().ok()?, to.parse::<usize>().ok()?))
    });
    let data = match range {
        None => source.data.clone(),
        Some((from, to)) if from <= to && to < source.data.len() => source.data.slice(from..=to),
        Some(_) => return Err(Refusal::new(416, "InvalidRange", "The requested range is not satisfiable.")),
    };
    let part = Object::new(data, now);
    let mut document = Document::new();
    document.nest("CopyPartResult", |result| {
        result.leaf("ETag", &part.etag);
        result.leaf("LastModified", time::format_rfc3339(now));
    });
    keep(request, store, part)?;
    Ok(reply::xml(document))
}

fn keep(request: &Request, store: &Store, part: Object) -> Result<(), Refusal> {
    let number = request.param("partNumber").and_then(|number| number.parse::<u32>().ok());
    let number = number
        .filter(|number| (1..=10_000).contains(number))
        .ok_or_else(|| Refusal::argument("partNumber must be between 1 and 10000."))?;
    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    upload(request, bucket)?.parts.insert(number, part);
    Ok(())
}

pub(super) fn complete(request: &Request, store: &Store, body: &[u8], now: i64) -> Answer {
    let leaves = xml::leaves(body).ok_or_else(Refusal::malformed_xml)?;
    let numbers = xml::texts(&leaves, "PartNumber").map(|number| number.parse::<u32>().ok());
    let wanted: Vec<(Option<u32>, &str)> = numbers.zip(xml::texts(&leaves, "ETag")).collect();
    if wanted.is_empty() {
        return Err(Refusal::malformed_xml());
    }
    if !wanted.is_sorted_by(|a, b| a.0 < b.0) {
        return Err(Refusal::new(400, "InvalidPartOrder", "The list of parts was not in ascending order."));
    }
    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let upload = upload(request, bucket)?;
    let (mut data, mut digests) = (BytesMut::new(), Md5::new());
    for (number, etag) in &wanted {
        let part = number
            .and_then(|number| upload.parts.get(&number))
            .filter(|part| part.etag.trim_matches('"') == etag.trim_matches('"'))
            .ok_or_else(|| {
                Refusal::new(400, "InvalidPart", "One or more of the specified parts could not be found.")
            })?;
        data.extend_from_slice(&part.data);
        digests.update(Md5::digest(&part.data));
    }
    let object = Object {
        data: data.freeze(),
        etag: format!("\"{}-{}\"", hex(&digests.finalize()), wanted.len()),
        modified: now,
        headers: std::mem::take(&mut upload.headers),
        class: std::mem::take(&mut upload.class),
        acl: upload.acl,
        restored_at: None,
        tags: None,
    };
    let mut document = Document::new();
    document.nest("CompleteMultipartUploadResult", |result| {
        result.leaf("Location", format!("http://{}/{}", request.host, request.key()));
        result.leaf("Bucket", request.bucket());
        result.leaf("Key", request.key());
        result.leaf("ETag", &object.etag);
    });
    bucket.uploads.remove(request.param("uploadId").unwrap_or_default());
    bucket.objects.insert(request.key().to_owned(), object);
    Ok(reply::xml(document))
}

pub(super) fn abort(request: &Request, store: &Store) -> Answer {
    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    upload(request, bucket)?;
    bucket.uploads.remove(request.param("uploadId").unwrap_or_default());
    Ok(reply::empty(StatusCode::NO_CONTENT))
}

pub(super) fn list_parts(request: &Request, store: &Store) -> Answer {
    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let upload = upload(request, bucket)?;
    let mut document = Document::new();
    document.nest("ListPartsResult", |result| {
        result.leaf("Bucket", request.bucket());
        result.leaf("Key", &upload.key);
        result.leaf("UploadId", request.param("uploadId").unwrap_or_default());
        result.leaf("StorageClass", &upload.class);
        result.leaf("PartNumberMarker", "0");
        result.leaf("NextPartNumberMarker", upload.parts.keys().last().copied().unwrap_or(0).to_string());
        result.leaf("MaxParts", "1000");
        result.leaf("IsTruncated", "false");
        for (number, part) in &upload.parts {
            result.nest("Part", |element| {
                element.leaf("PartNumber", number.to_string());
                element.leaf("LastModified", time::format_rfc3339(part.modified));
                element.leaf("ETag", &part.etag);
                element.leaf("Size", part.data.len().to_string());
            });
        }
    });
    Ok(reply::xml(document))
}

pub(super) fn list_uploads(request: &Request, store: &Store) -> Answer {
    let buckets = store.lock();
    let bucket = buckets.get(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let prefix = request.param("prefix").unwrap_or_default();
    let mut document = Document::new();
    document.nest("ListMultipartUploadsResult", |result| {
        result.leaf("Bucket", &bucket.name);
        result.leaf("Prefix", prefix);
        result.leaf("MaxUploads", "1000");
        result.leaf("IsTruncated", "false");
        for (id, upload) in bucket.uploads.iter().filter(|(_, upload)| upload.key.starts_with(prefix)) {
            result.nest("Upload", |element| {
                element.leaf("Key", &upload.key);
                element.leaf("UploadId", id);
                element.leaf("StorageClass", &upload.class);
                element.leaf("Initiated", time::format_rfc3339(upload.started));
            });
        }
    });
    Ok(reply::xml(document))
}
