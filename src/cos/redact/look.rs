//! The first look: is there anything at all that could be a secret? Most targets and texts have nothing.

/// What begins the name of a secret or of an id, in lower case.
const STEMS: [&[u8]; 12] = [
    b"sign",
    b"token",
    b"security",
    b"session",
    b"customer-key",
    b"secret",
    b"cookie",
    b"authoriz",
    b"q-ak",
    b"credential",
    b"accesskey",
    b"policy",
];

/// True where a target can hold no secret.
pub(super) fn is_plain_target(target: &str) -> bool {
    let bytes = target.as_bytes();
    // a secret in a target follows an equals sign, possibly an encoded one
    let bare = memchr::memchr2(b'=', b'%', bytes).is_none() && memchr::memmem::find(bytes, b"AKID").is_none();
    bare || is_innocent(bytes)
}

/// True where no name of a secret occurs, nor letters encoded that could spell one.
pub(super) fn is_innocent(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        let suspicious = match first | 0x20 {
            b'a' => {
                begins(rest, b"akid")
                    || begins(rest, b"aws")
                    || begins(rest, b"authoriz")
                    || begins(rest, b"accesskey")
                    || begins(rest, b"auth_key")
                    || begins(rest, b"access_token")
            }
            b's' | b't' | b'c' | b'q' | b'p' => STEMS.iter().any(|stem| begins(rest, stem)),
            // `%` with its sixth bit set is itself
            b'%' => encodes_a_name(tail),
            _ => false,
        };
        if suspicious {
            return false;
        }
        rest = tail;
    }
    true
}

fn begins(text: &[u8], stem: &[u8]) -> bool {
    text.get(..stem.len()).is_some_and(|start| start.eq_ignore_ascii_case(stem))
}

/// Escapes of letters, digits, hyphen, underscore and of the percent sign itself: nobody needs to write those.
fn encodes_a_name(after_percent: &[u8]) -> bool {
    let [high, low, ..] = after_percent else { return false };
    matches!(
        (high, low.to_ascii_lowercase()),
        (b'2', b'5' | b'd') | (b'3', b'0'..=b'9') | (b'4' | b'6', b'1'..=b'9' | b'a'..=b'f')
            | (b'5' | b'7', b'0'..=b'9' | b'a') | (b'5', b'f')
    )
}
