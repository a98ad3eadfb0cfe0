//! One diagnosed request, as it is kept for the admin listener; and which of them are asked for.

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::Version;
use serde::Serialize;
use ulid::Ulid;

use super::groups::Failure;
use super::log::clock::timestamp;
use super::record::{AnswerBody, Record, shown};
use super::store::{Store, Stored};
use crate::config::settings::Language;
use crate::cos::redact;
use crate::diagnosis::report::{Explanation, Headline, exchange};
use crate::diagnosis::{Confidence, Diagnosis};

/// One diagnosed request.
pub struct Entry {
    /// Counts up from 1 with every diagnosis of this process.
    pub number: u64,
    pub at: SystemTime,
    pub id: Ulid,
    pub cause: Arc<str>,
    pub confidence: Confidence,
    pub title: String,
    pub summary: String,
    pub method: String,
    pub bucket: Option<String>,
    pub region: Option<String>,
    pub key: Option<String>,
    pub status: Option<u16>,
    /// The SecretId that signed, masked.
    pub key_id: Option<String>,
    pub failure: Failure,
    /// The language of title and summary.
    language: Language,
    source: Source,
}

/// Where the whole of it is.
enum Source {
    /// In memory, as its request left it.
    Request(Box<Seen>),
    /// In the file of the store; with title and summary in the other language.
    Store(Store, [String; 2]),
}

struct Seen {
    /// The whole explanation, in which no secret of the request is; JSON is made of it for who asks.
    explanation: Arc<Explanation>,
    /// What other languages and the exchange are made of; it has the request's secrets.
    diagnosis: Arc<Diagnosis>,
    way: Way,
    /// What explanation, facts and body take, roughly.
    weight: usize,
}

/// What the diagnosis does not know of its request.
#[derive(Debug)]
struct Way {
    client: Option<SocketAddr>,
    version: Option<Version>,
    body: Option<AnswerBody>,
    upstream: Option<Duration>,
    duration: Duration,
}

/// Which diagnoses are wanted; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub cause: Option<String>,
    pub bucket: Option<String>,
    /// Masked.
    pub key_id: Option<String>,
    pub fingerprint: Option<String>,
    /// Of each failure the newest alone.
    pub newest: bool,
    /// Not older than this.
    pub since: Option<SystemTime>,
}

/// What `/diagnoses/ID` shows: the explanation, and what was seen of the exchange.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    explanation: &'a Explanation,
    timestamp: String,
    fingerprint: &'a str,
    count: u64,
    exchange: Exchange,
}

#[derive(Serialize)]
struct Exchange {
    client: Option<String>,
    request: exchange::Request,
    response: exchange::Response,
    times: Times,
}

#[derive(Serialize)]
struct Times {
    received: String,
    upstream_ms: Option<f64>,
    duration_ms: f64,
}

impl Entry {
    pub(super) fn new(
        at: SystemTime,
        record: Record,
        explanation: Arc<Explanation>,
        language: Language,
    ) -> Option<Self> {
        let diagnosis = record.diagnosis?;
        let (cos, auth) = (&explanation.cos, &explanation.request.auth);
        let bucket = record.bucket.map(harmless).or_else(|| cos.bucket.clone());
        let body = record.answer_body.as_ref().map_or(0, |body| body.start.len());
        Some(Self {
            number: 0,
            at,
            id: diagnosis.id,
            cause: Arc::clone(&diagnosis.cause),
            confidence: diagnosis.confidence,
            title: explanation.title.clone(),
            summary: explanation.diagnosis.summary.clone(),
            failure: record.failure?,
            method: harmless(record.method),
            bucket,
            region: record.region.map(harmless).or_else(|| cos.region.clone()),
            key: record.key.map(harmless).or_else(|| cos.key.clone()),
            status: record.status,
            key_id: auth.secret_id.clone(),
            language,
            source: Source::Request(Box::new(Seen {
                weight: explanation.weight() + diagnosis.weight() + body,
                explanation,
                diagnosis,
                way: Way {
                    client: record.client,
                    version: record.version,
                    body: record.answer_body,
                    upstream: record.upstream,
                    duration: record.duration,
                },
            })),
        })
    }

    /// One that is in `store`, told in `language`; `None` where what is stored makes no sense.
    pub(super) fn from_store(number: u64, stored: Stored, language: Language, store: Store) -> Option<Self> {
        let ([title, summary], other) = match language {
            Language::En => (stored.en, stored.zh),
            Language::Zh => (stored.zh, stored.en),
        };
        Some(Self {
            number,
            at: stored.at,
            id: Ulid::from_string(&stored.id).ok()?,
            cause: stored.cause.into(),
            confidence: Confidence::named(&stored.confidence)?,
            title,
            summary,
            failure: Failure {
                fingerprint: stored.fingerprint.into(),
                count: stored.count,
                first_seen: stored.first_seen,
            },
            method: stored.method,
            bucket: stored.bucket,
            region: stored.region,
            key: stored.key,
            status: stored.status,
            key_id: stored.key_id,
            language,
            source: Source::Store(store, other),
        })
    }

