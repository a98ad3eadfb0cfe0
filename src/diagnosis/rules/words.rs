//! A rule's words: every text is parsed, and every id that needs words has them in each language that must.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::error::Source;
use super::file::{Nested, WordsEntry};
use super::rule::{Both, Why};
use super::template::Template;
use crate::diagnosis::facts::nearest_of;

/// Who wrote a rule; the built-in ones must be complete in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    BuiltIn,
    User,
}

type Texts = BTreeMap<String, Spanned<String>>;

/// The words of one entry in its languages.
pub(super) struct Words<'w> {
    owner: Owner,
    en: Option<&'w Spanned<WordsEntry>>,
    zh: Option<&'w Spanned<WordsEntry>>,
    /// Where the entry stands, for what has no place of its own.
    at: Range<usize>,
}

/// The text of one language, and where its absence is to be reported.
struct Side<'w, T> {
    text: Option<&'w T>,
    language: &'static str,
    at: Range<usize>,
}

impl<'w> Words<'w> {
    pub(super) fn new(
        owner: Owner,
        en: Option<&'w Spanned<WordsEntry>>,
        zh: Option<&'w Spanned<WordsEntry>>,
        at: Range<usize>,
    ) -> Self {
        Self { owner, en, zh, at }
    }

    fn sides<T>(&self, get: impl Fn(&'w WordsEntry) -> Option<&'w T>) -> [Side<'w, T>; 2] {
        [("en", self.en), ("zh", self.zh)].map(|(language, entry)| Side {
            text: entry.and_then(|entry| get(entry.get_ref())),
            language,
            at: entry.map_or_else(|| self.at.clone(), Spanned::span),
        })
    }

    /// The codes that have words of their own, and where these stand.
    pub(super) fn codes(&self) -> impl Iterator<Item = (&'w str, Range<usize>)> {
        let sides = [self.en, self.zh].into_iter().flatten();
        sides.flat_map(|words| &words.get_ref().codes).map(|(code, words)| (code.as_str(), words.span()))
    }

    /// A text that must be there.
    pub(super) fn needed(
        &self,
        source: &mut Source<'_>,
        name: &str,
        get: impl Fn(&'w WordsEntry) -> Option<&'w Spanned<String>>,
    ) -> Both<Template> {
        let [en, zh] = self.sides(get);
        let must = [true, self.owner == Owner::BuiltIn];
        for (side, must) in [&en, &zh].into_iter().zip(must) {
            if must && side.text.is_none() {
                source.error(&side.at, format!("`{name}` is missing in [rule.{}]", side.language));
            }
        }
        let en = en.text.map(|text| template(source, text)).unwrap_or_default();
        let zh = zh.text.map_or_else(|| en.clone(), |text| template(source, text));
        Both { en, zh }
    }

    /// A text that is there in both languages or in none.
    pub(super) fn optional(
        &self,
        source: &mut Source<'_>,
        name: &str,
        get: impl Fn(&'w WordsEntry) -> Option<&'w Spanned<String>>,
    ) -> Both<Option<Template>> {
        let [en, zh] = self.sides(get);
        self.alike(source, name, &en, &zh);
        let en = en.text.map(|text| template(source, text));
        let zh = zh.text.map_or_else(|| en.clone(), |text| Some(template(source, text)));
        Both { en, zh }
    }

    pub(super) fn why(&self, source: &mut Source<'_>, id: &str) -> Both<Why> {
        let [en, zh] = self.sides(|words| words.why.get(id));
        self.alike(source, &format!("why.{id}"), &en, &zh);
        let en = en.text.map(|text| why(source, text)).unwrap_or_default();
        let zh = zh.text.map_or_else(|| en.clone(), |text| why(source, text));
        Both { en, zh }
    }

    /// The sentence of one piece of evidence; its name's dots are nested tables.
    pub(super) fn evidence(&self, source: &mut Source<'_>, name: &str) -> Both<Option<Template>> {
        let [en, zh] = self.sides(|words| nested(&words.evidence, name));
        self.alike(source, &format!("evidence.{name}"), &en, &zh);
        let mut parse = |side: &Side<'_, Spanned<Nested>>| match side.text.map(|t| (t.get_ref(), t.span())) {
            Some((Nested::Text(text), at)) => Some(parsed(source, text, &at)),
            Some((Nested::Table(_), at)) => {
                source.error(&at, format!("`evidence.{name}` is a text"));
                None
            }
            None => None,
        };
        let english = parse(&en);
        let chinese = parse(&zh).or_else(|| english.clone());
        Both { en: english, zh: chinese }
    }

    fn alike<T>(&self, source: &mut Source<'_>, name: &str, en: &Side<'_, T>, zh: &Side<'_, T>) {
        let lacking = match (en.text.is_some(), zh.text.is_some()) {
            (true, false) if self.owner == Owner::BuiltIn => zh,
            (false, true) => en,
            _ => return,
        };
        source.error(&lacking.at, format!("`{name}` is missing in [rule.{}]", lacking.language));
    }

    /// Refuses words for ids that the rule does not have.
    pub(super) fn refuse_strays(
        &self,
        source: &mut Source<'_>,
        checks: &[&str],
        fixes: &[&str],
        evidence: &[String],
    ) {
        for words in [self.en, self.zh].into_iter().flatten().map(Spanned::get_ref) {
            strays(source, "checks", &words.checks, checks);
            strays(source, "why", &words.why, checks);
            strays(source, "fixes", &words.fixes, fixes);
            let known: Vec<&str> = evidence.iter().map(String::as_str).collect();
            for (name, at) in leaves(&words.evidence) {
                if !known.contains(&name.as_str()) {
                    source.error(&at, stray("evidence", &name, &known));
                }
            }
        }
    }
}

fn strays<T>(source: &mut Source<'_>, table: &str, words: &BTreeMap<String, Spanned<T>>, ids: &[&str]) {
    for (id, text) in words {
        if !ids.contains(&id.as_str()) {
            source.error(&text.span(), stray(table, id, ids));
        }
    }
}

fn stray(table: &str, id: &str, known: &[&str]) -> String {
    let list = if table == "why" { "checks" } else { table };
    let nearest =
        nearest_of(id, known.iter().copied()).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
    format!("words for `{table}.{id}`, but `{list}` has no `{id}`{nearest}")
}

/// Every text of nested tables by its dotted name.
fn leaves(tables: &BTreeMap<String, Spanned<Nested>>) -> Vec<(String, Range<usize>)> {
    let mut all = Vec::new();
    for (name, nested) in tables {
        match nested.get_ref() {
            Nested::Text(_) => all.push((name.clone(), nested.span())),
            Nested::Table(inner) => {
                all.extend(leaves(inner).into_iter().map(|(rest, at)| (format!("{name}.{rest}"), at)));
            }
        }
    }
    all
}

fn nested<'w>(tables: &'w BTreeMap<String, Spanned<Nested>>, name: &str) -> Option<&'w Spanned<Nested>> {
    if let Some(found) = tables.get(name) {
        return Some(found);
    }
    let (first, rest) = name.split_once('.')?;
    match tables.get(first)?.get_ref() {
        Nested::Table(inner) => nested(inner, rest),
        Nested::Text(_) => None,
    }
}

