//! HTTP archives (HAR 1.2) of Chromium, Firefox, Safari, Charles, Fiddler: every entry that failed.
//!
//! Browsers leave Authorization and Cookie out of a HAR unless asked, so what is missing there is unknown.
//! An answer that the browser kept from the page (CORS) has status 0.

mod form;
mod stream;

use std::io::Read;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;
use stream::ShortStrings;

use super::body;
use super::error::EvidenceError;
use super::finding::is_error_body;
use super::mask;
use super::problem;
use super::source::{Evidence, Kind, Source};
use super::token::Says;
use super::url::Address;
use crate::diagnosis::facts;
use crate::diagnosis::{Exchange, Field, Fields, RequestEvidence, ResponseEvidence, Seen};

/// Reads a HAR; only failed entries are kept, the first `most` of them.
pub(super) fn read(most: usize, name: &str, reader: impl Read) -> Result<Vec<Evidence>, EvidenceError> {
    let mut found = Vec::new();
    let mut exchanges = 0;
    let mut credentials = false;
    let mut devtools = false;
    let about = stream::entries(ShortStrings::new(reader), |entry| {
        exchanges += 1;
        credentials |= shows_credentials(entry);
        devtools |=
            ["_initiator", "_resourceType", "_securityState"].iter().any(|key| entry.get(key).is_some());
        if found.len() < most
            && let Some(exchange) = failed(entry)
        {
            let source = Source { name: name.to_owned(), kind: Kind::Har, entry: exchanges, line: None };
            found.push(Evidence { source, exchange });
        }
    });
    let about = match about {
        Ok(about) => about,
        // A file that was cut off still has what comes before.
        Err(_) if !found.is_empty() => stream::About::default(),
        Err(error) => {
            return Err(EvidenceError::Har { name: name.to_owned(), reason: error.to_string() });
        }
    };
    let browser = devtools || is_browser(&about);
    for evidence in &mut found {
        settle(&mut evidence.exchange, browser, browser && !credentials);
    }
    if found.is_empty() {
        return Err(EvidenceError::NoFailure { name: name.to_owned(), exchanges });
    }
    Ok(found)
}

/// What only the whole archive tells: whether a browser wrote it, and whether it left credentials out.
fn settle(exchange: &mut Exchange, browser: bool, stripped: bool) {
    let answered = exchange.response.status.is_some();
    let request = &mut exchange.request.headers;
    if request.map.is_empty() || !answered {
        // The browser lists what it had before it sent the rest.
        request.seen = Seen::Some;
    } else if stripped && could_carry_credentials(request) && request.seen == Seen::All {
        request.seen = Seen::AllButCredentials;
    }
    if exchange.response.headers.map.is_empty() {
        exchange.response.headers.seen = Seen::Some;
    }
    // A proxy keeps nothing from a page: there the network failed.
    if !browser && let Some(text) = exchange.client_text.take() {
        exchange.client_text = Some(text.replace(CORS_OR_NETWORK, NETWORK));
    }
}

fn is_browser(about: &stream::About) -> bool {
    let names = format!("{} {}", about.creator, about.browser).to_ascii_lowercase();
    ["webinspector", "web inspector", "playwright", "firefox", "chrom", "safari", "webkit", "edge", "opera"]
        .iter()
        .any(|browser| names.contains(browser))
}

fn shows_credentials(entry: &Value) -> bool {
    list(entry, "request").any(|(name, _)| name == "authorization" || name == "cookie")
}

/// A page can put Authorization only on a request made by script, and such a one to another site has an Origin;
/// an image, a stylesheet or a navigation has neither.
fn could_carry_credentials(request: &Fields) -> bool {
    let origin = matches!(request.get("origin"), Field::Present(_));
    let accept = request.get("accept").text().unwrap_or("");
    let by_script = match request.get("sec-fetch-mode").text() {
        Some(mode) => !matches!(mode, "no-cors" | "navigate"),
        None => {
            !(accept.starts_with("image/")
                || accept.starts_with("text/html")
                || accept.starts_with("text/css"))
        }
    };
    origin || by_script
}

/// The exchange of an entry, if it failed: by its status, by an error in a 200, by a download that was forced, or by what the browser kept from the
/// page.
fn failed(entry: &Value) -> Option<Exchange> {
    let mut exchange = exchange(entry)?;
    let failed = match exchange.response.status {
        None => kept_from_page(entry),
        Some(status) => {
            status >= 400
                || exchange.response.body.as_deref().is_some_and(is_error_body)
                || facts::is_blocked(&exchange)
                || exchange.response.headers.get("x-cos-force-download").text() == Some("true")
        }
    };
    if !failed {
        return None;
    }
    exchange.response.body = exchange.response.body.map(plain_body);
    Some(exchange)
}

fn exchange(entry: &Value) -> Option<Exchange> {
    let request = entry.get("request")?;
    let response = entry.get("response")?;
    let status = number(response.get("status"));
    let body = content(response.get("content"));
    let method = request.get("method").and_then(Value::as_str).map(str::to_ascii_uppercase);
    let address = request.get("url").and_then(Value::as_str).and_then(Address::parse)?;
    let response_fields = fields(entry, "response");
    let status = status.filter(|status| *status > 0);
    let empty =
        method.as_deref() == Some("HEAD") || response_fields.get("content-length").text() == Some("0");
    let client_text = status.is_none().then(|| client_text(entry));
    Some(Exchange {
        request: RequestEvidence {
            method,
            scheme: address.scheme,
            host: Some(address.host),
            target: Some(mask::target(&address.target)),
            headers: fields(entry, "request"),
            form: request.get("postData").and_then(form::fields),
        },
        response: ResponseEvidence {
            status,
            headers: if status.is_some() { response_fields } else { Fields::default() },
            body: body.or_else(|| (empty && status.is_some()).then(Bytes::new)),
        },
        client_text,
        proxy: None,
        lasted: lasted(entry),
        told: None,
    })
}

