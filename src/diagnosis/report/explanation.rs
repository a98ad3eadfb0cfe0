//! The explanation: everything about one diagnosis in words, as the JSON that every output shares.
//!
//! The outer members are RFC 9457's; `diagnosis`, `cos` and `request` are coswhy's own.

use std::borrow::Cow;

use serde::Serialize;
use ulid::Ulid;

use super::words;
use crate::config::settings::Language;
use crate::cos::{redact, time};
use crate::diagnosis::facts::{Facts, shortened};
use crate::diagnosis::forensics::Row;
use crate::diagnosis::verdict::{Diagnosis, Finding};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// `urn:coswhy:cause:CAUSE`
    pub r#type: String,
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    pub detail: String,
    /// `urn:ulid:ID`
    pub instance: String,
    pub diagnosis: Verdict,
    pub cos: Cos,
    pub request: Request,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    pub cause: String,
    pub confidence: &'static str,
    pub summary: String,
    pub evidence: Vec<Evidence>,
    /// What was signed beside what COS computed, part by part, where they are known to differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<Difference>,
    pub checklist: Vec<Step>,
    pub fixes: Vec<Fix>,
    pub alternatives: Vec<Alternative>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    pub fact: String,
    pub value: Shown,
    pub source: &'static str,
    pub says: String,
}

/// One part of the signed string on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `method`, `path`, `parameter` or `header`.
    pub part: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Null: there is none of this name on that side.
    pub client: Option<String>,
    pub cos: Option<String>,
    pub same: bool,
    /// The first byte that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differs_at: Option<usize>,
}

/// A fact's value in JSON; null: known to be absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Shown {
    Absent,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    pub step: String,
    pub outcome: Outcome,
    pub why: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Pass,
    Fail,
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    pub says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alternative {
    pub cause: String,
    pub confidence: &'static str,
}

/// What COS said, and where the request pointed; null: not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cos {
    pub code: Option<String>,
    pub message: Option<String>,
    pub resource: Option<String>,
    pub request_id: Option<String>,
    pub trace_id: Option<String>,
    pub server_time: Option<String>,
    pub bucket: Option<String>,
    pub appid: Option<String>,
    pub region: Option<String>,
    pub key: Option<String>,
    pub action: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    pub method: Option<String>,
    pub host: Option<String>,
    pub path: Option<String>,
    pub auth: Auth,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Auth {
    pub scheme: Option<&'static str>,
    pub secret_id: Option<String>,
    pub token: Option<bool>,
    pub sign_start: Option<String>,
    pub sign_end: Option<String>,
}

/// The diagnosis in two sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline<'a> {
    /// What this cause is.
    pub title: Cow<'a, str>,
    /// What it is here.
    pub summary: Cow<'a, str>,
}

impl Headline<'_> {
    pub(crate) fn new(diagnosis: &Diagnosis, finding: &Finding, language: Language) -> Headline<'static> {
        let (rule, facts) = (&*finding.rule, &finding.facts);
        let title = rule.title.get(language).fill(facts, language);
        let title = if title.is_empty() { rule.cause.to_string() } else { title };
        let summary = match language {
            Language::En => diagnosis.summary.clone(),
            Language::Zh => rule.summary_for(facts).get(language).fill(facts, language),
        };
        let summary = if summary.is_empty() { title.clone() } else { summary };
        Headline { title: title.into(), summary: summary.into() }
    }
}

impl Explanation {
    pub(crate) fn new(diagnosis: &Diagnosis, finding: &Finding, language: Language) -> Self {
        let (rule, facts) = (&*finding.rule, &finding.facts);
        let Headline { title, summary } = Headline::new(diagnosis, finding, language);
        let (title, summary) = (title.into_owned(), summary.into_owned());
        let detail = rule.detail.get(language).as_ref().map(|detail| detail.fill(facts, language));
        let alternatives = finding.alternatives.iter().map(|other| Alternative {
            cause: other.cause.to_string(),
            confidence: other.confidence.as_str(),
        });
        Self {
            r#type: format!("urn:coswhy:cause:{}", diagnosis.cause),
            title,
            status: facts.response.status,
            detail: detail.filter(|detail| !detail.is_empty()).unwrap_or_else(|| summary.clone()),
            instance: format!("urn:ulid:{}", diagnosis.id),
            diagnosis: Verdict {
                cause: diagnosis.cause.to_string(),
                confidence: diagnosis.confidence.as_str(),
                summary,
                evidence: words::evidence(rule, facts, language),
                difference: difference(facts),
                checklist: words::checklist(&finding.steps, rule, facts, language),
                fixes: words::fixes(rule, facts, language),
                alternatives: alternatives.collect(),
            },
            cos: Cos::new(facts),
            request: Request::new(facts),
        }
    }

