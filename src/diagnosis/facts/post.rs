//! `post.*`: browser uploads by form, their policy and what COS said of it.
//!
//! Source: <https://www.tencentcloud.com/document/product/436/14690>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::table::{Fact, Get, Kind, Source};
use super::{error, request};
use crate::cos::time;

#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub expiration: Option<i64>,
    pub now: Option<i64>,
    pub condition: Option<String>,
    pub file_first: Option<bool>,
}

impl Facts {
    pub(super) fn of(error: &error::Facts, request: &request::Facts) -> Self {
        let message = error.body.message.as_deref().unwrap_or_default();
        let (said, now) = instants(message);
        Self {
            expiration: said.or_else(|| request.form.as_deref().and_then(of_policy)),
            now,
            condition: condition(message),
            file_first: request.form.as_ref().map(Vec::is_empty),
        }
    }
}

/// `…expiration time: 1557987951 but the time now : 1557989951`
fn instants(message: &str) -> (Option<i64>, Option<i64>) {
    let Some((_, rest)) = message.split_once("expiration time") else { return (None, None) };
    let mut numbers =
        rest.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(|n| n.parse().ok());
    (numbers.next().flatten(), numbers.next().flatten())
}

/// `Condition key NAME doesn't match the value …`
fn condition(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("Condition key ")?;
    let (name, _) = rest.split_once(" doesn")?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty() && name.len() <= 128)
}

/// `expiration` of the form's own policy.
fn of_policy(form: &[(String, String)]) -> Option<i64> {
    let (_, policy) = form.iter().find(|(name, _)| name.eq_ignore_ascii_case("policy"))?;
    let decoded = STANDARD.decode(policy.trim()).ok()?;
    let policy: serde_json::Value = serde_json::from_slice(&decoded).ok()?;
    policy.get("expiration")?.as_str().and_then(time::parse_iso8601)
}

pub(super) const FACTS: &[Fact] = &[
    Fact::new(
        "post.expiration",
        Get::Int(|f| f.post.expiration),
        Kind::Instant,
        Source::Request,
        "the form's policy expires",
        "表单 policy 的过期时间",
    ),
    Fact::new(
        "post.now",
        Get::Int(|f| f.post.now),
        Kind::Instant,
        Source::Response,
        "COS's clock, as its message on the policy tells it",
        "COS 消息中的服务器时间",
    ),
    Fact::new(
        "post.expired_for",
        Get::Int(|f| {
            f.post.now.or(f.clock.server).zip(f.post.expiration).and_then(|(now, end)| now.checked_sub(end))
        }),
        Kind::Duration,
        Source::Request,
        "how long ago the form's policy expired (negative: it is still valid)",
        "表单 policy 已过期时长（负值表示仍有效）",
    ),
    Fact::new(
        "post.condition",
        Get::Text(|f| f.post.condition.as_deref()),
        Kind::Free,
        Source::Response,
        "field that breaks a condition of the form's policy",
        "不满足 policy 条件的表单字段",
    ),
    Fact::new(
        "post.file_first",
        Get::Bool(|f| f.post.file_first),
        Kind::Plain,
        Source::Request,
        "the file stands before all other fields of the form, so that COS reads none of them",
        "表单中文件字段位于其他字段之前",
    ),
];
