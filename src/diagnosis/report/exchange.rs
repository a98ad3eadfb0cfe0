//! The exchange itself, for people: both heads and the beginning of the answer's body, without their secrets.

use serde::Serialize;

use crate::cos::redact;
use crate::diagnosis::exchange::Fields;
use crate::diagnosis::facts::Facts;

/// Null: not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    pub method: Option<String>,
    /// Path and query, as sent.
    pub target: Option<String>,
    /// Between the client and coswhy.
    pub version: Option<&'static str>,
    /// Names in lower case, as HTTP/2 has them.
    pub headers: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Response {
    pub status: Option<u16>,
    pub headers: Vec<(String, String)>,
    /// Null: not known, as where it is compressed.
    pub body: Option<String>,
    /// There is more of it.
    pub body_truncated: bool,
}

impl Request {
    pub(crate) fn new(facts: &Facts, version: Option<&'static str>) -> Self {
        let request = &facts.request;
        let target = request.path.as_ref().map(|path| match request.query.as_deref() {
            None | Some("") => path.clone(),
            Some(query) => format!("{path}?{query}"),
        });
        Self {
            method: request.method.as_deref().map(|method| redact::text(method).into_owned()),
            target: target.map(|target| redact::target(&target).into_owned()),
            version,
            headers: shown(&request.headers),
        }
    }
}

impl Response {
    pub(crate) fn new(facts: &Facts, body: Option<&[u8]>, truncated: bool) -> Self {
        Self {
            status: facts.response.status,
            headers: shown(&facts.response.headers),
            body: body.map(|body| text(body, truncated)),
            body_truncated: truncated,
        }
    }
}

fn shown(fields: &Fields) -> Vec<(String, String)> {
    let shown = |name: &str, value: &[u8]| (name.to_owned(), redact::header_value(name, value).into_owned());
    fields.map.iter().map(|(name, value)| shown(name.as_str(), value.as_bytes())).collect()
}

/// A word that is cut off may be a secret that does not look like one any more: it goes.
fn text(body: &[u8], truncated: bool) -> String {
    let text = String::from_utf8_lossy(body);
    let ends_word = |letter: char| letter.is_whitespace() || "<>&\"',".contains(letter);
    let whole = if truncated { text.rfind(ends_word).unwrap_or(0) } else { text.len() };
    redact::text(text.get(..whole).unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::{Exchange, RequestEvidence, ResponseEvidence};

    #[test]
    fn a_cut_body_ends_with_a_whole_word() {
        assert_eq!(text(b"<Error><Code>x</Code> AKIDz8krbsJ5yKBZQ", true), "<Error><Code>x</Code>");
        assert_eq!(text(b"AKIDz8krbsJ5yKBZQ", true), "");
        assert_eq!(text(b"a b", false), "a b");
    }

    #[test]
    fn secrets_are_in_no_part_of_it() {
        let mut headers = Fields::all(http::HeaderMap::new());
        headers.push("cookie", "s3cret");
        headers.push("x-cos-security-token", "s3cret");
        let exchange = Exchange {
            request: RequestEvidence {
                method: Some("GET".to_owned()),
                target: Some("/k?q-signature=s3cret&x=1".to_owned()),
                headers: headers.clone(),
                ..RequestEvidence::default()
            },
            response: ResponseEvidence { headers, ..ResponseEvidence::default() },
            ..Exchange::default()
        };
        let facts = Facts::of(&exchange);
        let request = Request::new(&facts, Some("HTTP/1.1"));
        let response = Response::new(&facts, Some(b"<SecurityToken>s3cret</SecurityToken>"), false);
        let shown = format!("{request:?} {response:?}");
        assert!(!shown.contains("s3cret"), "{shown}");
        assert_eq!(request.target.as_deref(), Some("/k?q-signature=REDACTED&x=1"));
        assert_eq!(request.headers.len(), 2);
    }
}
