//! Which header fields travel on: all but the hop-by-hop ones (RFC 9110, section 7.6.1).

use http::header::{
    CONNECTION, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHORIZATION, TE,
    TRANSFER_ENCODING, UPGRADE,
};

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

/// The names that a message's Connection field declares as hop-by-hop, in lower case.
///
/// `close` and `keep-alive` are what nearly every message has; they need no list.
fn named_by_connection(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(CONNECTION)
        .iter()
        .flat_map(|value| value.as_bytes().split(|b| *b == b','))
        .map(<[u8]>::trim_ascii)
        .filter(|name| !name.eq_ignore_ascii_case(b"close") && !name.eq_ignore_ascii_case(b"keep-alive"))
        .map(|name| String::from_utf8_lossy(name).to_ascii_lowercase())
        .collect()
}

/// Whether `name` belongs to this hop alone. Transfer-Encoding is kept: hyper frames the next hop by it, and
/// chunked stays chunked.
fn is_hop_by_hop(name: &HeaderName, named: &[String]) -> bool {
    if *name == CONNECTION
        || *name == KEEP_ALIVE
        || *name == UPGRADE
        || *name == TE
        || *name == PROXY_AUTHORIZATION
        || *name == PROXY_CONNECTION
    {
        return true;
    }
    if named.is_empty() || *name == TRANSFER_ENCODING || is_end_to_end(name) {
        return false;
    }
    named.iter().any(|n| n == name.as_str())
}

/// Fields that a request's meaning or framing hangs on: Connection cannot make them vanish on the way.
fn is_end_to_end(name: &HeaderName) -> bool {
    use http::header::{AUTHORIZATION, DATE, EXPECT, HOST};
    [HOST, CONTENT_LENGTH, AUTHORIZATION, DATE, EXPECT].contains(name)
}

/// Whether a TE field names `trailers`, alone or among codings that this proxy does not undo.
fn takes_trailers(te: &HeaderValue) -> bool {
    te.as_bytes().split(|b| *b == b',').any(|coding| coding.trim_ascii().eq_ignore_ascii_case(b"trailers"))
}

/// Whether a message's framing can be read in one way only: no transfer coding, or chunked and nothing else.
pub(crate) fn has_one_framing(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let Some(coding) = codings.next() else { return true };
    coding.as_bytes().eq_ignore_ascii_case(b"chunked") && codings.next().is_none()
}

/// The fields of a request that go to the upstream, in their order, with `host` in Host's place.
pub(crate) fn outgoing(headers: &HeaderMap, host: &HeaderValue) -> HeaderMap {
    use http::header::HOST;
    let named = if headers.contains_key(CONNECTION) { named_by_connection(headers) } else { Vec::new() };
    let mut out = HeaderMap::with_capacity(headers.len() + 1);
    let mut has_host = false;
    if headers.get_all(TE).iter().any(takes_trailers) {
        out.insert(TE, HeaderValue::from_static("trailers"));
    }
    for (name, value) in headers {
        if *name == HOST {
            has_host = true;
            out.append(HOST, host.clone());
        } else if !is_hop_by_hop(name, &named) {
            out.append(name.clone(), value.clone());
        }
    }
    if !has_host {
        out.insert(HOST, host.clone());
    }
    out
}

/// Takes the hop-by-hop fields out of an answer, and an upstream's own diagnosis.
pub(crate) fn strip_answer(headers: &mut HeaderMap, diagnosis: &HeaderName) {
    let named = if headers.contains_key(CONNECTION) { named_by_connection(headers) } else { Vec::new() };
    let chunked = headers.contains_key(TRANSFER_ENCODING);
    // Transfer-Encoding overrides Content-Length (RFC 9112, section 6.3), and only one of them may go on.
    let drop = |name: &HeaderName| {
        name == diagnosis || (chunked && name == CONTENT_LENGTH) || is_hop_by_hop(name, &named)
    };
    if headers.keys().any(drop) {
        let mut kept = HeaderMap::with_capacity(headers.len());
        for (name, value) in headers.iter().filter(|(name, _)| !drop(name)) {
            kept.append(name.clone(), value.clone());
        }
        *headers = kept;
    }
}
