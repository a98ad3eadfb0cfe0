//! What failed, grouped: how often, which cause, in which bucket, from when to when.

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::SystemTime;

use super::entry::Entry;
use super::translate::Translator;
use crate::config::settings::Language;
use crate::observe::log::clock::timestamp;
use crate::observe::log::text::push_terminal;

/// Kinds of failure that are told apart.
const MOST: usize = 10_000;

#[derive(Default)]
pub(super) struct Groups {
    groups: HashMap<Key, Group>,
    requests: u64,
    failed: u64,
    /// Failures of further kinds.
    others: u64,
    foreign: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    /// The cause, or the outcome where there is no diagnosis.
    kind: String,
    bucket: Option<String>,
    fingerprint: Option<String>,
}

struct Group {
    count: u64,
    first: SystemTime,
    last: SystemTime,
    /// What the newest says of itself.
    sentence: String,
}

impl Groups {
    pub(super) fn add(&mut self, entry: &Entry, translator: Option<&Translator>) {
        let Some(outcome) = &entry.outcome else { return };
        self.requests += 1;
        if !entry.has_failed() {
            return;
        }
        self.failed += 1;
        let key = Key {
            kind: entry.cause.as_ref().unwrap_or(outcome).clone(),
            bucket: entry.bucket.clone(),
            fingerprint: entry.fingerprint.clone(),
        };
        if self.groups.len() >= MOST && !self.groups.contains_key(&key) {
            self.others += 1;
            return;
        }
        let group = self.groups.entry(key).or_insert_with(|| Group {
            count: 0,
            first: entry.at,
            last: entry.at,
            sentence: String::new(),
        });
        group.count += 1;
        group.first = group.first.min(entry.at);
        // Once for each group is enough to translate: its sentences say the same of other instants.
        if entry.at >= group.last && (translator.is_none() || group.sentence.is_empty()) {
            group.sentence = sentence(entry, translator);
        }
        group.last = group.last.max(entry.at);
    }

    /// Counts a line that is none of the log's; empty ones are nothing.
    pub(super) fn add_foreign(&mut self, line: &str) {
        self.foreign += u64::from(!line.trim().is_empty());
    }

    /// The kind that came most often first.
    pub(super) fn write(&self, out: &mut impl Write, language: Language) -> io::Result<()> {
        writeln!(out, "\n{}", self.heading(language))?;
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort_by(|(_, a), (_, b)| b.count.cmp(&a.count).then(b.last.cmp(&a.last)));
        let width = |text: &dyn Fn(&Key) -> usize| groups.iter().map(|(key, _)| text(key)).max().unwrap_or(0);
        let kinds = width(&|key| key.kind.chars().count());
        let buckets = width(&|key| key.bucket.as_ref().map_or(1, |bucket| bucket.chars().count()));
        for (key, group) in groups {
            let bucket = key.bucket.as_deref().unwrap_or("-");
            let (first, last) = (timestamp(group.first), timestamp(group.last));
            let line = format!("{:>7}  {:kinds$}  {bucket:buckets$}  {first} {last}", group.count, key.kind);
            write_line(out, &line)?;
            if !group.sentence.is_empty() {
                write_line(out, &format!("{:9}{}", "", group.sentence))?;
            }
        }
        match (self.others, language) {
            (0, _) => Ok(()),
            (others, Language::En) => writeln!(out, "{others:>7}  of other kinds"),
            (others, Language::Zh) => writeln!(out, "{others:>7}  其他类型"),
        }
    }

    fn heading(&self, language: Language) -> String {
        let Self { requests, failed, foreign, .. } = self;
        match language {
            Language::En => {
                let lines = match foreign {
                    0 => String::new(),
                    1 => "; 1 line was none of coswhy's log".to_owned(),
                    n => format!("; {n} lines were none of coswhy's log"),
                };
                let requests_word = if *requests == 1 { "request" } else { "requests" };
                format!("{failed} of {requests} {requests_word} failed{lines}")
            }
            Language::Zh => {
                let lines = if *foreign == 0 {
                    String::new()
                } else {
                    format!("；{foreign} 行不是 coswhy 日志")
                };
                format!("{requests} 个请求中有 {failed} 个失败{lines}")
            }
        }
    }
}

fn sentence(entry: &Entry, translator: Option<&Translator>) -> String {
    let anew = translator.and_then(|translator| translator.explanation(entry));
    match (anew, &entry.error) {
        (Some(explanation), _) => explanation.diagnosis.summary,
        (None, Some(error)) if entry.cause.is_none() => error.clone(),
        (None, _) => entry.summary.clone(),
    }
}

fn write_line(out: &mut impl Write, line: &str) -> io::Result<()> {
    let mut shown = Vec::with_capacity(line.len() + 1);
    push_terminal(&mut shown, line);
    shown.push(b'\n');
    out.write_all(&shown)
}
