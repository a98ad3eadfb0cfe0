//! The outcome of a diagnosis: the cause, how sure it is, and everything its reports are made of.

use std::sync::Arc;

use http::HeaderValue;
use ulid::Ulid;

use super::facts::Facts;
use super::report::explanation::{Explanation, Headline};
use super::report::{exchange, header};
use super::rules::{Check, Rule};
use crate::config::settings::Language;
use crate::cos::endpoint::Location;

/// How sure a diagnosis is. `Certain` is a promise: every other cause is excluded by evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    Possible,
    Likely,
    Certain,
}

impl Confidence {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }

    /// For people.
    #[must_use]
    pub fn in_words(self, language: Language) -> &'static str {
        match (self, language) {
            (_, Language::En) => self.as_str(),
            (Self::Possible, Language::Zh) => "可能",
            (Self::Likely, Language::Zh) => "很可能",
            (Self::Certain, Language::Zh) => "确定",
        }
    }

    /// The confidence that a word of [`Self::as_str`] means.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        [Self::Possible, Self::Likely, Self::Certain].into_iter().find(|level| level.as_str() == word)
    }
}

/// Why COS refused, and on what evidence.
#[derive(Debug, Clone)]
pub struct Diagnosis {
    pub id: Ulid,
    pub cause: Arc<str>,
    pub confidence: Confidence,
    /// One English sentence or two.
    pub summary: String,
    pub(crate) finding: Arc<Finding>,
}

/// What the reports are made of, before it is put into words.
#[derive(Debug)]
pub(crate) struct Finding {
    pub rule: Arc<Rule>,
    /// General steps of the checklist, in front of the rule's own checks.
    pub steps: Arc<[Check]>,
    pub alternatives: Vec<Alternative>,
    pub facts: Facts,
}

/// Another cause that the evidence leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    pub cause: Arc<str>,
    pub confidence: Confidence,
}

impl Diagnosis {
    /// Everything, in words: for problem JSON, the XML annotation, the log and people.
    #[must_use]
    pub fn explanation(&self, language: Language) -> Explanation {
        Explanation::new(self, &self.finding, language)
    }

    /// Title and summary of the explanation.
    #[must_use]
    pub fn headline(&self, language: Language) -> Headline<'static> {
        Headline::new(self, &self.finding, language)
    }

    /// The request without its secrets; `version` is the client's, where it is known.
    #[must_use]
    pub fn request(&self, version: Option<&'static str>) -> exchange::Request {
        exchange::Request::new(&self.finding.facts, version)
    }

    /// The answer without its secrets; of its body, which the diagnosis does not keep, `truncated` says whether it goes
    /// on.
    #[must_use]
    pub fn response(&self, body: Option<&[u8]>, truncated: bool) -> exchange::Response {
        exchange::Response::new(&self.finding.facts, body, truncated)
    }

    /// The bytes that it takes in memory, roughly.
    pub(crate) fn weight(&self) -> usize {
        /// Facts that are worked out when a rule asks for them, and what is lost between allocations (measured: 10,000
        /// refusals of a plain request take 18 KiB each).
        const BETWEEN: usize = 6 * 1024;
        BETWEEN + size_of::<Finding>() + self.finding.facts.weight()
    }

    /// Action and place of what COS refused for lack of rights, by its own words.
    pub(crate) fn lacks_rights(&self) -> Option<(&'static str, &Location)> {
        let Facts { cos, error, response, .. } = &self.finding.facts;
        let message = error.body.message.as_deref()?.trim_end_matches('.');
        let says_so = error.reason.as_deref() == Some("AccessDenied")
            && message.eq_ignore_ascii_case("access denied")
            && response.status == Some(403);
        says_so.then_some((cos.action.as_ref()?.name, &cos.location))
    }

    /// The value of `X-Cos-Diagnosis`.
    #[must_use]
    pub fn header_value(&self) -> HeaderValue {
        header::value(self)
    }
}
