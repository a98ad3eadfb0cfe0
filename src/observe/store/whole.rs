//! The whole of a diagnosis in both languages, packed into one value by deflate (RFC 1951): most of it is the same words.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::config::settings::Language;

/// Of 1 to 10; higher ones take longer and save little more.
const LEVEL: u8 = 4;
/// More than any whole takes, so that a damaged file can't ask for all memory.
const LARGEST: usize = 16 * 1024 * 1024;

pub(super) fn pack(en: &[u8], zh: &[u8]) -> Vec<u8> {
    let length = u32::try_from(en.len()).unwrap_or(u32::MAX).to_le_bytes();
    compress_to_vec(&[length.as_slice(), en, zh].concat(), LEVEL)
}

/// `None`: it is not whole.
pub(super) fn unpack(packed: &[u8], language: Language) -> Option<Vec<u8>> {
    let both = decompress_to_vec_with_limit(packed, LARGEST).ok()?;
    let (length, both) = both.split_first_chunk()?;
    let (en, zh) = both.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    let asked = match language {
        Language::En => en,
        Language::Zh => zh,
    };
    Some(asked.to_vec())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_back(en: Vec<u8>, zh: Vec<u8>) {
            let packed = pack(&en, &zh);
            prop_assert_eq!(unpack(&packed, Language::En), Some(en));
            prop_assert_eq!(unpack(&packed, Language::Zh), Some(zh));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = unpack(&bytes, Language::En);
        }
    }
}
