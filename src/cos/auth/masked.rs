//! Credentials out of a log or a paste, of which parts were masked: what is masked is neither there nor missing.

use super::{Auth, Problem, Scheme};
use crate::cos::redact::REDACTED;

/// An Authorization value of which nothing is known but who signed.
#[must_use]
pub fn signed_by(id: &str) -> String {
    format!("{REDACTED} {id}")
}

impl Auth {
    /// The same without what is only a mask; `authorization` is the header it was read from, if it was.
    #[must_use]
    pub fn without_masks(mut self, authorization: Option<&[u8]>) -> Self {
        if self.scheme == Scheme::Unknown
            && let Some(rest) = authorization.and_then(|value| value.strip_prefix(REDACTED.as_bytes()))
        {
            self.scheme = Scheme::Masked;
            let id = String::from_utf8_lossy(rest).trim().to_owned();
            self.secret_id = Some(id).filter(|id| !id.is_empty());
        }
        for part in [&mut self.secret_id, &mut self.signature] {
            if part.as_deref() == Some(REDACTED) {
                *part = None;
            }
        }
        let times = [(&mut self.sign_time_text, "q-sign-time"), (&mut self.key_time_text, "q-key-time")];
        for (text, name) in times {
            if text == REDACTED {
                text.clear();
                self.problems.retain(|problem| *problem != Problem::BadTime(name));
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn read(value: &str) -> Auth {
        Auth::from_header(value, &HeaderMap::new()).without_masks(Some(value.as_bytes()))
    }

    #[test]
    fn masked_parts_are_neither_there_nor_wrong() {
        let auth = read(
            "q-sign-algorithm=sha1&q-ak=REDACTED&q-sign-time=REDACTED&q-key-time=1;2&q-header-list=host\
             &q-url-param-list=&q-signature=REDACTED",
        );
        assert_eq!((auth.secret_id.as_ref(), auth.signature.as_ref(), auth.sign_time), (None, None, None));
        assert!(auth.is_signed() && !auth.is_malformed());
        assert_eq!(auth.key_time, Some((1, 2)));
    }

    #[test]
    fn what_is_masked_as_a_whole_was_sent() {
        let auth = read("REDACTED");
        assert!(auth.is_signed() && !auth.is_malformed());
        assert_eq!(auth.scheme, Scheme::Masked);
        assert_eq!(read("XXXX").scheme, Scheme::Unknown);
        assert_eq!(read(&signed_by("AKIDx")).secret_id.as_deref(), Some("AKIDx"));
    }
}
