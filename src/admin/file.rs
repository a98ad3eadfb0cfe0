//! What is in the binary and served as it is, with an ETag, so that a browser need not take it twice.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use sha2::{Digest, Sha256};

use super::answer::{self, Answer};

/// One file, ready to be sent.
#[derive(Debug)]
pub(super) struct File {
    content_type: &'static str,
    text: Bytes,
    tag: Option<HeaderValue>,
}

impl File {
    pub(super) fn new(content_type: &'static str, text: impl Into<Bytes>) -> Self {
        let text = text.into();
        let digest = Sha256::digest(&text);
        let hash = digest.iter().take(8).fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
        Self { content_type, text, tag: HeaderValue::from_str(&format!("\"{hash}\"")).ok() }
    }

    /// The file, or that the one which the browser has is still the same.
    pub(super) fn answer(&self, headers: &HeaderMap) -> Answer {
        let known = self.tag.is_some() && headers.get(IF_NONE_MATCH) == self.tag.as_ref();
        let mut answer = match known {
            true => answer::respond(StatusCode::NOT_MODIFIED, self.content_type, answer::whole(Bytes::new())),
            false => answer::respond(StatusCode::OK, self.content_type, answer::whole(self.text.clone())),
        };
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if let Some(tag) = &self.tag {
            answer.headers_mut().insert(ETAG, tag.clone());
        }
        answer
    }
}
