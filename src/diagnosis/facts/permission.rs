//! `permission.*`: what would have to be allowed for the request to pass, and the policies that allow just that.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::Facts as All;
use super::table::{Fact, Get, Kind, Source};
use crate::cos::action::{Asked, Grant, Owner, grants};
use crate::cos::policy::{self, Principal};
use crate::cos::redact;

/// Worked out when a rule first asks.
#[derive(Debug, Default)]
pub(crate) struct Facts(OnceLock<Option<Needed>>);

#[derive(Debug)]
struct Needed {
    actions: Vec<String>,
    resources: Vec<String>,
    identity_policy: Option<String>,
    bucket_policy: Option<String>,
    source_policy: Option<String>,
}

impl Facts {
    fn of<'a>(&'a self, all: &All) -> Option<&'a Needed> {
        self.0.get_or_init(|| Needed::new(all)).as_ref()
    }
}

impl Needed {
    /// `None` where it does not show what was asked for.
    fn new(all: &All) -> Option<Self> {
        let action = all.cos.action.as_ref()?;
        let mut grants = grants(
            action,
            &Asked {
                location: &all.cos.location,
                headers: &all.request.headers.map,
                prefix: all.request.param("prefix"),
                form: all.request.form.as_deref(),
                refused_whole: all.response.status != Some(200),
            },
        );
        grants.iter_mut().for_each(make_harmless);
        let anonymous = all.auth.signed() == Some(false);
        let principal = if anonymous { Principal::Anyone } else { Principal::User };
        // a policy knows no way to mean a `*` itself: it would allow more than was asked
        let asked = [all.cos.location.key.as_deref(), all.request.param("prefix")];
        let is_writable = !asked.into_iter().flatten().any(|text| text.contains('*'));
        let written = |policy: Option<String>| policy.filter(|_| is_writable);
        Some(Self {
            actions: each(&grants, |grant| grant.actions.iter().map(|name| (*name).to_owned()).collect()),
            resources: each(&grants, |grant| grant.resources.clone()),
            identity_policy: written(policy::of_identity(&grants)),
            bucket_policy: written(policy::of_bucket(&grants, Owner::Target, principal)),
            source_policy: written(policy::of_bucket(&grants, Owner::Source, principal)),
        })
    }
}

/// Keys and names of buckets are what strangers sent, and policies are shown as they are made.
fn make_harmless(grant: &mut Grant) {
    for text in grant.resources.iter_mut().chain(&mut grant.prefix) {
        if let Cow::Owned(redacted) = redact::text(text) {
            *text = redacted;
        }
    }
}

/// Each once, in order.
fn each(grants: &[Grant], of: impl Fn(&Grant) -> Vec<String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for text in grants.iter().flat_map(of) {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

const fn fact(name: &'static str, get: Get, kind: Kind, en: &'static str, zh: &'static str) -> Fact {
    Fact::new(name, get, kind, Source::Request, en, zh)
}

pub(super) const FACTS: &[Fact] = &[
    fact(
        "permission.actions",
        Get::List(|f| f.permission.of(f).map(|needed| needed.actions.as_slice())),
        Kind::Plain,
        "actions that have to be allowed, with those that a header adds and those that the rest of an upload in parts needs",
        "需要允许的全部操作（action）",
    ),
    fact(
        "permission.resources",
        Get::List(|f| f.permission.of(f).map(|needed| needed.resources.as_slice())),
        Kind::Plain,
        "resources that they are needed on; what the request does not show stands in capital letters",
        "需要授权的全部资源（resource）",
    ),
    fact(
        "permission.cam_policy",
        Get::Text(|f| f.permission.of(f)?.identity_policy.as_deref()),
        Kind::Json,
        "policy for a user in CAM that allows just this, JSON",
        "仅允许此请求的 CAM 策略（JSON）",
    ),
    fact(
        "permission.sts_policy",
        Get::Text(|f| f.permission.of(f)?.identity_policy.as_deref()),
        Kind::Json,
        "policy to ask STS for a temporary key with, JSON",
        "申请临时密钥时所用的策略（JSON）",
    ),
    fact(
        "permission.bucket_policy",
        Get::Text(|f| f.permission.of(f)?.bucket_policy.as_deref()),
        Kind::Json,
        "policy of the bucket that allows just this, JSON: to everyone where the request was not signed; not known where no \
         bucket policy can",
        "仅允许此请求的存储桶策略（JSON）",
    ),
    fact(
        "permission.source_policy",
        Get::Text(|f| f.permission.of(f)?.source_policy.as_deref()),
        Kind::Json,
        "policy of the bucket that a copy reads from, where it is another than it writes to, JSON",
        "复制源存储桶所需的策略（JSON）",
    ),
];
