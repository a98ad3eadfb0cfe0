//! The sub-resources of a bucket (and tags and ACL of an object): kept as they were put, given back the same.

use bytes::Bytes;
use http::{Method, Response, StatusCode};

use super::buckets::APPID;
use super::refusal::Refusal;
use super::reply::{self, Answer};
use super::request::Request;
use super::store::{Acl, Bucket, Store};
use super::xml::{self, Document};

/// Those that are kept whole, with the error for one that is not there.
const KEPT: [(&str, &str); 17] = [
    ("cors", "NoSuchCORSConfiguration"),
    ("lifecycle", "NoSuchLifecycleConfiguration"),
    ("policy", "NoSuchBucketPolicy"),
    ("tagging", "NoSuchTagSet"),
    ("replication", "ReplicationConfigurationNotFoundError"),
    ("website", "NoSuchWebsiteConfiguration"),
    ("encryption", "NoSuchEncryptionConfiguration"),
    ("inventory", "NoSuchInventory"),
    ("object-lock", "NoSuchObjectLockConfiguration"),
    ("strict-signature", "NoSuchStrictSignatureConfiguration"),
    ("referer", ""),
    ("domain", ""),
    ("origin", ""),
    ("logging", ""),
    ("accelerate", ""),
    ("versioning", ""),
    ("intelligenttiering", ""),
];

/// Which of them a request names.
pub(super) fn named(request: &Request) -> Option<&'static str> {
    KEPT.iter().map(|(name, _)| *name).find(|name| request.param(name).is_some())
}

pub(super) fn of_bucket(request: &Request, store: &Store, name: &'static str, body: Bytes) -> Answer {
    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    match request.method {
        Method::PUT => {
            if name != "policy" && xml::leaves(&body).is_none() {
                return Err(Refusal::malformed_xml());
            }
            bucket.configs.insert(name.to_owned(), body);
            Ok(reply::empty(StatusCode::OK))
        }
        Method::DELETE => {
            bucket.configs.remove(name);
            Ok(reply::empty(StatusCode::NO_CONTENT))
        }
        _ => given_back(bucket, name),
    }
}

fn given_back(bucket: &Bucket, name: &str) -> Answer {
    let kind = if name == "policy" { "application/json" } else { "application/xml" };
    let body = match bucket.configs.get(name) {
        Some(document) => document.clone(),
        None => match KEPT.iter().find(|(kept, _)| *kept == name) {
            Some((_, code)) if !code.is_empty() => {
                return Err(Refusal::new(404, code, format!("The {name} configuration does not exist.")));
            }
            _ => {
                let mut letters = name.chars();
                let capital = letters.next().map(|first| first.to_ascii_uppercase());
                let root: String =
                    capital.into_iter().chain(letters).chain("Configuration".chars()).collect();
                format!("<{root}/>").into()
            }
        },
    };
    let mut response = Response::new(reply::full(body));
    reply::set(&mut response, "content-type", kind);
    Ok(response)
}

pub(super) fn location(request: &Request, store: &Store) -> Answer {
    let buckets = store.lock();
    let bucket = buckets.get(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let mut document = Document::new();
    document.leaf("LocationConstraint", &bucket.region);
    Ok(reply::xml(document))
}

/// The ACL of a bucket, or of an object where there is a key.
pub(super) fn acl(request: &Request, store: &Store) -> Answer {
    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let is_put = request.method == Method::PUT;
    let asked = super::objects::acl_of(request)?;
    let acl = if request.key().is_empty() {
        if is_put {
            bucket.acl = asked.unwrap_or_default();
        }
        bucket.acl
    } else {
        let inherited = bucket.acl;
        let object = bucket.objects.get_mut(request.key()).ok_or_else(Refusal::no_key)?;
        if is_put {
            object.acl = asked;
        }
        object.acl.unwrap_or(inherited)
    };
    if is_put { Ok(reply::empty(StatusCode::OK)) } else { Ok(reply::xml(grants(acl))) }
}

fn grants(acl: Acl) -> Document {
    let id = format!("qcs::cam::uin/{APPID}:uin/{APPID}");
    let everyone = "http://cam.qcloud.com/groups/global/AllUsers";
    let mut document = Document::new();
    document.nest("AccessControlPolicy", |policy| {
        policy.nest("Owner", |owner| {
            owner.leaf("ID", &id);
            owner.leaf("DisplayName", &id);
        });
        policy.nest("AccessControlList", |list| {
            let mut grant = |name: &str, value: &str, permission: &str| {
                list.nest("Grant", |grant| {
                    grant.nest("Grantee", |grantee| grantee.leaf(name, value));
                    grant.leaf("Permission", permission);
                });
            };
            grant("ID", &id, "FULL_CONTROL");
            if acl != Acl::Private {
                grant("URI", everyone, "READ");
            }
            if acl == Acl::PublicReadWrite {
                grant("URI", everyone, "WRITE");
            }
        });
    });
    document
}

/// The tags of an object.
pub(super) fn object_tagging(request: &Request, store: &Store, body: Bytes) -> Answer {
    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let object = bucket.objects.get_mut(request.key()).ok_or_else(Refusal::no_key)?;
    match request.method {
        Method::PUT => {
            object.tags = Some(body);
            Ok(reply::empty(StatusCode::OK))
        }
        Method::DELETE => {
            object.tags = None;
            Ok(reply::empty(StatusCode::NO_CONTENT))
        }
        _ => {
            let empty = || Bytes::from_static(b"<Tagging><TagSet/></Tagging>");
            let mut response = Response::new(reply::full(object.tags.clone().unwrap_or_else(empty)));
            reply::set(&mut response, "content-type", "application/xml");
            Ok(response)
        }
    }
}
