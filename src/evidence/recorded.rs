//! What an explanation or a log line of coswhy's own says of the request's credentials, put as the request had it, and
//! of what coswhy did to the request.
//!
//! coswhy writes down who signed and until when, never the signature: enough to come to the same cause again.

use serde_json::Value;

use super::finding::Finding;
use super::token::{Name, Says};
use crate::cos::redact::REDACTED;
use crate::cos::time;
use crate::diagnosis::{ProxyEvidence, ProxySigning, Seen};

/// What was written down.
#[derive(Debug, Default)]
pub(super) struct Credentials {
    cause: Option<String>,
    scheme: Option<String>,
    secret_id: Option<String>,
    token: bool,
    start: Option<i64>,
    end: Option<i64>,
}

impl Credentials {
    /// From the `request.auth` of an explanation.
    pub(super) fn of_explanation(value: &Value) -> Self {
        let auth = |name: &str| value.pointer(&format!("/request/auth/{name}"));
        Self {
            cause: text(value.pointer("/diagnosis/cause")),
            scheme: text(auth("scheme")),
            secret_id: text(auth("secret_id")),
            token: auth("token").and_then(Value::as_bool) == Some(true),
            start: auth("sign_start").and_then(instant),
            end: auth("sign_end").and_then(instant),
        }
    }

    /// From the facts in the `evidence` of a log line.
    pub(super) fn of_log(value: &Value) -> Self {
        let fact = |name: &str| fact(value.get("evidence"), name);
        Self {
            cause: text(value.get("cause")),
            scheme: text(fact("auth.scheme")).or_else(|| {
                (fact("auth.signed").and_then(Value::as_bool) == Some(false)).then(|| "none".to_owned())
            }),
            secret_id: text(fact("auth.secret_id")),
            token: ["auth.token", "auth.temporary"]
                .iter()
                .any(|name| fact(name).and_then(Value::as_bool) == Some(true)),
            start: fact("auth.sign_start").and_then(instant),
            end: fact("auth.sign_end").and_then(instant),
        }
    }

    /// Puts them into the request. Which headers were signed is not written down, so that a signature that did
    /// not match stays unknown.
    pub(super) fn put_into(self, finding: &mut Finding) {
        if self.token {
            finding.put(Says::RequestHeader("x-cos-security-token".to_owned(), REDACTED.to_owned()));
        }
        let mismatch = finding.text(Name::Code).is_some_and(|code| code.starts_with("Signature"));
        let in_query = finding.target.as_deref().is_some_and(|target| target.contains("q-sign-algorithm"));
        match self.scheme.as_deref() {
            Some("none") if self.cause.as_deref() == Some("anonymous-access-denied") => {
                finding.request.seen = Seen::All;
            }
            Some("q-sign") if !mismatch && !in_query => {
                if let (Some(start), Some(end)) = (self.start, self.end) {
                    let id = self.secret_id.as_deref().unwrap_or(REDACTED);
                    let value = format!(
                        "q-sign-algorithm=sha1&q-ak={id}&q-sign-time={start};{end}&q-key-time={start};{end}\
                         &q-header-list=host&q-url-param-list=&q-signature={REDACTED}"
                    );
                    finding.put(Says::RequestHeader("authorization".to_owned(), value));
                }
            }
            _ => {}
        }
    }
}

/// What coswhy did to the request of an explanation.
pub(super) fn proxy_of_explanation(value: &Value) -> Option<ProxyEvidence> {
    proxy(value.pointer("/diagnosis/evidence"), None)
}

/// What coswhy did to the request of a log line. A custom domain's bucket stands there by the operator's word.
pub(super) fn proxy_of_log(value: &Value) -> Option<ProxyEvidence> {
    let found = proxy(value.get("evidence"), value.get("signing"));
    let (bucket, region) = (text(value.get("bucket")), text(value.get("region")));
    found.or_else(|| bucket.is_some().then(|| ProxyEvidence { bucket, region, ..ProxyEvidence::default() }))
}

fn proxy(evidence: Option<&Value>, signing: Option<&Value>) -> Option<ProxyEvidence> {
    let signing = signing.or_else(|| fact(evidence, "proxy.signing")).and_then(Value::as_str);
    let found = ProxyEvidence {
        host_sent: text(fact(evidence, "proxy.host_sent")),
        target_sent: text(fact(evidence, "proxy.target_sent")),
        signing: ProxySigning::ALL.into_iter().find(|known| Some(known.as_str()) == signing),
        copies_from_own_address: fact(evidence, "proxy.copies_from_own_address")
            .and_then(Value::as_bool)
            .unwrap_or_default(),
        ..ProxyEvidence::default()
    };
    (found.host_sent.is_some() || found.signing.is_some()).then_some(found)
}

/// A fact among the evidence.
fn fact<'a>(evidence: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    let facts = evidence.and_then(Value::as_array)?;
    facts.iter().find(|fact| fact.get("fact").and_then(Value::as_str) == Some(name))?.get("value")
}

fn text(value: Option<&Value>) -> Option<String> {
    value?.as_str().map(str::to_owned)
}

/// Epoch seconds, or RFC 3339.
fn instant(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| time::parse_iso8601(value.as_str()?))
}
