//! A look at a request's signature that every request can afford: how it was made and until when it holds, read where
//! it stands, without taking it apart as [`super::Auth`] does.

use http::HeaderMap;
use http::header::{AUTHORIZATION, DATE, HeaderName};

use super::{Place, Scheme, TOKENS};
use crate::cos::time;

const AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
/// A permanent SecretId is 36 characters long, a temporary one longer.
const TEMPORARY_ID: usize = 48;
/// Digits of a time in seconds, for some thousand years; in milliseconds it has more.
const DIGITS: usize = 11;

/// What a signature shows at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance {
    pub scheme: Scheme,
    pub place: Place,
    /// Epoch seconds in which the signature holds.
    pub sign_time: Option<(i64, i64)>,
    /// Epoch seconds in which the key that it was made with holds, as `q-key-time` says.
    pub key_time: Option<(i64, i64)>,
    /// When the client says that it sent this very request.
    pub sent: Option<i64>,
    /// The SecretId is one of a temporary key.
    temporary_id: bool,
}

impl Glance {
    /// `None`: the request is not signed, or in a way that shows nothing.
    #[must_use]
    pub fn of(headers: &HeaderMap, query: Option<&str>) -> Option<Self> {
        if let Some(value) = headers.get(AUTHORIZATION) {
            return Self::of_header(value.as_bytes(), headers);
        }
        Self::of_query(query?.as_bytes())
    }

    /// Whether a temporary key made it.
    #[must_use]
    pub fn is_temporary(&self, headers: &HeaderMap, query: Option<&str>) -> bool {
        let in_query = || query.is_some_and(|query| TOKENS.iter().any(|token| query.contains(token)));
        self.temporary_id || TOKENS.iter().any(|token| headers.contains_key(*token)) || in_query()
    }

    fn new(scheme: Scheme, place: Place) -> Self {
        Self { scheme, place, sign_time: None, key_time: None, sent: None, temporary_id: false }
    }

    fn of_header(value: &[u8], headers: &HeaderMap) -> Option<Self> {
        let sent = |names: &[HeaderName]| {
            names.iter().find_map(|name| time::parse_any(headers.get(name)?.to_str().ok()?))
        };
        if value.starts_with(b"q-") {
            return Some(Self { sent: sent(&[DATE]), ..Self::of_pairs(value, Place::Header) });
        }
        let scheme = match value {
            _ if value.starts_with(b"AWS4-") => Scheme::SigV4,
            _ if value.starts_with(b"AWS ") => Scheme::SigV2,
            _ => return None,
        };
        Some(Self { sent: sent(&[AMZ_DATE, DATE]), ..Self::new(scheme, Place::Header) })
    }

    fn of_query(query: &[u8]) -> Option<Self> {
        let mut amz = (None, None);
        for (name, value) in pairs(query) {
            match name.len() {
                4 if name.eq_ignore_ascii_case(b"sign") && value.starts_with(b"q-sign-algorithm") => {
                    return Some(Self::new(Scheme::QSign, Place::SignParameter));
                }
                11 if name == b"q-sign-time" => return Some(Self::of_pairs(query, Place::Query)),
                14 if name == b"AWSAccessKeyId" => return Some(Self::new(Scheme::SigV2, Place::Query)),
                10 if name == b"X-Amz-Date" => {
                    amz.0 = std::str::from_utf8(value).ok().and_then(time::parse_amz_date);
                }
                13 if name == b"X-Amz-Expires" => amz.1 = number(value),
                _ => {}
            }
        }
        let (start, lasts) = (amz.0?, amz.1?);
        let sign_time = Some((start, start.checked_add(lasts)?));
        Some(Self { sign_time, ..Self::new(Scheme::SigV4, Place::Query) })
    }

    /// COS's own pairs, in a header or among the parameters of a URL.
    fn of_pairs(text: &[u8], place: Place) -> Self {
        let mut glance = Self::new(Scheme::QSign, place);
        for (name, value) in pairs(text) {
            match name {
                b"q-sign-time" => glance.sign_time = window(value),
                b"q-key-time" => glance.key_time = window(value),
                b"q-ak" => glance.temporary_id = value.len() >= TEMPORARY_ID,
                _ => {}
            }
        }
        glance
    }
}

