//! The percent-encoders that clients use where the algorithms ask for RFC 3986's unreserved characters.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// Letters, digits and `-_.~` stay.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// Python's `quote`, and paths.
const SLASHED: &AsciiSet = &STRICT.remove(b'/');
/// JavaScript's `encodeURIComponent`.
const COMPONENT: &AsciiSet = &STRICT.remove(b'!').remove(b'\'').remove(b'(').remove(b')').remove(b'*');
/// JavaScript's `encodeURI`.
const URI: &AsciiSet = &COMPONENT
    .remove(b';')
    .remove(b',')
    .remove(b'/')
    .remove(b'?')
    .remove(b':')
    .remove(b'@')
    .remove(b'&')
    .remove(b'=')
    .remove(b'+')
    .remove(b'$')
    .remove(b'#');
/// Java's `URLEncoder` and HTML forms, a space aside.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*');

pub(super) type Encoder = fn(&[u8]) -> Vec<u8>;

pub(super) fn strict(text: &[u8]) -> Vec<u8> {
    percent_encode(text, STRICT).to_string().into_bytes()
}

pub(super) fn slashed(text: &[u8]) -> Vec<u8> {
    percent_encode(text, SLASHED).to_string().into_bytes()
}

pub(super) fn uri(text: &[u8]) -> Vec<u8> {
    percent_encode(text, URI).to_string().into_bytes()
}

fn component(text: &[u8]) -> Vec<u8> {
    percent_encode(text, COMPONENT).to_string().into_bytes()
}

/// A space becomes `+`.
pub(super) fn form(text: &[u8]) -> Vec<u8> {
    let encoded = percent_encode(text, FORM).to_string();
    encoded.replace("%20", "+").into_bytes()
}

fn unencoded(text: &[u8]) -> Vec<u8> {
    text.to_vec()
}

fn twice(text: &[u8]) -> Vec<u8> {
    strict(&strict(text))
}

pub(super) fn lower(text: &[u8]) -> Vec<u8> {
    with_lower_escapes(strict(text))
}

/// All that are not the algorithms' own, likeliest first.
pub(super) const OTHERS: [Encoder; 8] =
    [unencoded, slashed, component, form, lower, uri, twice, slashed_lower];

fn slashed_lower(text: &[u8]) -> Vec<u8> {
    with_lower_escapes(slashed(text))
}

/// `%2F` as `%2f`.
pub(super) fn with_lower_escapes(mut encoded: Vec<u8>) -> Vec<u8> {
    let mut escape = 0;
    for byte in &mut encoded {
        if *byte == b'%' {
            escape = 2;
        } else if escape > 0 {
            escape -= 1;
            byte.make_ascii_lowercase();
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoder_does_as_its_library() {
        let text = "a/b c*~+é".as_bytes();
        let said = |encoder: Encoder| String::from_utf8(encoder(text)).unwrap();
        assert_eq!(said(strict), "a%2Fb%20c%2A~%2B%C3%A9");
        assert_eq!(said(slashed), "a/b%20c%2A~%2B%C3%A9");
        assert_eq!(said(component), "a%2Fb%20c*~%2B%C3%A9");
        assert_eq!(said(uri), "a/b%20c*~+%C3%A9");
        assert_eq!(said(form), "a%2Fb+c*%7E%2B%C3%A9");
        assert_eq!(said(lower), "a%2fb%20c%2a~%2b%c3%a9");
    }
}
