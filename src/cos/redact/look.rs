//! The first look: is there anything at all that could be a secret? Most targets and texts have nothing.

/// What begins the name of a secret or of an id, in lower case, by its first letter.
const fn stems(first: u8) -> &'static [&'static [u8]] {
    match first {
        b'a' => &[
            b"akid",
            b"aws",
            b"authoriz",
            b"accesskey",
            b"auth_key",
            b"access_token",
            b"auth-token",
            b"auth_token",
            b"api-key",
            b"api_key",
            b"apikey",
        ],
        b'c' => &[b"cookie", b"credential", b"customer-key"],
        b'p' => &[b"policy", b"passw"],
        b'q' => &[b"q-ak"],
        b's' => &[b"sign", b"secret", b"security", b"session"],
        b't' => &[b"token", b"ticket"],
        _ => &[],
    }
}

/// True where a target can hold no secret.
pub(super) fn is_plain_target(target: &str) -> bool {
    is_bare(target.as_bytes()) || is_innocent(target.as_bytes())
}

/// True where nothing can be a value and no SecretId stands by itself: a secret in a target follows an equals
/// sign, possibly an encoded one. Those at the very end (base64's padding) have nothing behind them. The log asks
/// this of every field of every request, hence the one pass without an early end, which vectorises.
fn is_bare(bytes: &[u8]) -> bool {
    let end = bytes.iter().rposition(|b| *b != b'=').map_or(0, |last| last + 1);
    let inner = bytes.get(..end).unwrap_or_default();
    let suspicious = inner
        .iter()
        .fold(false, |found, b| found | (*b == b'=') | (*b == b'%') | (*b == b'K') | (*b == b'@'));
    !suspicious
        || (memchr::memchr3(b'=', b'%', b'@', inner).is_none()
            && memchr::memmem::find(inner, b"AKID").is_none())
}

/// True where no name of a secret occurs, nor letters encoded that could spell one.
pub(super) fn is_innocent(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        let suspicious = match first | 0x20 {
            // `%` with its sixth bit set is itself
            b'%' => encodes_a_name(tail),
            // With its sixth bit set an `@` is this: a password may stand before it.
            b'`' => true,
            letter => stems(letter).iter().any(|stem| begins(rest, stem)),
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

/// Escapes of letters, digits, hyphen, underscore and of the percent sign itself, which nobody needs to write, and of `@`.
fn encodes_a_name(after_percent: &[u8]) -> bool {
    let [high, low, ..] = after_percent else { return false };
    matches!(
        (high, low.to_ascii_lowercase()),
        (b'2', b'5' | b'd') | (b'3', b'0'..=b'9') | (b'4', b'0') | (b'4' | b'6', b'1'..=b'9' | b'a'..=b'f')
            | (b'5' | b'7', b'0'..=b'9' | b'a') | (b'5', b'f')
    )
}
