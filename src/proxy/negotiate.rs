//! Content negotiation between COS's XML and problem JSON (RFC 9110, section 12.5.1).

use http::header::{ACCEPT, HeaderMap};

/// Whether the client would rather have JSON than the XML that SDKs expect: strictly, so that `*/*` keeps XML.
pub(crate) fn prefers_json(headers: &HeaderMap) -> bool {
    if !headers.contains_key(ACCEPT) {
        return false;
    }
    let json = quality(headers, "problem+json").max(quality(headers, "json"));
    json > quality(headers, "xml")
}

/// The quality, in thousandths, that Accept gives to `application/SUBTYPE`; its most specific range decides.
fn quality(headers: &HeaderMap, subtype: &str) -> u16 {
    let mut best = (0, 0);
    for range in headers.get_all(ACCEPT).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let Some((kind, name)) = parts.next().and_then(|media| media.split_once('/')) else { continue };
        let specific = if kind.eq_ignore_ascii_case("application") && name.eq_ignore_ascii_case(subtype) {
            3
        } else if kind.eq_ignore_ascii_case("application") && name == "*" {
            2
        } else if kind == "*" && name == "*" {
            1
        } else {
            continue;
        };
        let q = parts
            .filter_map(|p| p.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            .map_or(1000, |(_, value)| thousandths(value.trim()));
        if specific > best.0 {
            best = (specific, q);
        }
    }
    best.1
}

/// `0.85` as 850; what is not a quality counts as none.
fn thousandths(q: &str) -> u16 {
    match q.split_once('.').unwrap_or((q, "")) {
        ("1", rest) if rest.bytes().all(|b| b == b'0') => 1000,
        ("0", digits) if digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{digits:0<3}").parse().unwrap_or(0)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefers(accept: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().unwrap());
        prefers_json(&headers)
    }

    #[test]
    fn json_must_be_strictly_preferred() {
        assert!(prefers("application/json"));
        assert!(prefers("application/problem+json"));
        assert!(prefers("application/xml;q=0.5, application/json;q=0.501"));
        assert!(prefers("*/*;q=0.1, application/json"));
        assert!(!prefers("*/*"));
        assert!(!prefers("application/json, text/plain, */*"));
        assert!(!prefers("application/json, application/xml"));
        assert!(!prefers("application/*"));
        assert!(!prefers("application/json;q=0"));
        assert!(!prefers("text/html"));
        assert!(!prefers_json(&HeaderMap::new()));
    }
}
