//! Which action of COS's access control a request is: what a policy has to name to allow it.
//!
//! Sources: <https://www.tencentcloud.com/document/product/436/30580> (actions of the API), the API documents'
//! own pages, and the scopes that the vendor's SDKs ask for. Decided in this order: method and a known
//! sub-resource, a copy source, a form upload, then the plain method on key, bucket or service.

mod grants;
mod table;

use std::borrow::Cow;

use http::HeaderMap;

use super::endpoint::{Endpoint, HostKind, Location};
pub use grants::{Asked, Grant, Owner, grants, locate_source};
use table::{Need, ROWS, Row};

/// What an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Service,
    Bucket,
    /// A bucket, of which the parameter `prefix` is the part asked for: policies match it as a path.
    Listing,
    Object,
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// `name/cos:…`
    pub name: &'static str,
    pub target: Target,
    /// Other names for the same request: documents disagree, or another permission does as well.
    pub aliases: &'static [&'static str],
    /// Actions that the request needs besides (an ACL header, a copy's source).
    pub also: Vec<&'static str>,
}

/// Every action known here.
pub fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter()
        .flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()))
        .chain(table::UNREACHED)
}

/// The action of a request; `None` where it is none that COS knows. `is_form`: its body is multipart/form-data.
#[must_use]
pub fn action(
    method: &str,
    endpoint: &Endpoint,
    path: &str,
    query: Option<&str>,
    headers: &HeaderMap,
    is_form: bool,
) -> Option<Action> {
    let target = target_of(endpoint, path)?;
    let params: Vec<_> = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).collect();
    let row = ROWS.iter().find(|row| row.matches(method, target, path, &params, headers, is_form))?;
    Some(Action { name: row.name, target: row.target, aliases: row.aliases, also: also(row, headers) })
}

fn target_of(endpoint: &Endpoint, path: &str) -> Option<Target> {
    let location = endpoint.locate(path);
    match endpoint.kind {
        HostKind::Service | HostKind::Control => Some(Target::Service),
        // its calls are not actions of COS
        HostKind::LegacyJson => None,
        // the index page is an object too
        HostKind::Website | HostKind::DefaultCdn => Some(Target::Object),
        HostKind::Ci => location.key.is_some().then_some(Target::Object),
        _ if location.bucket.is_none() => Some(Target::Service),
        _ if location.key.is_none() => Some(Target::Bucket),
        _ => Some(Target::Object),
    }
}

impl Row {
    fn matches(
        &self,
        method: &str,
        target: Target,
        path: &str,
        params: &[(Cow<'_, str>, Cow<'_, str>)],
        headers: &HeaderMap,
        form: bool,
    ) -> bool {
        if self.method != method {
            return false;
        }
        // a form is posted to the bucket, while what it makes is an object
        let target_fits = match self.target {
            Target::Listing => target == Target::Bucket,
            Target::Object if matches!(self.need, Need::Form) => target != Target::Service,
            other => other == target,
        };
        target_fits
            && self.params.iter().all(|param| has_param(params, param))
            && match self.need {
                Need::Nothing => true,
                Need::CopySource => copy_source(headers).is_some(),
                Need::Form => form,
                Need::Path(part) => part.iter().all(|p| path.contains(p)),
            }
    }
}

/// `name`, or `name=value`.
fn has_param(params: &[(Cow<'_, str>, Cow<'_, str>)], wanted: &str) -> bool {
    params.iter().any(|(name, value)| match wanted.split_once('=') {
        Some((n, v)) => name == n && value == v,
        None => name == wanted,
    })
}

const GET_OBJECT: &str = "name/cos:GetObject";
const PUT_OBJECT_ACL: &str = "name/cos:PutObjectACL";

/// What a copy copies, as the header says it: COS's own, or S3's.
#[must_use]
pub fn copy_source(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get("x-cos-copy-source").or_else(|| headers.get("x-amz-copy-source"))?;
    Some(value.as_bytes())
}

/// A header's name without COS's prefix, or S3's for the same; nothing where it has neither.
fn plain_name(name: &str) -> &str {
    name.strip_prefix("x-cos-").or_else(|| name.strip_prefix("x-amz-")).unwrap_or_default()
}

/// `acl`, `grant-read` and their like.
fn sets_acl(name: &str) -> bool {
    name == "acl" || name.starts_with("grant-")
}

fn also(row: &Row, headers: &HeaderMap) -> Vec<&'static str> {
    let mut also = row.also.to_vec();
    let makes_an_object = row.target == Target::Object && matches!(row.method, "PUT" | "POST");
    if makes_an_object && row.params.iter().all(|param| *param == "uploads") {
        if headers.keys().any(|name| sets_acl(plain_name(name.as_str()))) {
            also.push(PUT_OBJECT_ACL);
        }
        if headers.keys().any(|name| plain_name(name.as_str()) == "tagging") {
            also.push("name/cos:PutObjectTagging");
        }
    }
    also
}

/// The resource as a policy writes it: `qcs::cos:REGION:uid/APPID:BUCKET-APPID/KEY`. `None` where bucket or AppId
/// are not known.
#[must_use]
pub fn resource(target: Target, location: &Location, prefix: Option<&str>) -> Option<String> {
    if target == Target::Service {
        return Some("*".to_owned());
    }
    let (bucket, appid) = (location.bucket.as_deref()?, location.appid.as_deref()?);
    // left empty it stands for every region
    let region = location.region.as_deref().unwrap_or_default();
    let path = match target {
        Target::Object => location.key.as_deref()?,
        Target::Listing => prefix.unwrap_or_default(),
        Target::Service | Target::Bucket => "",
    };
    Some(format!("qcs::cos:{region}:uid/{appid}:{bucket}/{path}"))
}
