//! Secrets planted in every place and spelling are gone from every output.

use coswhy::cos::redact;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

const ID: &str = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";

fn encoded(text: &str, times: usize) -> String {
    (0..times).fold(text.to_owned(), |text, _| utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string())
}

/// The letter case of a name, chosen bit by bit.
fn cased(name: &str, bits: u32) -> String {
    let upper = |i: usize| bits >> (i % 32) & 1 == 1;
    name.chars().enumerate().map(|(i, c)| if upper(i) { c.to_ascii_uppercase() } else { c }).collect()
}

/// Some characters of a name written as escapes.
fn speckled(name: &str, bits: u32) -> String {
    let escape = |i: usize| bits >> (i % 32) & 1 == 1;
    name.bytes()
        .enumerate()
        .map(|(i, b)| if escape(i) { format!("%{b:02x}") } else { char::from(b).to_string() })
        .collect()
}

/// No output may hold the secret, nor any third of it, however it is decoded.
fn assert_gone(shown: &str, secret: &str, raw: &str) {
    let mut seen = shown.to_owned();
    for _ in 0..6 {
        for from in [0, secret.len() / 3, secret.len() / 3 * 2] {
            let piece = &secret[from..from + secret.len() / 3];
            assert!(!seen.contains(piece), "{piece} of {secret} is left\n in {shown}\n of {raw}");
        }
        seen = percent_encoding::percent_decode_str(&seen).decode_utf8_lossy().into_owned();
    }
}