fn pairs(mut text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        if text.is_empty() {
            return None;
        }
        let (pair, rest) = text.split_at(memchr::memchr(b'&', text).unwrap_or(text.len()));
        text = rest.get(1..).unwrap_or_default();
        let (name, value) = pair.split_at(memchr::memchr(b'=', pair).unwrap_or(pair.len()));
        Some((name, value.get(1..).unwrap_or_default()))
    })
}

/// `START;END`, the semicolon encoded or not.
fn window(value: &[u8]) -> Option<(i64, i64)> {
    let digits = value.iter().take_while(|b| b.is_ascii_digit()).count();
    let (start, rest) = value.split_at_checked(digits)?;
    let end = [b";".as_slice(), b"%3B", b"%3b"].iter().find_map(|mark| rest.strip_prefix(*mark))?;
    Some((number(start)?, number(end)?)).filter(|(start, end)| start < end)
}

fn number(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() || digits.len() > DIGITS || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(digits.iter().fold(0, |n, digit| n * 10 + i64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_header(value: &str, date: Option<(&'static str, &str)>) -> Option<Glance> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, value.parse().unwrap());
        if let Some((name, value)) = date {
            headers.insert(name, value.parse().unwrap());
        }
        Glance::of(&headers, Some("sign=q-sign-algorithm%3Dsha1"))
    }

    fn of_query(query: &str) -> Option<Glance> {
        Glance::of(&HeaderMap::new(), Some(query))
    }

    #[test]
    fn the_header_comes_before_the_query() {
        let pairs = "q-sign-algorithm=sha1&q-ak=AKIDx&q-sign-time=100;200&q-key-time=50;250&q-signature=0";
        let glance = of_header(pairs, Some(("date", "Thu, 01 Jan 1970 00:02:00 GMT"))).unwrap();
        let times = (glance.sign_time, glance.key_time, glance.sent);
        assert_eq!(times, (Some((100, 200)), Some((50, 250)), Some(120)));
        assert_eq!((glance.scheme, glance.place), (Scheme::QSign, Place::Header));
        let glance = of_header("AWS4-HMAC-SHA256 x", Some(("x-amz-date", "19700101T000200Z"))).unwrap();
        assert_eq!((glance.scheme, glance.sent, glance.sign_time), (Scheme::SigV4, Some(120), None));
        assert_eq!(of_header("AWS AKID:x=", None).unwrap().scheme, Scheme::SigV2);
        assert_eq!(of_header("Bearer x", None), None);
    }

    #[test]
    fn every_kind_of_signed_url_is_seen() {
        let glance = of_query("a=b&q-sign-algorithm=sha1&q-sign-time=100%3B200&q-key-time=50%3b250").unwrap();
        assert_eq!((glance.sign_time, glance.key_time), (Some((100, 200)), Some((50, 250))));
        let glance = of_query("X-Amz-Date=19700101T000200Z&X-Amz-Expires=60").unwrap();
        assert_eq!((glance.scheme, glance.sign_time), (Scheme::SigV4, Some((120, 180))));
        assert_eq!(of_query("AWSAccessKeyId=x&Expires=1").unwrap().scheme, Scheme::SigV2);
        let place = of_query("sign=q-sign-algorithm%3Dsha1%26q-ak%3Dx").unwrap().place;
        assert_eq!(place, Place::SignParameter);
    }

    #[test]
    fn an_applications_own_parameters_are_no_signature() {
        for query in
            ["", "sign=5f4dcc3b", "q-sign=1", "X-Amz-Date=19700101T000200Z", "design=q-sign-algorithm"]
        {
            assert_eq!(of_query(query), None, "{query}");
        }
    }

    #[test]
    fn times_that_are_none_are_not_known() {
        for times in ["", ";", "200;100", "1700000000000;1700000900000", "a;b", "100", "100;", "-1;5"] {
            let glance = of_query(&format!("q-sign-time={times}")).unwrap();
            assert_eq!(glance.sign_time, None, "{times}");
        }
    }
}
