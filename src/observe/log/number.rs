//! Numbers as decimal text, without going through `std::fmt`: a log line holds half a dozen of them.

use std::time::Duration;

const LONGEST: usize = 20;

/// Appends `n` in decimal.
pub(super) fn push_number(out: &mut Vec<u8>, n: u64) {
    push_padded(out, n, 1);
}

/// Appends `n` with at least `width` digits.
pub(super) fn push_padded(out: &mut Vec<u8>, mut n: u64, width: usize) {
    let mut digits = [b'0'; LONGEST];
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(n % 10).unwrap_or_default();
        n /= 10;
        used += 1;
        if n == 0 {
            break;
        }
    }
    let from = LONGEST - used.max(width).min(LONGEST);
    out.extend_from_slice(digits.get(from..).unwrap_or_default());
}

/// Appends a length of time in milliseconds, to the microsecond: `12.345`.
pub(crate) fn push_millis(out: &mut Vec<u8>, span: Duration) {
    let micros = u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
    push_number(out, micros / 1000);
    out.push(b'.');
    push_padded(out, micros % 1000, 3);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_print_in_full() {
        for n in [0, 7, 10, 403, 65_535, 1_554_781_160, u64::MAX] {
            assert_eq!(text(|out| push_number(out, n)), n.to_string());
        }
        assert_eq!(text(|out| push_padded(out, 7, 3)), "007");
        assert_eq!(text(|out| push_padded(out, 1234, 3)), "1234");
    }

    #[test]
    fn a_length_of_time_keeps_its_microseconds() {
        assert_eq!(text(|out| push_millis(out, Duration::from_micros(12_045))), "12.045");
        assert_eq!(text(|out| push_millis(out, Duration::ZERO)), "0.000");
    }
}
