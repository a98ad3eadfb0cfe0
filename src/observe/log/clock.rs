//! Timestamps for log lines: RFC 3339 in UTC with milliseconds.
//!
//! Turning seconds into a date is the dear part, so each thread keeps the text of its last second.

use std::cell::Cell;
use std::time::{SystemTime, UNIX_EPOCH};

use super::number::push_padded;

/// `YYYY-MM-DDTHH:MM:SS`
const SECOND_LENGTH: usize = 19;

thread_local! {
    static LAST: Cell<(u64, [u8; SECOND_LENGTH])> = const { Cell::new((0, *b"1970-01-01T00:00:00")) };
}

/// Appends `2026-11-24T02:17:48.123Z`. A clock before 1970 reads as 1970.
pub(crate) fn push_timestamp(out: &mut Vec<u8>, at: SystemTime) {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    out.extend_from_slice(&second_text(since.as_secs()));
    out.push(b'.');
    push_padded(out, u64::from(since.subsec_millis()), 3);
    out.push(b'Z');
}

/// Appends the time of day alone, `02:17:48.123`.
pub(super) fn push_time_of_day(out: &mut Vec<u8>, at: SystemTime) {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    let text = second_text(since.as_secs());
    out.extend_from_slice(text.get(11..).unwrap_or_default());
    out.push(b'.');
    push_padded(out, u64::from(since.subsec_millis()), 3);
}

/// The same as text of its own.
#[must_use]
pub(crate) fn timestamp(at: SystemTime) -> String {
    let mut out = Vec::with_capacity(24);
    push_timestamp(&mut out, at);
    String::from_utf8(out).unwrap_or_default()
}

fn second_text(second: u64) -> [u8; SECOND_LENGTH] {
    let (kept, text) = LAST.get();
    if kept == second {
        return text;
    }
    let fresh = date_text(second).unwrap_or(*b"9999-12-31T23:59:59");
    LAST.set((second, fresh));
    fresh
}

fn date_text(second: u64) -> Option<[u8; SECOND_LENGTH]> {
    let instant = jiff::Timestamp::from_second(i64::try_from(second).ok()?).ok()?;
    instant.to_string().as_bytes().get(..SECOND_LENGTH)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_instant_prints_as_rfc_3339_with_milliseconds() {
        let at = |ms| timestamp(UNIX_EPOCH + Duration::from_millis(ms));
        assert_eq!(at(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(at(1_554_781_160_007), "2019-04-09T03:39:20.007Z");
        assert_eq!(at(1_554_781_161_999), "2019-04-09T03:39:21.999Z");
        assert_eq!(at(1_554_781_160_007), "2019-04-09T03:39:20.007Z");
    }

    #[test]
    fn a_clock_that_is_off_by_ages_still_prints() {
        assert_eq!(timestamp(UNIX_EPOCH - Duration::from_secs(5)), "1970-01-01T00:00:00.000Z");
        assert!(timestamp(UNIX_EPOCH + Duration::from_secs(1 << 50)).starts_with("9999-"));
    }
}
