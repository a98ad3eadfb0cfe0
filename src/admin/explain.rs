//! `POST /explain`: what `coswhy explain` says of a HAR, an error body, curl's output, log lines. Nothing is stored.
//!
//! Reading takes time that grows with the input, so it is done beside the listener, for few at a time.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, StatusCode, request};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;
use ulid::Ulid;

use super::answer::{self, Answer};
use super::query::{self, Query};
use super::{InForce, State};
use crate::config::Keys;
use crate::config::settings::Language;
use crate::diagnosis::Engine;
use crate::diagnosis::report::Explanation;
use crate::evidence::{self, Evidence, EvidenceError};

/// The largest body, 20 MiB.
const LARGEST: usize = 20 * 1024 * 1024;
/// Inputs that are read at a time.
const PLACES: usize = 2;
/// Failures of one input that are explained.
const MOST: usize = 200;
/// Failures of one input that are counted: each takes memory, and a small one a hundred bytes of input.
const COUNTED: usize = 10_000;
/// From the head of a request to the end of its body.
const PATIENCE: Duration = Duration::from_secs(30);
/// What is sent beyond the limit is read for so long, so that the sender sees why it is refused.
const DISCARDING: Duration = Duration::from_secs(5);
/// Reads what people send.
#[derive(Debug)]
pub(super) struct Reader {
    in_force: watch::Receiver<InForce>,
    places: Arc<Semaphore>,
}

#[derive(Debug, Serialize)]
struct Found {
    explanations: Vec<Item>,
    /// How many failures the input has, counted up to 10,000.
    failures: usize,
    /// Not all of them are explained.
    truncated: bool,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Item {
    #[serde(flatten)]
    explanation: Explanation,
    /// Where in the input it was found, in words.
    source: String,
}

impl Reader {
    pub(super) fn new(state: &State) -> Self {
        Self { in_force: state.in_force.clone(), places: Arc::new(Semaphore::new(PLACES)) }
    }

    pub(super) async fn answer(&self, head: &request::Parts, body: Incoming) -> Answer {
        match self.explain(head, body).await {
            Ok(found) => answer::json_of(&found),
            Err(refusal) => refusal,
        }
    }

    async fn explain(&self, head: &request::Parts, body: Incoming) -> Result<Found, Answer> {
        let query = head.uri.query().unwrap_or_default();
        let query = Query::parse(query, query::LANGUAGE, SystemTime::now())
            .map_err(|wrong| answer::bad_request(&wrong))?;
        if is_coded(&head.headers) {
            let detail = "The body is read as it is, without a Content-Encoding.";
            let refusal = answer::problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail);
            return Err(answer::with(refusal, ACCEPT_ENCODING, "identity"));
        }
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Err(answer::busy("Others are being read; try again in a moment."));
        };
        let bytes = whole(&head.headers, body).await?;
        let in_force = self.in_force.borrow().clone();
        self.read(bytes, query.language.unwrap_or(in_force.language), in_force, place).await
    }

    async fn read(
        &self,
        bytes: Vec<u8>,
        language: Language,
        InForce { engine, keys, .. }: InForce,
        place: OwnedSemaphorePermit,
    ) -> Result<Found, Answer> {
        let reading = tokio::task::spawn_blocking(move || {
            // Held until the thread is done, whether or not anybody still waits for it.
            let _place = place;
            let found = evidence::read_at_most(COUNTED, name(language), io::Cursor::new(bytes))?;
            Ok(explained(&engine, &keys, &found, language))
        });
        match reading.await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => Err(unread(&error, language)),
            Err(_) => {
                let detail = "Reading this failed; coswhy's own fault. Cut it down and report it, please.";
                Err(answer::problem(StatusCode::INTERNAL_SERVER_ERROR, detail))
            }
        }
    }
}

fn explained(engine: &Engine, keys: &Keys, found: &[Evidence], language: Language) -> Found {
    let failures = found.len();
    let explanations = found.iter().take(MOST).map(|evidence| {
        let diagnosis = engine.diagnose_with(&evidence.exchange, keys, Ulid::generate());
        Item { explanation: diagnosis.explanation(language), source: evidence.source.in_words(language) }
    });
    let truncated = failures > MOST;
    let more = failures == COUNTED;
    let note = match language {
        Language::En if more => format!("The first {MOST} of at least {failures} failures are explained."),
        Language::En => format!("The first {MOST} of {failures} failures are explained."),
        Language::Zh if more => format!("至少有 {failures} 个失败请求，仅解释前 {MOST} 个。"),
        Language::Zh => format!("共 {failures} 个失败请求，仅解释前 {MOST} 个。"),
    };
    Found {
        explanations: explanations.collect(),
        failures,
        truncated,
        notes: truncated.then_some(note).into_iter().collect(),
    }
}

/// How the input is called in sentences.
fn name(language: Language) -> &'static str {
    match language {
        Language::En => "input",
        Language::Zh => "输入内容",
    }
}

fn unread(error: &EvidenceError, language: Language) -> Answer {
    answer::problem(StatusCode::UNPROCESSABLE_ENTITY, &error.in_words(language))
}

fn is_coded(headers: &HeaderMap) -> bool {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

fn too_large() -> Answer {
    let detail = format!("At most {} MiB are read.", LARGEST >> 20);
    answer::problem(StatusCode::PAYLOAD_TOO_LARGE, &detail)
}

/// The whole body; the refusal where it is too large, too slow or breaks off.
async fn whole(headers: &HeaderMap, mut body: Incoming) -> Result<Vec<u8>, Answer> {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let expects = headers.contains_key(http::header::EXPECT);
    if length.is_some_and(|length| length > LARGEST as u64) {
        // Who asks before sending has sent nothing.
        if !expects {
            discard(&mut body).await;
        }
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let reading = async {
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(drop)?.into_data() else { continue };
            if bytes.len() + data.len() > LARGEST {
                return Ok(false);
            }
            bytes.extend_from_slice(&data);
        }
        Ok::<_, ()>(true)
    };
    match timeout(PATIENCE, reading).await {
        Ok(Ok(true)) => Ok(bytes),
        Ok(Ok(false)) => {
            drop(bytes);
            discard(&mut body).await;
            Err(too_large())
        }
        Ok(Err(())) => Err(answer::bad_request("The body broke off.")),
        Err(_) => Err(answer::problem(StatusCode::REQUEST_TIMEOUT, "The body came too slowly.")),
    }
}

/// Reads on, within bounds.
async fn discard(body: &mut Incoming) {
    let all = async { while let Some(Ok(_)) = body.frame().await {} };
    let _ = timeout(DISCARDING, all).await;
}
