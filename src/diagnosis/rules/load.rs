//! From rule files to rules: everything is checked here, nothing is left to fail at a request.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;

use super::codes;
use super::error::{RuleError, Source};
use super::file::{CheckEntry, File, FixEntry, RuleEntry, StepEntry, StepWords, WordsEntry};
use super::parts::TemplateError;
use super::paste::Paste;
use super::rule::{Both, Check, Evidence, Fix, Origin, Rule};
use super::words::{self, Owner, Words};
use crate::diagnosis::expression::Condition;
use crate::diagnosis::facts::FactPath;

/// What one file holds.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    pub rules: Vec<Rule>,
    pub steps: Vec<Check>,
}

/// Reads one file, or tells everything that is wrong with it.
pub(super) fn load(file: &str, text: &str, owner: Owner) -> Result<Loaded, Vec<RuleError>> {
    let entries: File = toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        vec![RuleError::at(file, text, offset, error.message())]
    })?;
    let mut source = Source { file, text, errors: Vec::new() };
    let rules = entries.rule.into_iter().filter_map(|entry| rule(&mut source, entry, owner)).collect();
    let steps = entries.step.into_iter().filter_map(|entry| step(&mut source, &entry, owner)).collect();
    if source.errors.is_empty() { Ok(Loaded { rules, steps }) } else { Err(source.errors) }
}

fn rule(source: &mut Source<'_>, entry: RuleEntry, owner: Owner) -> Option<Rule> {
    let at = entry.id.span();
    let id = name(source, &entry.id, "id");
    let cause = entry.cause.as_ref().map_or_else(|| Arc::clone(&id), |cause| name(source, cause, "cause"));
    let when = condition(source, &entry.when);
    let certain = entry.certain.as_ref().and_then(|text| condition(source, text));
    let words = Words::new(owner, entry.en.as_ref(), entry.zh.as_ref(), at.clone());
    let title = words.needed(source, "title", |w| w.title.as_ref());
    let summary = words.needed(source, "summary", |w| w.summary.as_ref());
    let codes = codes::load(source, &words, when.as_ref());
    let detail = words.optional(source, "detail", |w| w.detail.as_ref());
    let evidence = evidence(source, &words, entry.evidence.as_deref(), when.as_ref());
    unique(source, entry.checks.iter().map(|check| &check.id));
    unique(source, entry.fixes.iter().map(|fix| &fix.id));
    let checks: Vec<Check> = entry.checks.iter().map(|entry| check(source, &words, entry)).collect();
    let fixes: Vec<Fix> = entry.fixes.iter().map(|entry| fix(source, &words, entry)).collect();
    let check_ids: Vec<&str> = entry.checks.iter().map(|c| c.id.get_ref().as_str()).collect();
    let fix_ids: Vec<&str> = entry.fixes.iter().map(|f| f.id.get_ref().as_str()).collect();
    let shown: Vec<String> = evidence.iter().map(|e| e.path.name()).collect();
    words.refuse_strays(source, &check_ids, &fix_ids, &shown);
    let mut names = |list: &[Spanned<String>], key| list.iter().map(|n| name(source, n, key)).collect();
    Some(Rule {
        refines: names(&entry.refines, "refines"),
        alternatives: names(&entry.alternatives, "alternatives"),
        origin: Origin {
            file: Arc::from(source.file),
            line: source.text.get(..at.start).unwrap_or_default().matches('\n').count() + 1,
            user: owner == Owner::User,
        },
        id,
        cause,
        when: when?,
        confidence: entry.confidence.into(),
        certain,
        title,
        summary,
        codes,
        detail,
        evidence,
        checks,
        fixes,
    })
}

/// Ids and causes are tokens of RFC 9651, short enough for the header.
fn name(source: &mut Source<'_>, name: &Spanned<String>, key: &str) -> Arc<str> {
    let text = name.get_ref();
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) || !text.bytes().all(allowed) || text.len() > 64 {
        let message =
            format!("`{key}` holds names: a letter, then letters, digits, `-`, `_`, `.`, at most 64 in all");
        source.error(&name.span(), message);
    }
    Arc::from(text.as_str())
}

fn unique<'a>(source: &mut Source<'_>, ids: impl Iterator<Item = &'a Spanned<String>>) {
    let mut seen = Vec::new();
    for id in ids {
        if seen.contains(&id.get_ref()) {
            source.error(&id.span(), format!("`{}` is there twice", id.get_ref()));
        }
        seen.push(id.get_ref());
    }
}

fn condition(source: &mut Source<'_>, text: &Spanned<String>) -> Option<Condition> {
    Condition::new(text.get_ref())
        .map_err(|error| source.error_inside(&text.span(), error.offset, error.message))
        .ok()
}

