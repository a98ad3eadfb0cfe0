//! The regular expressions of `matches`, and the one form of them that needs none.

use regex::{Regex, RegexBuilder};

/// Longest pattern, and the most memory that one takes: its program, and what it remembers while it looks. The time it
/// takes is in proportion to the text in any case.
const LONGEST: usize = 1024;
const LARGEST: usize = 512 * 1024;

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Pattern {
    regex: Regex,
    /// `(?i)^SENTENCE\\.?$`: dozens of conditions ask that of one message, and a comparison answers it.
    sentence: Option<String>,
}

impl Pattern {
    pub(super) fn new(pattern: &str) -> Result<Self, regex::Error> {
        if pattern.len() > LONGEST {
            return Err(regex::Error::CompiledTooBig(LONGEST));
        }
        let sentence = pattern.strip_prefix("(?i)^").and_then(|rest| rest.strip_suffix(r"\.?$"));
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ');
        Ok(Self {
            regex: RegexBuilder::new(pattern).size_limit(LARGEST).dfa_size_limit(LARGEST).build()?,
            sentence: sentence.filter(|text| plain(text)).map(str::to_owned),
        })
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        match &self.sentence {
            // beyond ASCII there are more letters that are alike but for their case
            Some(sentence) if text.is_ascii() => {
                text.strip_suffix('.').unwrap_or(text).eq_ignore_ascii_case(sentence)
            }
            _ => self.regex.is_match(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_found_as_its_expression_finds_it() {
        for source in
            [r"(?i)^access denied\.?$", r"(?i)^a.c\.?$", r"(?i)^\.?$", "(?i)^access denied", "denied"]
        {
            let pattern = Pattern::new(source).unwrap();
            let texts = [
                "Access Denied.",
                "access denied",
                "Access Denied..",
                "Access Denied.\n",
                " access denied",
                "abc",
                "a.c",
                ".",
                "",
                "acce\u{17f}\u{17f} denied",
                "Access Denied: x",
            ];
            for text in texts {
                assert_eq!(pattern.is_match(text), pattern.regex.is_match(text), "{source} on {text:?}");
            }
        }
        assert!(Pattern::new(r"(?i)^access denied\.?$").unwrap().sentence.is_some());
    }
}
