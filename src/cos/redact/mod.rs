//! Takes the secrets out of whatever is about to be shown: signatures, security tokens, SSE-C keys, cookies and
//! secret keys go, SecretIds keep their first 8 and last 4 characters.
//!
//! Every output passes through here (log, explanation, page), so this is the one place that knows what a secret
//! looks like. It prefers taking too much over leaving one: names are found in any case, percent-encoded to any
//! depth that clients produce, in targets, headers, XML, JSON and form dumps alike. An innocent text is handed
//! back as it is, without a copy.

mod ends;
mod find;
mod layers;
mod look;

use std::borrow::Cow;

use find::Place;

/// What stands where a secret was.
pub const REDACTED: &str = "REDACTED";

/// A SecretId with its first 8 and last 4 characters, `AKIDabcd…wxyz`; of one with 12 or fewer nothing is left.
///
/// An id that does not begin like one (COS's begin with `AKID`, other clouds' with `AK`) may be a SecretKey that
/// somebody put in its place: only its first 4 characters are shown.
#[must_use]
pub fn secret_id(id: &str) -> String {
    let length = id.chars().count();
    if length <= 12 {
        return "…".to_owned();
    }
    let head = |n: usize| id.chars().take(n);
    if id.starts_with("AK") {
        head(8).chain(std::iter::once('…')).chain(id.chars().skip(length - 4)).collect()
    } else {
        head(4).chain(std::iter::once('…')).collect()
    }
}

/// A request target or URL without its secrets.
#[must_use]
pub fn target(target: &str) -> Cow<'_, str> {
    if look::is_plain_target(target) { Cow::Borrowed(target) } else { redacted(target, Place::Target) }
}

/// Free text without its secrets: bodies, messages, header dumps, console lines.
#[must_use]
pub fn text(text: &str) -> Cow<'_, str> {
    if look::is_innocent(text.as_bytes()) { Cow::Borrowed(text) } else { redacted(text, Place::Text) }
}

/// One header field's value without its secrets.
#[must_use]
pub fn header_value<'a, V: AsRef<[u8]> + ?Sized>(name: &str, value: &'a V) -> Cow<'a, str> {
    let value = String::from_utf8_lossy(value.as_ref());
    let name = name.to_ascii_lowercase();
    let hidden = match name.as_str() {
        // the parts of a known scheme are shown, save those that are secret
        "authorization" | "proxy-authorization" => !find::is_known_scheme(value.as_bytes()),
        "cookie" | "set-cookie" => true,
        // Of a customer key its MD5 too: it tells one key from another.
        _ => {
            name.ends_with("token")
                || ["customer-key", "api-key", "apikey", "password", "secret"]
                    .iter()
                    .any(|part| name.contains(part))
        }
    };
    if hidden {
        return Cow::Borrowed(REDACTED);
    }
    match value {
        Cow::Borrowed(value) => text(value),
        Cow::Owned(value) => Cow::Owned(text(&value).into_owned()),
    }
}