fn evidence(
    source: &mut Source<'_>,
    words: &Words<'_>,
    listed: Option<&[Spanned<String>]>,
    when: Option<&Condition>,
) -> Vec<Evidence> {
    let paths: Vec<FactPath> = match listed {
        Some(names) => names.iter().filter_map(|name| evidence_path(source, name)).collect(),
        None => when
            .map(|when| when.reads.iter().filter(|path| !path.is_map()).cloned().collect())
            .unwrap_or_default(),
    };
    paths
        .into_iter()
        .map(|path| {
            let says = words.evidence(source, &path.name());
            Evidence { path, says }
        })
        .collect()
}

fn evidence_path(source: &mut Source<'_>, name: &Spanned<String>) -> Option<FactPath> {
    let text = name.get_ref();
    let message = match FactPath::parse(text) {
        Some(path) if !path.is_map() => return Some(path),
        Some(_) => format!("`{text}` is a map: name one of its entries, like `{text}.origin`"),
        None => {
            let nearest =
                FactPath::nearest(text).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            format!("no fact is called `{text}`{nearest}")
        }
    };
    source.error_inside(&name.span(), 0, message);
    None
}

fn check(source: &mut Source<'_>, words: &Words<'_>, entry: &CheckEntry) -> Check {
    let id = name(source, &entry.id, "id");
    let says = words.needed(source, &format!("checks.{id}"), words::of(checks_of, &id));
    let why = words.why(source, &id);
    Check {
        pass: entry.pass.as_ref().and_then(|pass| condition(source, pass)),
        fail: entry.fail.as_ref().and_then(|fail| condition(source, fail)),
        when: entry.when.as_ref().and_then(|when| condition(source, when)),
        link: entry.link.as_deref().map(Arc::from),
        says,
        why,
        id,
    }
}

fn fix(source: &mut Source<'_>, words: &Words<'_>, entry: &FixEntry) -> Fix {
    let id = name(source, &entry.id, "id");
    let says = words.needed(source, &format!("fixes.{id}"), words::of(fixes_of, &id));
    Fix {
        when: entry.when.as_ref().and_then(|when| condition(source, when)),
        command: entry.command.as_ref().and_then(|text| paste(source, text, Paste::command)),
        document: entry.document.as_ref().and_then(|text| paste(source, text, Paste::document)),
        says,
        id,
    }
}

fn checks_of(words: &WordsEntry) -> &std::collections::BTreeMap<String, Spanned<String>> {
    &words.checks
}

fn fixes_of(words: &WordsEntry) -> &std::collections::BTreeMap<String, Spanned<String>> {
    &words.fixes
}

fn paste(
    source: &mut Source<'_>,
    text: &Spanned<String>,
    parse: fn(&str) -> Result<Paste, TemplateError>,
) -> Option<Paste> {
    parse(text.get_ref()).map_err(|error| source.error_inside(&text.span(), error.offset, error.message)).ok()
}

fn step(source: &mut Source<'_>, entry: &StepEntry, owner: Owner) -> Option<Check> {
    let id = name(source, &entry.id, "id");
    let at = entry.id.span();
    let pass = entry.pass.as_ref().and_then(|pass| condition(source, pass));
    let fail = entry.fail.as_ref().and_then(|fail| condition(source, fail));
    let when = entry.when.as_ref().and_then(|when| condition(source, when));
    let en = entry.en.as_ref();
    let zh = entry.zh.as_ref().or(en.filter(|_| owner == Owner::User));
    let (Some(en), Some(zh)) = (en, zh) else {
        let language = if en.is_none() { "en" } else { "zh" };
        source.error(&at, format!("[step.{language}] is missing"));
        return None;
    };
    let (says_en, why_en) = step_words(source, en.get_ref());
    let (says_zh, why_zh) = step_words(source, zh.get_ref());
    if en.get_ref().why.is_some() != zh.get_ref().why.is_some() {
        source.error(&at, "`why` is there in one language alone");
    }
    Some(Check {
        id,
        pass,
        fail,
        when,
        link: entry.link.as_deref().map(Arc::from),
        says: Both { en: says_en, zh: says_zh },
        why: Both { en: why_en, zh: why_zh },
    })
}

fn step_words(source: &mut Source<'_>, entry: &StepWords) -> (super::template::Template, super::rule::Why) {
    let span: Range<usize> = entry.says.span();
    let says = words::parsed(source, entry.says.get_ref(), &span);
    let why = entry.why.as_ref().map(|why| words::why(source, why)).unwrap_or_default();
    (says, why)
}
