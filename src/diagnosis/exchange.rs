//! What is known of one request and its answer, wherever it was read: on the wire, in a HAR, in a pasted text.
//!
//! Absent evidence is unknown, never "no": every part that an input may lack can say that it is not known.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::recent::Recent;
use super::told::Told;

/// One exchange between a client and COS, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Exchange {
    pub request: RequestEvidence,
    pub response: ResponseEvidence,
    /// What the client's program said about the failure, where that is all there is (an exception's text, a
    /// browser console's line).
    pub client_text: Option<String>,
    /// What coswhy itself changed on the way (Host or path rewritten), `None` where it was not the proxy.
    pub proxy: Option<ProxyEvidence>,
    /// From the request's beginning to its answer, by the clock of whoever watched.
    pub lasted: Option<Duration>,
    /// What the text around it says of it, where it was pasted.
    pub told: Option<Arc<Told>>,
}

/// The request, as the client sent it.
#[derive(Debug, Clone, Default)]
pub struct RequestEvidence {
    pub method: Option<String>,
    /// `http` or `https`.
    pub scheme: Option<String>,
    /// The name that the request means (Host, or the authority of its target), with the port if there was one.
    pub host: Option<String>,
    /// Path and query byte for byte as sent, `/a%20b?acl`.
    pub target: Option<String>,
    pub headers: Fields,
    /// The fields of a browser upload form (multipart/form-data), up to the file part; `None` where the body
    /// was not looked at or was not a form.
    pub form: Option<Vec<(String, String)>>,
}

/// The answer, as COS (or whoever answered) sent it.
#[derive(Debug, Clone, Default)]
pub struct ResponseEvidence {
    pub status: Option<u16>,
    pub headers: Fields,
    /// `None`: not known. `Some(empty)`: known to be empty (HEAD).
    pub body: Option<Bytes>,
}

/// What the proxy did to the request before COS saw it.
#[derive(Debug, Clone, Default)]
pub struct ProxyEvidence {
    /// The Host that was sent to COS, where it is not the client's.
    pub host_sent: Option<String>,
    /// Path and query sent to COS, where they are not the client's.
    pub target_sent: Option<String>,
    /// What became of the client's signature, where Host or path was rewritten.
    pub signing: Option<ProxySigning>,
    /// The request is a copy whose source is named by an address of the proxy's own.
    pub copies_from_own_address: bool,
    /// Whose bucket a custom domain is, by the operator's word.
    pub bucket: Option<String>,
    /// Where a custom domain's bucket is, by the operator's word.
    pub region: Option<String>,
    /// What the same caller got before.
    pub recent: Option<Recent>,
}

/// What became of the client's signature when the proxy rewrote what it may cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProxySigning {
    /// It verified with the key that coswhy holds, and the request was signed anew.
    Anew,
    /// There was none.
    NotSigned,
    /// It covers nothing of what was rewritten.
    NotCovered,
    /// coswhy does not hold its SecretId's key.
    NoKey,
    /// It is not what the key that coswhy holds gives for the request as it came.
    DoesNotVerify,
    /// Its time was over.
    Expired,
    /// It goes on through the body, chunk by chunk.
    ChunkSigned,
    /// It stands in an upload form, and covers the form's policy alone.
    Form,
    /// It is of a kind that coswhy does not make.
    Unsupported,
    /// It names no host, so that its path, of which path style was taken away, may mean a key of any bucket.
    HostNotSigned,
    /// It verifies for the name without its port, and the name's other ports stand for other buckets.
    PortNotSigned,
    /// It may have been made for a bucket that has this name in the world outside: only `*` maps it here.
    NameNotMapped,
    /// There are two, or parts of it twice: which of them holds is not coswhy's to choose.
    Ambiguous,
}

impl ProxySigning {
    pub const ALL: [Self; 13] = [
        Self::Anew,
        Self::NotSigned,
        Self::NotCovered,
        Self::NoKey,
        Self::DoesNotVerify,
        Self::Expired,
        Self::ChunkSigned,
        Self::Form,
        Self::Unsupported,
        Self::HostNotSigned,
        Self::PortNotSigned,
        Self::NameNotMapped,
        Self::Ambiguous,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anew => "anew",
            Self::NotSigned => "not-signed",
            Self::NotCovered => "not-covered",
            Self::NoKey => "no-key",
            Self::DoesNotVerify => "does-not-verify",
            Self::Expired => "expired",
            Self::ChunkSigned => "chunk-signed",
            Self::Form => "form",
            Self::Unsupported => "unsupported",
            Self::HostNotSigned => "host-not-signed",
            Self::PortNotSigned => "port-not-signed",
            Self::NameNotMapped => "name-not-mapped",
            Self::Ambiguous => "ambiguous",
        }
    }
}

/// Header fields, and how much of them the input shows.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    pub map: HeaderMap,
    pub seen: Seen,
}

/// How much of a message's header fields the input shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seen {
    /// Every field that was sent.
    All,
    /// All but credentials: browsers strip Authorization and Cookie from a HAR.
    AllButCredentials,
    /// Those listed were sent; others may have been.
    #[default]
    Some,
}

/// One field, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<'a> {
    Present(&'a HeaderValue),
    Absent,
    Unknown,
}

impl Fields {
    #[must_use]
    pub fn all(map: HeaderMap) -> Self {
        Self { map, seen: Seen::All }
    }

    /// The first value of `name`; absent only where the input would show it.
    #[must_use]
    pub fn get(&self, name: &str) -> Field<'_> {
        match self.map.get(name) {
            Some(value) => Field::Present(value),
            None => self.missing(name),
        }
    }

    /// The bytes that they take, roughly.
    pub(crate) fn weight(&self) -> usize {
        /// What a map needs for a field, beside name and value.
        const EACH: usize = 112;
        self.map.iter().map(|(name, value)| EACH + name.as_str().len() + value.len()).sum()
    }

    fn missing(&self, name: &str) -> Field<'_> {
        match self.seen {
            Seen::All => Field::Absent,
            Seen::AllButCredentials if is_credential(name) => Field::Unknown,
            Seen::AllButCredentials => Field::Absent,
            Seen::Some => Field::Unknown,
        }
    }

    /// Adds a field if its name and value are legal, and there is room: a map holds some 24,000. Anything else that a
    /// pasted text holds is left out, and then it is not every field that is shown.
    pub fn push(&mut self, name: &str, value: &str) {
        let legal = HeaderName::try_from(name).ok().zip(HeaderValue::from_bytes(value.as_bytes()).ok());
        let added = legal.is_some_and(|(name, value)| self.map.try_append(name, value).is_ok());
        if !added {
            self.seen = Seen::Some;
        }
    }
}

impl<'a> Field<'a> {
    /// The value as text, where it is present and is text.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        match self {
            Self::Present(value) => std::str::from_utf8(value.as_bytes()).ok(),
            Self::Absent | Self::Unknown => None,
        }
    }
}

fn is_credential(name: &str) -> bool {
    ["authorization", "cookie", "set-cookie", "proxy-authorization"]
        .iter()
        .any(|c| name.eq_ignore_ascii_case(c))
}
