//! RequestIds by their shape: base64 of four hexadecimal numbers joined by `_`.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use regex::Regex;

use super::pattern::pattern;

/// The first number is the time, whose first hexadecimal digit is 5 or more since 2012: base64 begins with `N`.
static ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"N[A-Za-z0-9+/]{27,63}={0,2}"));

/// Whether `id` is a RequestId of COS.
pub(super) fn is_cos(id: &str) -> bool {
    let Ok(decoded) = STANDARD_NO_PAD.decode(id.trim_end_matches('=')) else {
        return false;
    };
    let Ok(text) = std::str::from_utf8(&decoded) else {
        return false;
    };
    text.split('_').count() == 4
        && text.split('_').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The RequestIds in `text` with their places.
pub(super) fn find(text: &str) -> impl Iterator<Item = (usize, &str)> {
    ID.find_iter(text).map(|found| (found.start(), found.as_str())).filter(|(_, id)| is_cos(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_known_by_its_shape() {
        assert!(is_cos("NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY="));
        assert!(!is_cos("4Y39NMW1KSBQFJ9P"));
        let found: Vec<_> = find("requestId: NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=，请帮忙").collect();
        assert_eq!(found, [(11, "NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=")]);
    }
}
