//! Which answers are refusals to be explained. All others stream on, touched by nothing.

use http::StatusCode;

/// The statuses that are diagnosed, one bit each.
#[derive(Debug)]
pub(crate) struct Refusals([u64; 16]);

impl Refusals {
    /// 403 always, beside those that the settings name.
    pub(crate) fn new(statuses: &[u16]) -> Self {
        let mut bits = [0; 16];
        for status in statuses.iter().copied().chain([403]) {
            if let Some(word) = bits.get_mut(usize::from(status / 64)) {
                *word |= 1 << (status % 64);
            }
        }
        Self(bits)
    }

    pub(crate) fn has(&self, status: StatusCode) -> bool {
        let status = status.as_u16();
        self.0.get(usize::from(status / 64)).is_some_and(|word| word >> (status % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_403_is_always_a_refusal() {
        let refusals = Refusals::new(&[451]);
        for (status, refused) in [(403, true), (451, true), (200, false), (404, false), (999, false)] {
            assert_eq!(refusals.has(StatusCode::from_u16(status).unwrap()), refused, "{status}");
        }
    }
}