const NAMES: [&str; 14] = [
    "q-signature",
    "x-cos-security-token",
    "x-amz-security-token",
    "X-Amz-Signature",
    "Signature",
    "sign",
    "x-cos-server-side-encryption-customer-key",
    "x-amz-server-side-encryption-customer-key",
    "x-cos-copy-source-server-side-encryption-customer-key",
    "SecretKey",
    "sessionToken",
    "token",
    "aws_secret_access_key",
    "x-amz-copy-source-server-side-encryption-customer-key",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn parameters_of_a_target(
        name in prop::sample::select(&NAMES[..]), secret in "[A-Za-z0-9+/=_-]{24,60}", case in any::<u32>(),
        speckles in any::<u32>(), depth in 0_usize..4, value_depth in 0_usize..3, key in "[ -~中]{0,12}",
    ) {
        let name = speckled(&cased(name, case), if depth == 0 { speckles } else { 0 });
        let pair = encoded(&format!("a=1&{name}={}&b=2", encoded(&secret, value_depth)), depth);
        for raw in [
            format!("/{}?{pair}", encoded(&key, 1)),
            format!("/{}%3F{pair}", encoded(&key, 1)),
            format!("https://b-1250000000.cos.ap-x.myqcloud.com/k?x={}&y", encoded(&format!("http://h/?{pair}"), 1)),
            format!("/?sign={}&z=1", encoded(&format!("q-sign-algorithm=sha1&q-signature={secret}"), depth)),
        ] {
            assert_gone(&redact::target(&raw), &secret, &raw);
            assert_gone(&redact::text(&raw), &secret, &raw);
            assert_gone(&redact::header_value("referer", &raw), &secret, &raw);
        }
    }

    /// Names inside values: one value may end before or behind the other's end.
    #[test]
    fn secrets_inside_the_values_of_others(
        outer in prop::sample::select(&NAMES[..]), inner in prop::sample::select(&NAMES[..]),
        secret in "[A-Za-z0-9+/_-]{24,60}", second in "[A-Za-z0-9+/_-]{24,60}", again in 0_usize..20,
        between in "[;.,a-z]{0,5}[;.,]",
    ) {
        let more = format!("{outer}={between}").repeat(again);
        for raw in [
            format!("/?{more}{outer}={secret}{between}{inner}={second}&x=1"),
            format!("/?{more}{outer}={between}{inner}=\"{secret}&{second}\"&x=1"),
            format!("/?{more}{outer}={between}{inner}='{secret}&{second}'"),
            format!("/?{more}{outer}={between}<{inner}>{secret}&{second}</{inner}>"),
            format!("/?{more}{outer}={between}%22{inner}%22:%22{secret}%26{second}%22"),
            format!("/?{more}{outer}={between}{}", encoded(&format!("{inner}={secret};{outer}={second}"), 2)),
        ] {
            for shown in [redact::target(&raw), redact::text(&raw)] {
                assert_gone(&shown, &second, &raw);
                assert_gone(&shown, &secret, &raw);
            }
        }
    }

    #[test]
    fn ids_inside_ids_are_masked_once(id in "(AKID[a-z0-9]{3,9}){2,9}", again in 1_usize..9) {
        let raw = format!("/?{} AKID{id}", "q-ak=".repeat(again));
        let shown = redact::text(&raw);
        prop_assert!(!shown.contains(&id), "{shown} of {raw}");
        let bare = format!("{id}00");
        prop_assert_eq!(redact::text(&format!("({bare})")).into_owned(), format!("({})", redact::secret_id(&bare)));
    }

    #[test]
    fn texts(
        name in prop::sample::select(&NAMES[..]), secret in "[A-Za-z0-9+/=_-]{24,60}", case in any::<u32>(),
        before in "[ -~中\n]{0,20}", after in "[ -~中\n]{0,20}",
    ) {
        let cased_name = cased(name, case);
        for raw in [
            format!("{before}\n{cased_name}={secret}&x=1\n{after}"),
            format!("{before}\n<{name}>{secret}</{name}>{after}"),
            format!("{before}\n&lt;{name}&gt;{secret}&lt;/{name}&gt;{after}"),
            format!("{before}\nname=\"{name}\"\r\n\r\n{secret}\r\n--boundary\r\n{after}"),
            format!("put\n/k\nacl=&amp;{}={}\nhost=h\n{after}", name.to_ascii_lowercase(), encoded(&secret, 1)),
            format!("get\n/k\n\nhost=h&{}={}&z=1\n", name.to_ascii_lowercase(), encoded(&secret, 1)),
        ] {
            assert_gone(&redact::text(&raw), &secret, &raw);
        }
        {
            for raw in [
                format!("{before}\n{cased_name}: {secret}\r\n{after}"),
                format!("{before}\n> {cased_name}: {secret}\r\n> Host: h\r\n{after}"),
                format!("{{\"{cased_name}\": \"{secret}\", \"x\": 1}}{after}"),
                format!("{{'{cased_name}': '{secret}', 'x': 1}}{after}"),
                format!("{{\\\"{cased_name}\\\":\\\"{secret}\\\"}}"),
                format!("{{\"name\": \"{cased_name}\", \"value\": \"{secret}\"}}"),
                format!("curl -H '{cased_name}: {secret}' -v http://h/"),
            ] {
                assert_gone(&redact::text(&raw), &secret, &raw);
            }
        }
    }

    #[test]
    fn authorization_of_every_scheme(secret in "[A-Za-z0-9+/=]{24,60}", case in any::<u32>(), after in "[ -~]{0,20}") {
        let name = cased("authorization", case);
        for value in [
            format!("q-sign-algorithm=sha1&q-ak={ID}&q-sign-time=1;2&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature={secret}"),
            format!("AWS4-HMAC-SHA256 Credential={ID}/20190516/r/s3/aws4_request, SignedHeaders=host, Signature={secret}"),
            format!("AWS4-HMAC-SHA256 Credential={ID}/20190516/r/s3/aws4_request,SignedHeaders=host,Signature={secret}"),
            format!("AWS {ID}:{secret}"),
            format!("Bearer {secret}"),
            format!("Basic {secret}"),
            format!("TC3-HMAC-SHA256 Credential={ID}/d/cos/tc3_request, SignedHeaders=host, Signature={secret}"),
            secret.clone(),
        ] {
            assert_gone(&redact::header_value(&name, &value), &secret, &value);
            assert_gone(&redact::header_value("proxy-authorization", &value), &secret, &value);
            for raw in [
                format!("{name}: {value}\r\nHost: h\r\n{after}"),
                format!("-H \"{name}: {value}\" {after}"),
                format!("{{'{name}': '{value}'}}{after}"),
                format!("{{\"name\":\"{name}\",\"value\":\"{value}\"}}{after}"),
                format!("/?{}={}", name, encoded(&value, 1)),
                format!("/?{}={}", name, encoded(&value, 2)),
            ] {
                assert_gone(&redact::text(&raw), &secret, &raw);
                assert!(!redact::text(&raw).contains(ID), "{raw}");
            }
        }
    }

    #[test]
    fn cookies_and_tokens_in_headers(secret in "[A-Za-z0-9+/=_-]{24,60}", more in "[ -~]{0,20}") {
        for name in ["Cookie", "Set-Cookie", "X-Cos-Security-Token", "x-amz-security-token", "x-cos-server-side-encryption-customer-key"] {
            assert_gone(&redact::header_value(name, &format!("{secret}{more}")), &secret, name);
        }
        for raw in [format!("Cookie: a={secret}; b=\"{secret}\"\r\nx: y"), format!("{{\"cookie\":\"a=\\\"{secret}\\\"; c={secret}\"}}")] {
            assert_gone(&redact::text(&raw), &secret, &raw);
        }
    }

    #[test]
    fn secret_ids_wherever_they_stand(tail in "[A-Za-z0-9_-]{16,64}", before in "[ -~中]{0,20}", after in "[ ,;&<\"'/中]{1,3}") {
        let id = format!("AKID{tail}");
        let hidden = &id[8..id.len() - 4];
        for raw in [
            format!("{before} {id}{after}"),
            format!("/?q-ak={id}&x"),
            format!("/?X-Amz-Credential={id}%2F20190516%2Fr%2Fs3%2Faws4_request"),
            format!("<Message>Condition key q-ak doesn't match the value {id}</Message>"),
            encoded(&format!("q-ak={id}&"), 2),
        ] {
            for shown in [redact::text(&raw), redact::target(&raw), redact::header_value("x", &raw)] {
                assert!(!shown.contains(hidden), "{shown} of {raw}");
                prop_assert!(shown.contains(&redact::secret_id(&id)));
            }
        }
    }

    #[test]
    fn what_is_redacted_once_stays_as_it_is(text in "[ -~\n]{0,80}", secret in "[a-z0-9]{20,40}") {
        let raw = format!("{text}&q-signature={secret}&q-ak={ID}");
        let once = redact::text(&raw).into_owned();
        let twice = redact::text(&once).into_owned();
        prop_assert_eq!(redact::text(&twice), twice.as_str());
    }
}
