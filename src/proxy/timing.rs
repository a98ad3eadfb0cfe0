//! `Server-Timing` (<https://www.w3.org/TR/server-timing/>): how much of an answer's time was COS's and how much this
//! proxy's, where a browser's developer tools show it.
//!
//! A field of its own beside the upstream's: what that says stays. `Timing-Allow-Origin` is the upstream's to decide:
//! without it a page of another origin does not see the times, though the developer tools do.

use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::ticket::Ticket;
use crate::observe::log::push_millis;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
/// Both metrics with times of some hours.
const USUAL: usize = 80;

/// Adds the time until now, in milliseconds: `cos` from sending the request to the head of COS's answer (absent where
/// there was none), `coswhy` all the rest.
pub(super) fn add(headers: &mut HeaderMap, ticket: &Ticket) {
    let upstream = ticket.record.upstream;
    let own = ticket.elapsed().saturating_sub(upstream.unwrap_or_default());
    let mut text = Vec::with_capacity(USUAL);
    if let Some(upstream) = upstream {
        text.extend_from_slice(b"cos;desc=\"COS\";dur=");
        push_millis(&mut text, upstream);
        text.extend_from_slice(b", ");
    }
    text.extend_from_slice(b"coswhy;desc=\"coswhy\";dur=");
    push_millis(&mut text, own);
    if let Ok(value) = HeaderValue::from_maybe_shared(bytes::Bytes::from(text)) {
        headers.append(SERVER_TIMING, value);
    }
}
