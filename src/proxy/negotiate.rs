//! Content negotiation: COS's XML or problem JSON (RFC 9110, section 12.5.1), and the language of the latter (12.5.4).

use std::cmp::Ordering;

use http::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderMap, HeaderValue};

use crate::config::settings::Language;

/// Whether the client would rather have JSON than the XML that SDKs expect: strictly, so that `*/*` keeps XML.
pub(crate) fn prefers_json(headers: &HeaderMap) -> bool {
    if !headers.contains_key(ACCEPT) {
        return false;
    }
    let json = quality(headers, "problem+json").max(quality(headers, "json"));
    json > quality(headers, "xml")
}

/// The quality, in thousandths, that Accept gives to `application/SUBTYPE`; its most specific range decides.
fn quality(headers: &HeaderMap, subtype: &str) -> u16 {
    let mut best = (0, 0);
    for range in headers.get_all(ACCEPT).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let Some((kind, name)) = parts.next().and_then(|media| media.split_once('/')) else { continue };
        let specific = if kind.eq_ignore_ascii_case("application") && name.eq_ignore_ascii_case(subtype) {
            3
        } else if kind.eq_ignore_ascii_case("application") && name == "*" {
            2
        } else if kind == "*" && name == "*" {
            1
        } else {
            continue;
        };
        let q = weight(parts);
        if specific > best.0 {
            best = (specific, q);
        }
    }
    best.1
}

/// The language that the client would rather read; `usual` where it does not say.
pub(crate) fn language(headers: &HeaderMap, usual: Language) -> Language {
    let (mut english, mut chinese, mut any) = (None, None, None);
    let fields = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|v| v.to_str().ok());
    for range in fields.flat_map(|field| field.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default();
        // zh-CN, zh-Hans and zh-TW are all nearer to Chinese than to English
        let slot = match tag.split('-').next().unwrap_or_default() {
            "*" => &mut any,
            primary if primary.eq_ignore_ascii_case("en") => &mut english,
            primary if primary.eq_ignore_ascii_case("zh") => &mut chinese,
            _ => continue,
        };
        *slot = (*slot).max(Some(weight(parts)));
    }
    let quality = |named: Option<u16>| named.or(any).unwrap_or(0);
    match quality(english).cmp(&quality(chinese)) {
        Ordering::Less => Language::Zh,
        Ordering::Equal => usual,
        Ordering::Greater => Language::En,
    }
}

/// The language as Content-Language names it.
pub(crate) fn tag(language: Language) -> HeaderValue {
    HeaderValue::from_static(match language {
        Language::En => "en",
        Language::Zh => "zh-CN",
    })
}

/// The `q` among a range's parameters.
fn weight<'a>(parameters: impl Iterator<Item = &'a str>) -> u16 {
    let mut pairs = parameters.filter_map(|p| p.split_once('='));
    let q = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    q.map_or(1000, |(_, value)| thousandths(value.trim()))
}

/// `0.85` as 850; what is not a quality counts as none.
fn thousandths(q: &str) -> u16 {
    match q.split_once('.').unwrap_or((q, "")) {
        ("1", rest) if rest.bytes().all(|b| b == b'0') => 1000,
        ("0", digits) if digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{digits:0<3}").parse().unwrap_or(0)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefers(accept: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().unwrap());
        prefers_json(&headers)
    }

    #[test]
    fn the_language_is_the_one_with_the_higher_quality() {
        use Language::{En, Zh};
        for (accepted, english_usual, chinese_usual) in [
            ("zh-CN", Zh, Zh),
            ("zh", Zh, Zh),
            ("ZH-hans", Zh, Zh),
            ("en", En, En),
            ("en-US,en;q=0.9,zh-CN;q=0.8", En, En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Zh, Zh),
            ("en;q=0.3, zh-TW;q=0.5", Zh, Zh),
            ("fr, *;q=0.5, zh;q=0.1", En, En),
            ("*, en;q=0.5", Zh, Zh),
            ("en;q=0", En, Zh),
            ("en;q=0, *", Zh, Zh),
            ("*", En, Zh),
            ("fr, de;q=0.5", En, Zh),
            ("zh, en", En, Zh),
            ("", En, Zh),
            ("english", En, Zh),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, accepted.parse().unwrap());
            assert_eq!(language(&headers, En), english_usual, "{accepted}");
            assert_eq!(language(&headers, Zh), chinese_usual, "{accepted}");
        }
        assert_eq!(language(&HeaderMap::new(), Zh), Zh);
    }

    #[test]
    fn json_must_be_strictly_preferred() {
        assert!(prefers("application/json"));
        assert!(prefers("application/problem+json"));
        assert!(prefers("application/xml;q=0.5, application/json;q=0.501"));
        assert!(prefers("*/*;q=0.1, application/json"));
        assert!(!prefers("*/*"));
        assert!(!prefers("application/json, text/plain, */*"));
        assert!(!prefers("application/json, application/xml"));
        assert!(!prefers("application/*"));
        assert!(!prefers("application/json;q=0"));
        assert!(!prefers("text/html"));
        assert!(!prefers_json(&HeaderMap::new()));
    }
}
