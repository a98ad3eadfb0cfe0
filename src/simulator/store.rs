//! What is stored: buckets, objects, uploads in progress. All in memory, gone when the simulator stops.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use md5::{Digest as _, Md5};

use super::buckets::Quirk;

/// Who may do what without a key. (`default` and `private` are the same here.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Acl {
    #[default]
    Private,
    PublicRead,
    PublicReadWrite,
}

impl Acl {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "private"
            | "default"
            | "authenticated-read"
            | "bucket-owner-read"
            | "bucket-owner-full-control" => Self::Private,
            "public-read" => Self::PublicRead,
            "public-read-write" => Self::PublicReadWrite,
            _ => return None,
        })
    }
}

#[derive(Debug, Default)]
pub(super) struct Bucket {
    pub(super) name: String,
    pub(super) region: String,
    pub(super) created: i64,
    pub(super) acl: Acl,
    pub(super) quirk: Quirk,
    /// Errors as the troubleshooting page prints them.
    pub(super) page_shape: bool,
    /// Sub-resources that were put, by name: `cors`, `policy` …
    pub(super) configs: BTreeMap<String, Bytes>,
    pub(super) objects: BTreeMap<String, Object>,
    pub(super) uploads: BTreeMap<String, Upload>,
}

impl Bucket {
    pub(super) fn new(name: &str, region: &str, created: i64) -> Self {
        Self { name: name.to_owned(), region: region.to_owned(), created, ..Self::default() }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) data: Bytes,
    /// With its quotes.
    pub(super) etag: String,
    pub(super) modified: i64,
    /// Content-Type, metadata and the like, given back as they came.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) class: String,
    pub(super) acl: Option<Acl>,
    /// When a restored copy will be there.
    pub(super) restored_at: Option<i64>,
    pub(super) tags: Option<Bytes>,
}

impl Object {
    pub(super) fn new(data: Bytes, now: i64) -> Self {
        let etag = format!("\"{}\"", hex(&Md5::digest(&data)));
        Self {
            data,
            etag,
            modified: now,
            headers: Vec::new(),
            class: "STANDARD".to_owned(),
            acl: None,
            restored_at: None,
            tags: None,
        }
    }

    /// Archived, and no restored copy is there yet.
    pub(super) fn is_frozen(&self, now: i64) -> bool {
        matches!(self.class.as_str(), "ARCHIVE" | "DEEP_ARCHIVE")
            && self.restored_at.is_none_or(|at| at > now)
    }
}

/// A multipart upload in progress.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) key: String,
    pub(super) started: i64,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) class: String,
    pub(super) acl: Option<Acl>,
    pub(super) parts: BTreeMap<u32, Object>,
}

#[derive(Debug)]
pub(super) struct Store {
    buckets: Mutex<BTreeMap<String, Bucket>>,
}

impl Store {
    pub(super) fn new(buckets: Vec<Bucket>) -> Self {
        let by_name = buckets.into_iter().map(|bucket| (bucket.name.clone(), bucket)).collect();
        Self { buckets: Mutex::new(by_name) }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
