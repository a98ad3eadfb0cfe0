//! Who may do what: the key's rights, or the ACL of bucket and object; then the rules of the bucket.

use super::keys::Rights;
use super::refusal::Refusal;
use super::request::Request;
use super::store::{Acl, Bucket};
use super::verify::{self, Identity};
use super::xml;

const READS: [&str; 4] =
    ["name/cos:GetObject", "name/cos:HeadObject", "name/cos:GetBucket", "name/cos:HeadBucket"];
const WRITES: [&str; 9] = [
    "name/cos:PutObject",
    "name/cos:PostObject",
    "name/cos:DeleteObject",
    "name/cos:InitiateMultipartUpload",
    "name/cos:UploadPart",
    "name/cos:CompleteMultipartUpload",
    "name/cos:AbortMultipartUpload",
    "name/cos:ListParts",
    "name/cos:AppendObject",
];

/// Lets a request through, or says why not.
pub(super) fn check(request: &Request, bucket: Option<&Bucket>, identity: &Identity) -> Result<(), Refusal> {
    if let Some(bucket) = bucket {
        if *identity == Identity::Anonymous {
            referer(request, bucket)?;
        } else {
            strict(request, bucket)?;
        }
    }
    let Some(action) = request.action() else { return Err(Refusal::method()) };
    let mut needed = vec![action.name];
    needed.extend(action.also.iter().filter(|name| !is_for_elsewhere(name, action.name)));
    let prefix =
        if action.target == crate::cos::action::Target::Listing { request.param("prefix") } else { None };
    let path = prefix.unwrap_or_else(|| request.key());
    let allowed = needed.iter().all(|name| may(identity, name, path) || public(bucket, name, request.key()));
    if allowed { Ok(()) } else { Err(refused(identity)) }
}

/// A copy's source is looked at where it is read, and a batch's keys one by one.
fn is_for_elsewhere(also: &str, action: &str) -> bool {
    also == "name/cos:GetObject" || action == "name/cos:DeleteMultipleObjects"
}

pub(super) fn refused(identity: &Identity) -> Refusal {
    match identity {
        Identity::Known { temporary: true, .. } => Refusal::denied().with_time(),
        _ => Refusal::denied(),
    }
}

/// The key's own rights.
pub(super) fn may(identity: &Identity, action: &str, key: &str) -> bool {
    match identity {
        Identity::Anonymous => false,
        Identity::Known { rights: Rights::Everything, .. } => true,
        Identity::Known { rights: Rights::Only { actions, prefix }, .. } => {
            (actions.is_empty() || actions.iter().any(|a| a == action)) && key.starts_with(prefix.as_str())
        }
    }
}

/// What anybody may do.
pub(super) fn public(bucket: Option<&Bucket>, action: &str, key: &str) -> bool {
    let Some(bucket) = bucket else { return false };
    let acl = bucket.objects.get(key).and_then(|object| object.acl).unwrap_or(bucket.acl);
    match acl {
        Acl::Private => false,
        Acl::PublicRead => READS.contains(&action),
        Acl::PublicReadWrite => READS.contains(&action) || WRITES.contains(&action),
    }
}

/// Hotlink protection; signed requests are exempt.
fn referer(request: &Request, bucket: &Bucket) -> Result<(), Refusal> {
    let Some(rule) = bucket.configs.get("referer").and_then(|rule| xml::leaves(rule)) else { return Ok(()) };
    let text = |name: &'static str| xml::texts(&rule, name).next().unwrap_or_default();
    if text("Status") != "Enabled" {
        return Ok(());
    }
    let allowed = match request.header("referer").filter(|referer| !referer.is_empty()) {
        None => text("EmptyReferConfiguration") == "Allow",
        Some(referer) => {
            let listed = xml::texts(&rule, "Domain").any(|domain| is_from(referer, domain));
            listed == (text("RefererType") == "White-List")
        }
    };
    if allowed { Ok(()) } else { Err(Refusal::referer()) }
}

/// Prefix match of the address behind the scheme; `*.` covers any depth.
fn is_from(referer: &str, domain: &str) -> bool {
    let address = referer.split_once("://").map_or(referer, |(_, rest)| rest);
    match domain.strip_prefix("*.") {
        None => address.starts_with(domain),
        Some(parent) => {
            let host = address.split(['/', ':']).next().unwrap_or_default();
            host.strip_suffix(parent).is_some_and(|sub| sub.ends_with('.'))
        }
    }
}

fn strict(request: &Request, bucket: &Bucket) -> Result<(), Refusal> {
    let Some(rule) = bucket.configs.get("strict-signature").and_then(|rule| xml::leaves(rule)) else {
        return Ok(());
    };
    let names = |name: &'static str| xml::texts(&rule, name).map(str::to_ascii_lowercase).collect::<Vec<_>>();
    verify::strict(request, &names("header"), &names("param"))
}