fn template(source: &mut Source<'_>, text: &Spanned<String>) -> Template {
    parsed(source, text.get_ref(), &text.span())
}

pub(super) fn parsed(source: &mut Source<'_>, text: &str, at: &Range<usize>) -> Template {
    Template::parse(text).unwrap_or_else(|error| {
        source.error_inside(at, error.offset, error.message);
        Template::literal(text)
    })
}

/// One text for all outcomes, or a table with a text for each outcome.
pub(super) fn why(source: &mut Source<'_>, words: &Spanned<Nested>) -> Why {
    match words.get_ref() {
        Nested::Text(text) => {
            let text = parsed(source, text, &words.span());
            Why { pass: Some(text.clone()), fail: Some(text.clone()), unknown: Some(text) }
        }
        Nested::Table(texts) => {
            let mut why = Why::default();
            for (outcome, nested) in texts {
                let slot = match outcome.as_str() {
                    "pass" => &mut why.pass,
                    "fail" => &mut why.fail,
                    "unknown" => &mut why.unknown,
                    other => {
                        let message = format!("`{other}` is no outcome: pass, fail and unknown are");
                        source.error(&nested.span(), message);
                        continue;
                    }
                };
                match nested.get_ref() {
                    Nested::Text(text) => *slot = Some(parsed(source, text, &nested.span())),
                    Nested::Table(_) => source.error(&nested.span(), "an outcome's reason is a text"),
                }
            }
            why
        }
    }
}

/// The text with an id, for tables of plain texts.
pub(super) fn of<'w>(
    table: fn(&'w WordsEntry) -> &'w Texts,
    id: &str,
) -> impl Fn(&'w WordsEntry) -> Option<&'w Spanned<String>> {
    move |words| table(words).get(id)
}
