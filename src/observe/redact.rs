//! Stands in for `cos::redact` until that is there.

use std::borrow::Cow;

pub(super) fn target(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

pub(super) fn text(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