/// A body without what coswhy wrote into it and without masked values.
fn plain_body(body: Bytes) -> Bytes {
    let Ok(text) = std::str::from_utf8(&body) else { return body };
    if let Some(explained) = problem::parse(text) {
        return explained.into_exchange().response.body.unwrap_or(body);
    }
    let shown = body::tokens(text).into_iter().find_map(|token| match token.says {
        Says::Body(body) => Some(body),
        _ => None,
    });
    match shown {
        Some(shown) if shown.len() != text.trim().len() => Bytes::from(shown),
        _ => body,
    }
}

/// Whether a request that has no status got an answer that the page was not shown; those that the page or an
/// extension gave up are no failures of COS.
fn kept_from_page(entry: &Value) -> bool {
    let error = error(entry);
    let gave_up = ["ABORTED", "BLOCKED_BY_CLIENT", "BLOCKED_BY_ADMINISTRATOR", "CACHE_MISS"];
    if gave_up.iter().any(|word| error.contains(word)) {
        return false;
    }
    cross_origin(entry) || address(entry).is_some_and(|address| address.is_cos())
}

const CORS_OR_NETWORK: &str = "CORS blocked or network error";
const NETWORK: &str = "network error";

fn address(entry: &Value) -> Option<Address> {
    entry.get("request")?.get("url")?.as_str().and_then(Address::parse)
}

/// Whether a page's script asked another origin: by its Origin or, where the recorder saw the request before the
/// browser had written that, by its Referer.
fn cross_origin(entry: &Value) -> bool {
    let header =
        |wanted: &str| list(entry, "request").find(|(name, _)| name == wanted).map(|(_, value)| value);
    let by_script = match entry.get("_resourceType").and_then(Value::as_str) {
        Some(kind) => matches!(kind, "fetch" | "xhr"),
        None => !header("accept").is_some_and(|kind| kind.starts_with("image/") || kind.starts_with("text/")),
    };
    let by_page =
        |referer: &str| Address::parse(referer).zip(address(entry)).is_some_and(|(a, b)| a.host != b.host);
    header("origin").is_some() || by_script && header("referer").is_some_and(by_page)
}

/// What a browser says where it got no answer whatever; what it kept from a page it calls `net::ERR_FAILED`.
const NO_ANSWER: [&str; 9] =
    ["NAME_", "CONNECTION_", "ADDRESS_", "CERT_", "SSL_", "TIMED_OUT", "DISCONNECTED", "TUNNEL_", "NETWORK_"];

/// What a page's script is told then.
fn client_text(entry: &Value) -> String {
    let error = error(entry);
    let what = if error.is_empty() { "no status in the HAR" } else { error };
    if cross_origin(entry) && !NO_ANSWER.iter().any(|word| error.contains(word)) {
        format!("{CORS_OR_NETWORK} ({what})")
    } else {
        format!("{NETWORK} ({what})")
    }
}

/// Why there was no answer: Chromium's words stand in the response, Firefox's and Charles's in the entry.
fn error(entry: &Value) -> &str {
    let names = ["_error", "_failureText", "_blockedReason", "_blocked", "_charlesStatus"];
    [entry.get("response"), Some(entry)]
        .into_iter()
        .flatten()
        .flat_map(|place| names.iter().filter_map(|name| place.get(name)?.as_str()))
        .find(|error| !matches!(*error, "" | "COMPLETE"))
        .unwrap_or("")
}

/// Sending the request and waiting for the head of its answer; where only the whole is told, that.
fn lasted(entry: &Value) -> Option<Duration> {
    let part = |name| entry.get("timings")?.get(name)?.as_f64().filter(|ms| *ms >= 0.0);
    let ms = part("send").zip(part("wait")).map(|(send, wait)| send + wait);
    let ms = ms.or_else(|| entry.get("time")?.as_f64()).filter(|ms| (0.0..1e9).contains(ms))?;
    Some(Duration::from_secs_f64(ms / 1000.0))
}

fn number(value: Option<&Value>) -> Option<u16> {
    let value = value?;
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    u16::try_from(number).ok()
}

/// The names (in lower case) and values of a message's fields.
fn list<'a>(entry: &'a Value, message: &str) -> impl Iterator<Item = (String, &'a str)> {
    entry
        .get(message)
        .and_then(|message| message.get("headers"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|field| {
            let name = field.get("name")?.as_str()?.to_ascii_lowercase();
            Some((name, field.get("value")?.as_str()?))
        })
        .filter(|(name, _)| !name.starts_with(':'))
}

fn fields(entry: &Value, message: &str) -> Fields {
    let mut fields = Fields { seen: Seen::All, ..Fields::default() };
    for (name, value) in list(entry, message) {
        match mask::field(&name, value) {
            Some(shown) => fields.push(&name, &shown),
            None => fields.seen = Seen::Some,
        }
    }
    fields
}

fn content(content: Option<&Value>) -> Option<Bytes> {
    let content = content?;
    let text = content.get("text")?.as_str()?;
    if text.is_empty() {
        // Some browsers write an empty text for a body they did not keep.
        return (content.get("size").and_then(Value::as_i64) == Some(0)).then(Bytes::new);
    }
    match content.get("encoding").and_then(Value::as_str) {
        Some("base64") => STANDARD.decode(text).ok().map(Bytes::from),
        _ => Some(Bytes::from(text.to_owned())),
    }
}
