//! What a rule for several codes says of each of them, in place of its summary and before its other fixes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::error::Source;
use super::file::CodeWords;
use super::rule::OfCode;
use super::words::Words;
use crate::diagnosis::expression::{Atom, Condition};
use crate::diagnosis::facts::nearest_of;

/// The words of every code that has some, in either language.
pub(super) fn load(
    source: &mut Source<'_>,
    words: &Words<'_>,
    when: Option<&Condition>,
) -> BTreeMap<Arc<str>, OfCode> {
    let asked: Vec<&Arc<str>> = when.map(asked_for).unwrap_or_default();
    let mut named = BTreeSet::new();
    for (code, at) in words.codes() {
        if when.is_some() && !asked.iter().any(|asked| ***asked == *code) {
            let nearest = nearest_of(code, asked.iter().map(|asked| &***asked))
                .map(|name| format!("; did you mean `{name}`?"))
                .unwrap_or_default();
            source.error(&at, format!("words for `codes.{code}`, but `when` asks for no such code{nearest}"));
        }
        named.insert(code);
    }
    named.into_iter().map(|code| (Arc::from(code), one(source, words, code))).collect()
}

fn one(source: &mut Source<'_>, words: &Words<'_>, code: &str) -> OfCode {
    OfCode {
        summary: words.needed(source, &format!("codes.{code}"), |w| {
            w.codes.get(code).map(|words: &toml::Spanned<CodeWords>| &words.get_ref().summary)
        }),
        fix: words.optional(source, &format!("codes.{code}.fix"), |w| {
            w.codes.get(code).and_then(|words| words.get_ref().fix.as_ref())
        }),
    }
}

/// The codes without one of which the condition cannot be true.
fn asked_for(when: &Condition) -> Vec<&Arc<str>> {
    let atoms = when.required.iter().flatten();
    atoms
        .filter_map(|atom| match atom {
            Atom::Code(code) | Atom::Reason(code) => Some(code),
            Atom::NoCode => None,
        })
        .collect()
}
