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
    ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
        .iter()
        .find_map(|format| DateTime::strptime(format, text).ok())
        .and_then(utc)
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
    let of = |text: &str, at: usize, digits: usize| {
        let part = text.get(at..at + digits).filter(|part| part.bytes().all(|b| b.is_ascii_digit()))?;
        part.parse::<i16>().ok()
    };
    let small = |text, at| of(text, at, 2).and_then(|n| i8::try_from(n).ok());
    let civil = DateTime::new(
        of(day, 0, 4)?,
        small(day, 4)?,
        small(day, 6)?,
        small(time, 0)?,
        small(time, 2)?,
        small(time, 4)?,
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
