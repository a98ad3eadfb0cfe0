//! Everything that has to be allowed for a request to pass: its own action, those that its headers add, those that the
//! rest of the same operation will need, each with the resource it is asked of.
//!
//! Where documents disagree on the level of a resource both levels are here. What the request does not show has a
//! placeholder in capital letters.

use http::HeaderMap;
use percent_encoding::percent_decode;

use super::{Action, GET_OBJECT, PUT_OBJECT_ACL, Target, copy_source, plain_name, sets_acl};
use crate::cos::endpoint::{Endpoint, Location, appid_of, decoded_key};

/// Whose policy can give a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The account's: it is about no single bucket.
    Account,
    /// The bucket that the request goes to.
    Target,
    /// Another bucket, from which a copy reads.
    Source,
}

/// Actions, and the resources on which all of them are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub owner: Owner,
    pub actions: Vec<&'static str>,
    pub resources: Vec<String>,
    /// The one prefix that a listing asks for: the condition `cos:prefix` holds it to that.
    pub prefix: Option<String>,
}

/// What of a request, besides its action, says what it needs.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub location: &'a Location,
    pub headers: &'a HeaderMap,
    /// The parameter of a listing.
    pub prefix: Option<&'a str>,
    pub form: Option<&'a [(String, String)]>,
    /// COS refused the request as a whole, not keys of it.
    pub refused_whole: bool,
}

/// Requests of an upload in parts, any of which stands for all of it: the actions on the object.
const PARTS: [&str; 4] = [
    "name/cos:InitiateMultipartUpload",
    "name/cos:UploadPart",
    "name/cos:ListParts",
    "name/cos:CompleteMultipartUpload",
];
const COPY_A_PART: &str = "name/cos:UploadPartCopy";
const LIST_UPLOADS: &str = "name/cos:ListMultipartUploads";
const DELETE_MANY: &str = "name/cos:DeleteMultipleObjects";

/// What a policy must grant. Never empty.
#[must_use]
pub fn grants(action: &Action, asked: &Asked<'_>) -> Vec<Grant> {
    let bucket = Bucket::of(asked.location, "");
    let key = asked.location.key.as_deref();
    match action.target {
        Target::Service => vec![Grant {
            owner: Owner::Account,
            actions: vec![action.name],
            resources: vec!["*".to_owned()],
            prefix: None,
        }],
        Target::Listing => {
            vec![bucket.listing(action.name, asked.prefix.filter(|prefix| !prefix.is_empty()))]
        }
        Target::Bucket if action.name == DELETE_MANY => {
            // a key by key check for signed callers, who are refused inside a 200 then
            let mut grants = vec![bucket.grant(vec!["name/cos:DeleteObject"], vec![bucket.path("PREFIX/*")])];
            if asked.refused_whole {
                grants.push(bucket.grant(vec![DELETE_MANY], vec![bucket.path("")]));
            }
            grants
        }
        Target::Bucket => vec![bucket.grant(vec![action.name], vec![bucket.path("")])],
        Target::Object => {
            let key = key.unwrap_or("KEY");
            let key = if asked.form.is_some() { pattern(key) } else { key.to_owned() };
            on_object(action, asked, &bucket, &key)
        }
    }
}

fn on_object(action: &Action, asked: &Asked<'_>, bucket: &Bucket, key: &str) -> Vec<Grant> {
    let in_parts = PARTS.contains(&action.name) || action.name == COPY_A_PART;
    let mut actions = if in_parts { PARTS.to_vec() } else { vec![action.name] };
    if action.name == COPY_A_PART {
        // which of the two a copied part needs is told in two ways
        actions.extend(["name/cos:PutObject", COPY_A_PART]);
    }
    actions.extend(action.also.iter().filter(|name| **name != GET_OBJECT));
    let form_acl = asked.form.into_iter().flatten().any(|(name, _)| {
        let name = name.to_ascii_lowercase();
        name == "acl" || sets_acl(plain_name(&name))
    });
    if form_acl {
        actions.push(PUT_OBJECT_ACL);
    }
    let mut grants = vec![bucket.grant(actions, vec![bucket.path(key)])];
    if in_parts {
        grants.push(bucket.grant(vec![LIST_UPLOADS], vec![bucket.path(""), bucket.path(key)]));
    }
    if action.also.contains(&GET_OBJECT) {
        grants.push(source(asked, bucket));
    }
    grants
}

/// Reading what a copy copies.
fn source(asked: &Asked<'_>, target: &Bucket) -> Grant {
    let location = copy_source(asked.headers).map(locate_source).unwrap_or_default();
    let bucket = Bucket::of(&location, "SOURCE-");
    let key = location.key.as_deref().unwrap_or("SOURCE-KEY");
    let owner = if bucket.name == target.name { Owner::Target } else { Owner::Source };
    Grant { owner, ..bucket.grant(vec![GET_OBJECT], vec![bucket.path(key)]) }
}

/// `HOST/KEY?versionId=…` as COS has it, or `/BUCKET/KEY` as S3 does.
#[must_use]
pub fn locate_source(value: &[u8]) -> Location {
    let value = String::from_utf8_lossy(value);
    let whole = value.split('?').next().unwrap_or_default().trim_start_matches('/');
    let (first, rest) = whole.split_once('/').unwrap_or((whole, ""));
    if let Some(endpoint) = Endpoint::parse(first) {
        return endpoint.locate(rest);
    }
    let bucket = percent_decode(first.as_bytes()).decode_utf8_lossy().into_owned();
    match appid_of(&bucket).map(str::to_owned) {
        Some(appid) => {
            Location { bucket: Some(bucket), appid: Some(appid), region: None, key: decoded_key(rest) }
        }
        // a custom domain: whose bucket it is does not show
        None => Location { key: decoded_key(rest), ..Location::default() },
    }
}

/// A form's key may end in `${filename}`, which no policy knows: there everything that begins so is meant.
fn pattern(key: &str) -> String {
    match key.split_once("${") {
        Some((start, _)) => format!("{start}*"),
        None => key.to_owned(),
    }
}

/// A bucket as resources name it.
#[derive(Debug)]
struct Bucket {
    region: String,
    appid: String,
    name: String,
}

impl Bucket {
    fn of(location: &Location, whose: &str) -> Self {
        let part = |known: &Option<String>, otherwise: &str| {
            known.clone().unwrap_or_else(|| format!("{whose}{otherwise}"))
        };
        let name = match (&location.bucket, &location.appid) {
            (Some(bucket), None) => format!("{bucket}-{whose}APPID"),
            (bucket, _) => part(bucket, "BUCKET-APPID"),
        };
        Self { region: part(&location.region, "REGION"), appid: part(&location.appid, "APPID"), name }
    }

    fn path(&self, path: &str) -> String {
        let Self { region, appid, name } = self;
        format!("qcs::cos:{region}:uid/{appid}:{name}/{path}")
    }

    fn grant(&self, actions: Vec<&'static str>, resources: Vec<String>) -> Grant {
        Grant { owner: Owner::Target, actions, resources, prefix: None }
    }

    /// The bucket itself, and the prefix as a path: documents ask for the one or the other.
    fn listing(&self, action: &'static str, prefix: Option<&str>) -> Grant {
        let mut resources = vec![self.path("")];
        resources.extend(prefix.map(|prefix| self.path(prefix)));
        Grant { prefix: prefix.map(str::to_owned), ..self.grant(vec![action], resources) }
    }
}
