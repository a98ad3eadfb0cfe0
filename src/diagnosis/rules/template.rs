//! Sentences with facts in them: a fact that is not known takes its sentence away, so that what remains is true.

use super::parts::{self, Part, TemplateError};
use crate::config::settings::Language;
use crate::diagnosis::facts::{self, Facts};

/// Sentences with facts in them.
#[derive(Debug, Clone, Default)]
pub struct Template {
    source: String,
    sentences: Vec<Vec<Part>>,
}

impl Template {
    pub(super) fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut sentences = Vec::new();
        let mut sentence = Vec::new();
        for part in parts::parts(text)? {
            let Part::Text(text) = part else {
                sentence.push(part);
                continue;
            };
            for piece in split_sentences(&text) {
                sentence.push(Part::Text(piece.to_owned()));
                if piece.ends_with(". ") || piece.ends_with('。') {
                    sentences.push(std::mem::take(&mut sentence));
                }
            }
        }
        sentences.push(sentence);
        Ok(Self { source: text.to_owned(), sentences })
    }

    /// A text without placeholders.
    pub(super) fn literal(text: &str) -> Self {
        Self { source: text.to_owned(), sentences: vec![vec![Part::Text(text.to_owned())]] }
    }

    /// The text as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// All sentences, with the facts' names in the place of their values.
    #[must_use]
    pub fn unfilled(&self) -> String {
        let mut out = String::with_capacity(160);
        for sentence in &self.sentences {
            parts::unfilled(sentence, &mut out, |name| format!("`{name}`"));
        }
        out
    }

    /// The sentences whose facts are all known.
    #[must_use]
    pub fn fill(&self, facts: &Facts, language: Language) -> String {
        let mut out = String::with_capacity(160);
        for sentence in &self.sentences {
            let start = out.len();
            let filled = parts::fill(sentence, &mut out, |path| {
                path.value(facts).map(|value| facts::people(path, &value, language).into_owned())
            });
            if filled.is_none() {
                out.truncate(start);
            }
        }
        out.truncate(out.trim_end().len());
        out
    }
}

/// Pieces that end where a sentence does; the last may not.
fn split_sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let western = rest.find(". ").map(|i| i + 2);
        let chinese = rest.find('。').map(|i| i + '。'.len_utf8());
        let end = [western, chinese].into_iter().flatten().min().unwrap_or(rest.len());
        let (sentence, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(sentence)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_without_a_dotted_name_are_text() {
        let template = Template::parse(r#"{"a": {b}, "c": "{}"} {x"#).unwrap();
        assert_eq!(template.fill(&Facts::default(), Language::En), r#"{"a": {b}, "c": "{}"} {x"#);
    }

    #[test]
    fn a_sentence_without_its_fact_is_left_out() {
        let template = Template::parse("One is true. It is {cos.key}. Two {cos.key|the key} too.").unwrap();
        assert_eq!(template.fill(&Facts::default(), Language::En), "One is true. Two the key too.");
        let template = Template::parse("甲。乙 {cos.key}。丙。").unwrap();
        assert_eq!(template.fill(&Facts::default(), Language::Zh), "甲。丙。");
    }

    #[test]
    fn an_unknown_name_is_refused_where_it_stands() {
        let error = Template::parse("It is {cos.kye}.").unwrap_err();
        assert_eq!(error.offset, 7);
        assert_eq!(error.message, "no fact is called `cos.kye`; did you mean `cos.key`?");
    }
}
