//! Compiling the patterns that this module is made of.

use regex::Regex;

/// Compiles a pattern that stands in the source; every one is compiled by a test.
pub(super) fn pattern(source: &str) -> Regex {
    #[expect(clippy::expect_used, reason = "a constant; a wrong one fails the first test that touches it")]
    Regex::new(source).expect("a pattern in the source compiles")
}
