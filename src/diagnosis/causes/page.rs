//! One cause's page in one language, as Markdown that reads well in a terminal too.

use std::fmt::Write as _;

use super::{Cause, once, text};
use crate::config::settings::Language;
use crate::diagnosis::expression::Spoken;
use crate::diagnosis::rules::{Check, Fix, Rule};

/// The words around what the rules say.
struct Words {
    meaning: &'static str,
    codes: &'static str,
    known: &'static str,
    all: &'static str,
    any: &'static str,
    certain_where: &'static str,
    instead: &'static str,
    open: &'static str,
    evidence: &'static str,
    checklist: &'static str,
    fixes: &'static str,
    only: (&'static str, &'static str),
    look: &'static str,
}

const ENGLISH: Words = Words {
    meaning: "What it means",
    codes: "Code by code",
    known: "How coswhy knows",
    all: "All of these hold:",
    any: "One of these holds:",
    certain_where: "Certain where",
    instead: "Then it is not merely:",
    open: "What stays possible beside it:",
    evidence: "What it shows",
    checklist: "Checklist",
    fixes: "What to do",
    only: (" *(where ", ")*"),
    look: " *(somebody has to look)*",
};

const CHINESE: Words = Words {
    meaning: "含义",
    codes: "各错误码",
    known: "判断依据",
    all: "以下全部成立：",
    any: "以下任一成立：",
    certain_where: "在此情况下可以确定：",
    instead: "此时不再只是：",
    open: "仍然可能的其他原因：",
    evidence: "展示的证据",
    checklist: "检查清单",
    fixes: "处理方法",
    only: ("*（适用于：", "）*"),
    look: "*（需人工确认）*",
};

fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &ENGLISH,
        Language::Zh => &CHINESE,
    }
}

/// What is known of a cause.
#[must_use]
pub fn page(cause: &Cause<'_>, language: Language) -> String {
    let mut page = Page { out: String::with_capacity(8192), language, words: words(language) };
    let _ = writeln!(page.out, "# {}: {}", cause.name, cause.title(language));
    page.meaning(cause);
    page.codes(cause);
    page.heading(page.words.known);
    for rule in &cause.rules {
        page.rule(rule);
    }
    page.evidence(cause);
    page.checklist(cause);
    page.fixes(cause);
    page.out
}

struct Page {
    out: String,
    language: Language,
    words: &'static Words,
}

impl Page {
    fn heading(&mut self, text: &str) {
        let _ = write!(self.out, "\n## {text}\n");
    }

    fn items(&mut self, heading: &str, items: &[String]) {
        if items.is_empty() {
            return;
        }
        self.heading(heading);
        self.out.push('\n');
        for item in items {
            let _ = writeln!(self.out, "- {item}");
        }
    }

    fn meaning(&mut self, cause: &Cause<'_>) {
        self.heading(self.words.meaning);
        let said = |rule: &&Rule| {
            let detail = rule.detail.get(self.language).as_ref().map(text);
            detail.unwrap_or_else(|| text(rule.summary.get(self.language)))
        };
        for paragraph in once(cause.rules.iter().map(said)) {
            let _ = write!(self.out, "\n{paragraph}\n");
        }
    }

    fn codes(&mut self, cause: &Cause<'_>) {
        let language = self.language;
        let codes = cause.rules.iter().flat_map(|rule| &rule.codes).map(|(code, words)| {
            let fix = words.fix.get(language).as_ref().map(|fix| format!(" {}", text(fix)));
            format!("`{code}`: {}{}", text(words.summary.get(language)), fix.unwrap_or_default())
        });
        self.items(self.words.codes, &once(codes));
    }

    /// When one rule concludes the cause, and how sure it is.
    fn rule(&mut self, rule: &Rule) {
        let sure = rule.confidence.in_words(self.language);
        let _ = write!(self.out, "\n### {}: {sure}\n\n", rule.id);
        match rule.when.spoken(self.language) {
            Spoken::All(parts) => self.parts(self.words.all, &parts),
            Spoken::Any(parts) => self.parts(self.words.any, &parts),
            Spoken::One(text) => {
                let _ = writeln!(self.out, "- {text}");
            }
        }
        if let Some(certain) = &rule.certain {
            let certain = certain.spoken(self.language).inline(self.language);
            let _ = write!(self.out, "\n{} {certain}\n", self.words.certain_where);
        }
        for (label, causes) in [(self.words.instead, &rule.refines), (self.words.open, &rule.alternatives)] {
            if !causes.is_empty() {
                let names: Vec<String> = causes.iter().map(|name| format!("`{name}`")).collect();
                let _ = write!(self.out, "\n{label} {}\n", names.join(", "));
            }
        }
        let _ = write!(self.out, "\n```cel\n{}\n```\n", rule.when.source.trim());
    }

    fn parts(&mut self, heading: &str, parts: &[Spoken]) {
        let _ = write!(self.out, "{heading}\n\n");
        self.list(parts, 0);
    }

    fn list(&mut self, parts: &[Spoken], depth: usize) {
        for part in parts {
            let _ = write!(self.out, "{:1$}- ", "", depth * 2);
            match part {
                Spoken::One(text) => {
                    let _ = writeln!(self.out, "{text}");
                }
                Spoken::All(parts) => {
                    let _ = writeln!(self.out, "{}", self.words.all);
                    self.list(parts, depth + 1);
                }
                Spoken::Any(parts) => {
                    let _ = writeln!(self.out, "{}", self.words.any);
                    self.list(parts, depth + 1);
                }
            }
        }
    }

    fn evidence(&mut self, cause: &Cause<'_>) {
        let language = self.language;
        let shown = cause.rules.iter().flat_map(|rule| &rule.evidence).map(|evidence| {
            let says = evidence.says.get(language).as_ref().map(text);
            format!("`{}`: {}", evidence.path.name(), says.unwrap_or_else(|| evidence.path.label(language)))
        });
        self.items(self.words.evidence, &once(shown));
    }

    fn checklist(&mut self, cause: &Cause<'_>) {
        let steps = once(cause.rules.iter().flat_map(|rule| &rule.checks).map(|check| self.step(check)));
        self.items(self.words.checklist, &steps);
    }

    fn step(&self, check: &Check) -> String {
        let mut step = text(check.says.get(self.language));
        if let Some(link) = &check.link {
            step = format!("[{step}]({link})");
        }
        if check.pass.is_none() && check.fail.is_none() {
            step.push_str(self.words.look);
        }
        step
    }

    fn fixes(&mut self, cause: &Cause<'_>) {
        let fixes = once(cause.rules.iter().flat_map(|rule| &rule.fixes).map(|fix| self.fix(fix)));
        if fixes.is_empty() {
            return;
        }
        self.heading(self.words.fixes);
        for (number, fix) in fixes.iter().enumerate() {
            let _ = write!(self.out, "\n{}. {fix}\n", number + 1);
        }
    }

    fn fix(&self, fix: &Fix) -> String {
        let mut said = text(fix.says.get(self.language));
        if let Some(when) = &fix.when {
            let (before, after) = self.words.only;
            let _ = write!(said, "{before}{}{after}", when.spoken(self.language).inline(self.language));
        }
        for paste in [&fix.command, &fix.document].into_iter().flatten() {
            said.push_str("\n\n");
            for line in paste.unfilled().trim_matches('\n').lines() {
                let _ = writeln!(said, "       {line}");
            }
        }
        said.truncate(said.trim_end().len());
        said
    }
}
