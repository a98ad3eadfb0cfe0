//! Policies as JSON to be pasted: no more than what a request needs, in the vendor's grammar.
//!
//! Source: <https://www.tencentcloud.com/document/product/436/30580> and the vendor's examples beside it. A user policy in CAM and a temporary key's have no principal; a bucket policy has one, and is about its own bucket.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::action::{Grant, Owner};

/// Actions that no bucket policy can give: there is no bucket yet, or none in particular.
const ACCOUNT_ALONE: [&str; 2] = ["name/cos:PutBucket", "name/cos:GetService"];
/// What conditions leave unescaped.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Whom a bucket policy lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal {
    Anyone,
    /// A user whose account and number no request shows.
    User,
}

impl Principal {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Anyone => "qcs::cam::anyone:anyone",
            Self::User => "qcs::cam::uin/OWNER-UIN:uin/USER-UIN",
        }
    }
}

#[derive(Serialize)]
struct Identity<'a> {
    version: &'static str,
    statement: Vec<IdentityStatement<'a>>,
}

#[derive(Serialize)]
struct IdentityStatement<'a> {
    effect: &'static str,
    action: &'a [&'static str],
    resource: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Condition>,
}

#[derive(Serialize)]
struct OfBucket<'a> {
    #[serde(rename = "Statement")]
    statement: Vec<BucketStatement<'a>>,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BucketStatement<'a> {
    principal: Qcs,
    effect: &'static str,
    action: &'a [&'static str],
    resource: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Condition>,
}

#[derive(Serialize)]
struct Qcs {
    qcs: [&'static str; 1],
}

#[derive(Serialize)]
struct Condition {
    string_equal: PrefixIs,
}

#[derive(Serialize)]
struct PrefixIs {
    #[serde(rename = "cos:prefix")]
    prefix: String,
}

impl Condition {
    fn of(grant: &Grant) -> Option<Self> {
        let prefix = grant.prefix.as_deref()?;
        let prefix = utf8_percent_encode(prefix, ESCAPED).to_string();
        Some(Self { string_equal: PrefixIs { prefix } })
    }
}

/// For a user in CAM, or for the call to STS that makes a temporary key: the grammar is one.
#[must_use]
pub fn of_identity(grants: &[Grant]) -> Option<String> {
    let statement = grants
        .iter()
        .map(|grant| IdentityStatement {
            effect: "allow",
            action: &grant.actions,
            resource: &grant.resources,
            condition: Condition::of(grant),
        })
        .collect();
    serde_json::to_string_pretty(&Identity { version: "2.0", statement }).ok()
}

/// For the bucket of `owner`. `None` where its policy can give nothing of this.
#[must_use]
pub fn of_bucket(grants: &[Grant], owner: Owner, principal: Principal) -> Option<String> {
    let statement: Vec<_> = grants
        .iter()
        .filter(|grant| grant.owner == owner && owner != Owner::Account)
        .filter(|grant| !grant.actions.iter().any(|action| ACCOUNT_ALONE.contains(action)))
        .map(|grant| BucketStatement {
            principal: Qcs { qcs: [principal.as_str()] },
            effect: "allow",
            action: &grant.actions,
            resource: &grant.resources,
            condition: Condition::of(grant),
        })
        .collect();
    if statement.is_empty() {
        return None;
    }
    serde_json::to_string_pretty(&OfBucket { statement, version: "2.0" }).ok()
}
