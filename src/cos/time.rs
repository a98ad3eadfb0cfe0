//! The spellings of an instant that COS and its clients use, to and from epoch seconds.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// HTTP-date in each of its three forms (RFC 9110, 5.6.7).
#[must_use]
pub fn parse_http_date(text: &str) -> Option<i64> {
    let text = text.trim();
    // what is none is mostly another spelling, and jiff's errors are dear
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    if let Some(instant) = parse_imf_date(text) {
        return Some(instant);
    }
    ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
        .iter()
        .find_map(|format| DateTime::strptime(format, text).ok())
        .and_then(utc)
}

/// The form that everybody sends, by the places of its parts: many times faster than by a format.
fn parse_imf_date(text: &str) -> Option<i64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let text = text.strip_suffix(" GMT").filter(|text| text.len() == "Tue, 09 Apr 2019 03:39:20".len())?;
    let separators = [(3, ", "), (7, " "), (11, " "), (16, " "), (19, ":"), (22, ":")];
    if !separators.iter().all(|(at, mark)| text.get(*at..).is_some_and(|rest| rest.starts_with(mark))) {
        return None;
    }
    let month = MONTHS.find(text.get(8..11)?).filter(|at| at % 3 == 0)? / 3 + 1;
    let civil = DateTime::new(
        digits(text, 12, 4)?,
        i8::try_from(month).ok()?,
        two(text, 5)?,
        two(text, 17)?,
        two(text, 20)?,
        two(text, 23)?,
        0,
    );
    civil.ok().and_then(utc)
}

/// The number that these digits are.
fn digits(text: &str, at: usize, count: usize) -> Option<i16> {
    let part = text.get(at..at + count).filter(|part| part.bytes().all(|b| b.is_ascii_digit()))?;
    part.parse().ok()
}

fn two(text: &str, at: usize) -> Option<i8> {
    digits(text, at, 2).and_then(|n| i8::try_from(n).ok())
}

/// ISO 8601 as in `ServerTime` and in a POST policy's `expiration`; without an offset it is UTC.
#[must_use]
pub fn parse_iso8601(text: &str) -> Option<i64> {
    // a date alone is no instant
    let text = Some(text.trim()).filter(|text| text.len() >= "2019-04-09T03:39".len())?;
    match text.parse::<Timestamp>() {
        Ok(instant) => Some(instant.as_second()),
        Err(_) => text.parse::<DateTime>().ok().and_then(utc),
    }
}

/// `20190516T064551Z`, as `x-amz-date` has it.
#[must_use]
pub fn parse_amz_date(text: &str) -> Option<i64> {
    let text = text.trim().strip_suffix('Z').filter(|text| text.len() == "20190516T064551".len())?;
    let (day, time) = text.split_once('T').filter(|(day, _)| day.len() == 8)?;
    let civil = DateTime::new(
        digits(day, 0, 4)?,
        two(day, 4)?,
        two(day, 6)?,
        two(time, 0)?,
        two(time, 2)?,
        two(time, 4)?,
        0,
    );
    civil.ok().and_then(utc)
}

/// Whatever of the three the text is.
#[must_use]
pub fn parse_any(text: &str) -> Option<i64> {
    parse_http_date(text).or_else(|| parse_amz_date(text)).or_else(|| parse_iso8601(text))
}

/// RFC 3339 in UTC, `2019-04-09T03:39:20Z`; the bare number where it is out of any calendar's range.
#[must_use]
pub fn format_rfc3339(epoch: i64) -> String {
    Timestamp::from_second(epoch).map_or_else(|_| epoch.to_string(), |instant| instant.to_string())
}

/// HTTP-date, `Tue, 09 Apr 2019 03:39:20 GMT`.
#[must_use]
pub fn format_http_date(epoch: i64) -> String {
    formatted(epoch, "%a, %d %b %Y %H:%M:%S GMT")
}

/// `20190409T033920Z`.
#[must_use]
pub fn format_amz_date(epoch: i64) -> String {
    formatted(epoch, "%Y%m%dT%H%M%SZ")
}

fn formatted(epoch: i64, format: &str) -> String {
    Timestamp::from_second(epoch)
        .map_or_else(|_| epoch.to_string(), |instant| instant.strftime(format).to_string())
}

fn utc(civil: DateTime) -> Option<i64> {
    TimeZone::UTC.to_timestamp(civil).ok().map(Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTANT: i64 = 1_554_781_160;

    #[test]
    fn every_spelling_gives_the_same_second() {
        for text in [
            "Tue, 09 Apr 2019 03:39:20 GMT",
            "Tuesday, 09-Apr-19 03:39:20 GMT",
            "Tue Apr  9 03:39:20 2019",
            "2019-04-09T03:39:20Z",
            "2019-04-09T03:39:20.414Z",
            "2019-04-09T11:39:20+08:00",
            "2019-04-09T03:39:20",
            "20190409T033920Z",
        ] {
            assert_eq!(parse_any(text), Some(INSTANT), "{text}");
        }
    }

    #[test]
    fn a_date_by_places_is_a_date_by_format() {
        for epoch in (0..4_000_000_000).step_by(86_399 * 7) {
            assert_eq!(parse_imf_date(&format_http_date(epoch)), Some(epoch));
        }
        for text in [
            "Tue, 09 pra 2019 03:39:20 GMT",
            "Tue, 31 Feb 2019 03:39:20 GMT",
            "Tue, 09 Apr 2019 03:39:2é GMT",
        ] {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "now",
            "Tue, 99 Apr 2019 03:39:20 GMT",
            "1554781160",
            "20190409",
            "2019-13-01T00:00:00Z",
            "20191309T033920Z",
            "20190409T0339201",
            "2019040 T033920Z",
            "20190409T+33920Z",
        ] {
            assert_eq!(parse_any(text), None, "{text}");
        }
    }

    #[test]
    fn formats_are_those_of_their_standards() {
        assert_eq!(format_rfc3339(INSTANT), "2019-04-09T03:39:20Z");
        assert_eq!(format_http_date(INSTANT), "Tue, 09 Apr 2019 03:39:20 GMT");
        assert_eq!(format_amz_date(INSTANT), "20190409T033920Z");
        assert_eq!(format_rfc3339(i64::MAX), i64::MAX.to_string());
    }
}
