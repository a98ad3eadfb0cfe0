//! The clock inside a RequestId: base64 of `HEX_HEX_HEX_HEX`, the first field being the server's epoch seconds.
//!
//! Found on published error bodies whose `ServerTime` is the very same second.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

/// COS opened in 2014; ids before that, or a century later, are something else that happens to decode.
const PLAUSIBLE: std::ops::Range<i64> = 1_388_534_400..4_102_444_800;

/// The server's clock when it made this id; `None` where the id has another shape.
#[must_use]
pub fn time(id: &str) -> Option<i64> {
    let id = id.trim().trim_end_matches('=');
    if id.len() > 128 {
        return None;
    }
    let bytes = STANDARD_NO_PAD.decode(id).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let mut fields = text.split('_');
    let first = fields.next()?;
    let rest_is_hex = |field: &str| !field.is_empty() && field.bytes().all(|b| b.is_ascii_hexdigit());
    if !(7..=9).contains(&first.len()) || fields.clone().count() < 2 || !fields.all(rest_is_hex) {
        return None;
    }
    i64::from_str_radix(first, 16).ok().filter(|epoch| PLAUSIBLE.contains(epoch))
}

/// An id of the same shape, as the simulator gives it.
#[must_use]
pub fn make(epoch: i64, host: u32, process: u16, serial: u32) -> String {
    STANDARD.encode(format!("{epoch:08x}_{host:08x}_{process:04x}_{serial:x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_id_tells_the_time() {
        assert_eq!(time("NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY="), Some(1_554_781_160));
        assert_eq!(time("NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY"), Some(1_554_781_160));
    }

    #[test]
    fn what_is_not_such_an_id_tells_nothing() {
        for id in [
            "",
            "01JDK0000000000000000000",
            "tx00000000000",
            "====",
            "NWNhYzEzZTg=",
            "Zm9vX2Jhcl9iYXo=",
            "中",
        ] {
            assert_eq!(time(id), None, "{id}");
        }
    }

    #[test]
    fn a_made_id_reads_back() {
        assert_eq!(time(&make(1_700_000_000, 1, 2, 3)), Some(1_700_000_000));
    }
}