    /// What the store keeps of it beside the whole.
    pub(super) fn to_stored(&self) -> Stored {
        let headline = |language| {
            let Headline { title, summary } = self.headline(Some(language));
            [title.into_owned(), summary.into_owned()]
        };
        Stored {
            id: self.id.to_string(),
            at: self.at,
            first_seen: self.failure.first_seen,
            cause: self.cause.to_string(),
            confidence: self.confidence.as_str().to_owned(),
            en: headline(Language::En),
            zh: headline(Language::Zh),
            method: self.method.clone(),
            bucket: self.bucket.clone(),
            region: self.region.clone(),
            key: self.key.clone(),
            status: self.status,
            key_id: self.key_id.clone(),
            fingerprint: self.failure.fingerprint.to_string(),
            count: self.failure.count,
        }
    }

    /// What it takes in memory, roughly.
    pub(super) fn bytes(&self) -> usize {
        let key = self.key.as_ref().map_or(0, String::len);
        let source = match &self.source {
            Source::Request(seen) => size_of::<Seen>() + seen.weight,
            Source::Store(_, other) => other.iter().map(String::len).sum(),
        };
        size_of::<Self>() + source + self.title.len() + self.summary.len() + self.method.len() + key
    }

    /// All that is known of it as JSON: the explanation in `language`, or in the server's, and the exchange without
    /// its secrets. `None`: the store has taken it out since.
    #[must_use]
    pub fn whole(&self, language: Option<Language>) -> Option<Vec<u8>> {
        let seen = match &self.source {
            Source::Request(seen) => seen,
            Source::Store(store, _) => return store.whole(self.number, language.unwrap_or(self.language)),
        };
        let other = language.filter(|language| *language != self.language);
        let other = other.map(|language| seen.diagnosis.explanation(language));
        let whole = Whole {
            explanation: other.as_ref().unwrap_or(&seen.explanation),
            timestamp: self.timestamp(),
            fingerprint: &self.failure.fingerprint,
            count: self.failure.count,
            exchange: seen.exchange(self.at),
        };
        serde_json::to_vec(&whole).ok()
    }

    /// Title and summary in `language`, or in the server's.
    #[must_use]
    pub fn headline(&self, language: Option<Language>) -> Headline<'_> {
        let other = language.filter(|language| *language != self.language);
        match (other, &self.source) {
            (Some(other), Source::Request(seen)) => seen.diagnosis.headline(other),
            (Some(_), Source::Store(_, [title, summary])) => {
                Headline { title: Cow::Borrowed(title), summary: Cow::Borrowed(summary) }
            }
            (None, _) => {
                Headline { title: Cow::Borrowed(&self.title), summary: Cow::Borrowed(&self.summary) }
            }
        }
    }

    /// When it was recorded, RFC 3339.
    #[must_use]
    pub fn timestamp(&self) -> String {
        timestamp(self.at)
    }
}

impl Seen {
    fn exchange(&self, at: SystemTime) -> Exchange {
        let Way { client, version, body, upstream, duration } = &self.way;
        let received = at.checked_sub(*duration).unwrap_or(at);
        let (body, truncated) = body.as_ref().map_or((None, false), |body| (Some(&body.start), !body.whole));
        Exchange {
            client: client.map(shown),
            request: self.diagnosis.request(version.map(name_of)),
            response: self.diagnosis.response(body.map(AsRef::as_ref), truncated),
            times: Times {
                received: timestamp(received),
                upstream_ms: upstream.map(milliseconds),
                duration_ms: milliseconds(*duration),
            },
        }
    }
}

/// Without what has the request's secrets.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, id, failure, title, summary, .. } = self;
        f.debug_struct("Entry")
            .field("number", number)
            .field("id", id)
            .field("failure", failure)
            .field("title", title)
            .field("summary", summary)
            .finish_non_exhaustive()
    }
}

impl Filter {
    #[must_use]
    pub fn passes(&self, entry: &Entry) -> bool {
        let same = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        same(&self.cause, Some(&entry.cause))
            && same(&self.bucket, entry.bucket.as_deref())
            && same(&self.key_id, entry.key_id.as_deref())
            && same(&self.fingerprint, Some(&entry.failure.fingerprint))
            && self.since.is_none_or(|since| entry.at >= since)
    }
}

/// To the microsecond, as the log has them.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

fn name_of(version: Version) -> &'static str {
    match version {
        Version::HTTP_2 => "HTTP/2",
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    }
}

/// The text without secrets, in its own memory where it has none.
fn harmless(text: String) -> String {
    match redact::target(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(redacted) => redacted,
    }
}