fn redacted(raw: &str, place: Place) -> Cow<'_, str> {
    let spans = find::spans(&layers::decode(raw), place);
    if spans.is_empty() {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut done = 0;
    for span in &spans {
        out.push_str(raw.get(done..span.start).unwrap_or_default());
        match &span.shown {
            Some(masked) => out.push_str(masked),
            None => out.push_str(REDACTED),
        }
        done = span.end;
    }
    out.push_str(raw.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
    const MASKED: &str = "AKIDz8kr…MPLE";

    #[test]
    fn a_secret_id_keeps_eight_and_four() {
        assert_eq!(secret_id(ID), MASKED);
        assert_eq!(secret_id("AKIDabcdefgh"), "…");
        assert_eq!(secret_id(""), "…");
        assert_eq!(secret_id("BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz"), "BQYI…");
    }

    #[test]
    fn innocent_text_is_not_copied() {
        for t in [
            "/a/b.txt",
            "/?prefix=a%2Fb&delimiter=/",
            "/%E4%B8%AD%20x?acl",
            "/a?response-content-type=text%2Fplain",
        ] {
            assert!(matches!(target(t), Cow::Borrowed(_)), "{t}");
        }
        assert!(matches!(text("<Error><Code>NoSuchKey</Code></Error>"), Cow::Borrowed(_)));
    }

    #[test]
    fn targets_lose_signatures_and_tokens() {
        for (raw, want) in [
            (
                "/k?q-ak=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&q-signature=abc&x=1",
                "/k?q-ak=AKIDz8kr…MPLE&q-signature=REDACTED&x=1",
            ),
            ("/k?Q%2dSignature=abc", "/k?Q%2dSignature=REDACTED"),
            ("/k?sign=q-sign-algorithm%3Dsha1%26q-signature%3Dabc&t=1", "/k?sign=REDACTED&t=1"),
            (
                "/k?password=a&passwd=b&ticket=c&api_key=d&x=1",
                "/k?password=REDACTED&passwd=REDACTED&ticket=REDACTED&api_key=REDACTED&x=1",
            ),
            ("/k?u=http://user:pass@h/", "/k?u=http://REDACTED@h/"),
            ("/k?u=http%3A%2F%2Fuser%3Apass%40h%2Fp", "/k?u=http%3A%2F%2FREDACTED%40h%2Fp"),
            ("/http://user:pass@h/p@q", "/http://REDACTED@h/p@q"),
            ("/a@b/c?d=e@f", "/a@b/c?d=e@f"),
            ("/k%3Fq-signature%3Dabc%26t%3D1", "/k%3Fq-signature%3DREDACTED%26t%3D1"),
            ("/k?x-cos-security-token=a%26b%3D+c", "/k?x-cos-security-token=REDACTED"),
            (
                "/k?url=http%253A%252F%252Fb%253Fsign%253Dabc%2526t%253D1",
                "/k?url=http%253A%252F%252Fb%253Fsign%253DREDACTED%2526t%253D1",
            ),
            ("/?continuation-token=abc", "/?continuation-token=abc"),
            ("/design=1?resign=2", "/design=1?resign=2"),
        ] {
            assert_eq!(target(raw), want, "{raw}");
        }
    }

    #[test]
    fn texts_lose_secrets_in_every_notation() {
        for (raw, want) in [
            (
                "<Message>id AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE</Message>",
                "<Message>id AKIDz8kr…MPLE</Message>",
            ),
            ("<SecurityToken>abc/def=</SecurityToken>", "<SecurityToken>REDACTED</SecurityToken>"),
            (
                "get\n/k\nx-cos-security-token=a%2Bb\nhost=h\n",
                "get\n/k\nx-cos-security-token=REDACTED\nhost=h\n",
            ),
            ("a=1&amp;x-cos-security-token=t&amp;z=2", "a=1&amp;x-cos-security-token=REDACTED&amp;z=2"),
            ("> Cookie: a=b; c=d\r\n> Host: h", "> Cookie: REDACTED\r\n> Host: h"),
            (r#"{"cookie":"a=\"b\"","host":"h"}"#, r#"{"cookie":"REDACTED","host":"h"}"#),
            (
                r#"{"name":"x-cos-security-token","value":"abc"}"#,
                r#"{"name":"x-cos-security-token","value":"REDACTED"}"#,
            ),
            ("-H 'Authorization: Bearer abc' -v", "-H 'Authorization: REDACTED' -v"),
            (
                "Authorization: AWS AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE:c2ln=",
                "Authorization: AWS AKIDz8kr…MPLE:REDACTED",
            ),
            ("name=\"q-signature\"\r\n\r\nabc\r\n--x", "name=\"q-signature\"\r\n\r\nREDACTED\r\n--x"),
            (
                "x-cos-server-side-encryption-customer-key: MDEy=",
                "x-cos-server-side-encryption-customer-key: REDACTED",
            ),
            ("The Signature you specified is invalid.", "The Signature you specified is invalid."),
        ] {
            assert_eq!(text(raw), want, "{raw}");
        }
    }

    #[test]
    fn header_values_show_the_harmless_parts() {
        let v4 = "AWS4-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/20190516/r/s3/aws4_request, SignedHeaders=host, Signature=81826d1a";
        assert_eq!(
            header_value("Authorization", v4),
            format!(
                "AWS4-HMAC-SHA256 Credential={MASKED}/20190516/r/s3/aws4_request, SignedHeaders=host, Signature=REDACTED"
            )
        );
        assert_eq!(header_value("authorization", "Basic dTpw"), REDACTED);
        assert_eq!(header_value("X-Cos-Security-Token", "x"), REDACTED);
        assert_eq!(header_value("referer", "https://h/?sign=abc"), "https://h/?sign=REDACTED");
        assert_eq!(header_value("referer", "http://user:pass@h/"), "http://REDACTED@h/");
        for name in ["X-Api-Key", "x-auth-token", "x-vault-token", "x-app-secret"] {
            assert_eq!(header_value(name, "x"), REDACTED);
        }
        assert_eq!(header_value("host", "h"), "h");
    }
}