    /// The bytes that it takes in memory, roughly.
    pub(crate) fn weight(&self) -> usize {
        let optional = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let verdict = &self.diagnosis;
        let evidence = verdict.evidence.iter().map(|item| {
            let value = match &item.value {
                Shown::Text(text) => text.len(),
                Shown::List(items) => items.iter().map(|item| size_of::<String>() + item.len()).sum(),
                Shown::Absent | Shown::Bool(_) | Shown::Int(_) => 0,
            };
            size_of::<Evidence>() + item.fact.len() + value + item.says.len()
        });
        let steps = verdict
            .checklist
            .iter()
            .map(|step| size_of::<Step>() + step.step.len() + step.why.len() + optional(&step.link));
        let fixes = verdict
            .fixes
            .iter()
            .map(|fix| size_of::<Fix>() + fix.says.len() + optional(&fix.command) + optional(&fix.document));
        let difference = verdict.difference.iter().map(|row| {
            // once here, once in the facts that it was made of
            2 * (size_of::<Difference>() + optional(&row.name) + optional(&row.client) + optional(&row.cos))
        });
        let others = verdict.alternatives.iter().map(|other| size_of::<Alternative>() + other.cause.len());
        let (cos, request) = (&self.cos, &self.request);
        let said = [&cos.message, &cos.resource, &cos.trace_id, &cos.key, &request.host, &request.path];
        let words = self.title.len() + self.detail.len() + verdict.summary.len();
        let lists =
            evidence.sum::<usize>() + steps.sum::<usize>() + fixes.sum::<usize>() + others.sum::<usize>();
        let lists = lists + difference.sum::<usize>();
        size_of::<Self>() + words + lists + said.into_iter().map(optional).sum::<usize>()
    }

    /// The diagnosis's id.
    #[must_use]
    pub fn id(&self) -> Option<Ulid> {
        self.instance.strip_prefix("urn:ulid:").and_then(|id| Ulid::from_string(id).ok())
    }
}

/// Of a signature that COS refused.
fn difference(facts: &Facts) -> Vec<Difference> {
    if facts.error.reason.as_deref() != Some("SignatureDoesNotMatch") {
        return Vec::new();
    }
    let rows = facts.signature.rows(facts).into_iter();
    rows.map(Row::shortened)
        .map(|Row { part, name, client, cos, differs_at, same }| Difference {
            part,
            name,
            client,
            cos,
            same,
            differs_at,
        })
        .collect()
}

impl Cos {
    fn new(facts: &Facts) -> Self {
        let error = &facts.error;
        let location = &facts.cos.location;
        Self {
            code: text(error.body.code.as_deref()),
            message: error.body.message.as_deref().map(|m| shortened(redact::text(m)).into_owned()),
            resource: target(error.body.resource.as_deref()),
            request_id: text(error.request_id.as_deref()),
            trace_id: text(error.trace_id.as_deref()),
            server_time: facts.error.server_time.map(time::format_rfc3339),
            bucket: text(location.bucket.as_deref()),
            appid: text(location.appid.as_deref()),
            region: text(location.region.as_deref()),
            key: text(location.key.as_deref()),
            action: facts.cos.action.as_ref().map(|action| action.name.to_owned()),
        }
    }
}

impl Request {
    fn new(facts: &Facts) -> Self {
        let signature = &facts.auth.auth;
        Self {
            method: text(facts.request.method.as_deref()),
            host: text(facts.request.host.as_deref()),
            path: target(facts.request.path.as_deref()),
            auth: Auth {
                scheme: facts.auth.scheme.map(crate::cos::auth::Scheme::as_str),
                secret_id: signature.secret_id.as_deref().map(redact::secret_id),
                token: facts.auth.token,
                sign_start: signature.sign_time.map(|t| time::format_rfc3339(t.0)),
                sign_end: signature.sign_time.map(|t| t.1).or(signature.expires).map(time::format_rfc3339),
            },
        }
    }
}

/// Text that others wrote, without secrets.
fn safe(text: &str) -> String {
    redact::text(text).into_owned()
}

fn text(text: Option<&str>) -> Option<String> {
    text.map(safe)
}

fn target(target: Option<&str>) -> Option<String> {
    target.map(|target| redact::target(target).into_owned())
}
