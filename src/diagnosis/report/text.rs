//! An explanation for people at a terminal.

use std::fmt::Write as _;

use super::explanation::{Difference, Explanation, Fix, Outcome, Step};
use crate::config::settings::Language;
use crate::diagnosis::verdict::Confidence;

/// How the text is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// ANSI colours, for a terminal.
    pub color: bool,
    pub language: Language,
}

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const CYAN: &str = "36";

/// The headings, in both languages.
struct Headings {
    evidence: &'static str,
    difference: &'static str,
    client: &'static str,
    checklist: &'static str,
    fixes: &'static str,
    alternatives: &'static str,
    said: &'static str,
    /// Between a label and what it is of.
    colon: &'static str,
    comma: &'static str,
}

const ENGLISH: Headings = Headings {
    evidence: "Evidence",
    difference: "Signed strings",
    client: "client",
    checklist: "Checklist",
    fixes: "What to do",
    alternatives: "Also possible",
    said: "COS said",
    colon: ": ",
    comma: ", ",
};

const CHINESE: Headings = Headings {
    evidence: "证据",
    difference: "签名字符串对比",
    client: "客户端",
    checklist: "检查清单",
    fixes: "处理方法",
    alternatives: "其他可能",
    said: "COS 返回",
    colon: "：",
    comma: "、",
};

/// The whole explanation, a line for each thing, ending with a line's end.
#[must_use]
pub fn render(explanation: &Explanation, style: Style) -> String {
    let headings = match style.language {
        Language::En => &ENGLISH,
        Language::Zh => &CHINESE,
    };
    let mut page = Page { out: String::with_capacity(2048), color: style.color };
    let verdict = &explanation.diagnosis;
    page.line(0, &[(BOLD, &explanation.title)]);
    let confidence = match verdict.confidence {
        "certain" => GREEN,
        "likely" => YELLOW,
        _ => DIM,
    };
    page.line(0, &[(CYAN, &verdict.cause), (confidence, &sure(verdict.confidence, style.language))]);
    page.line(0, &[("", &explanation.detail)]);
    if let Some(said) = said(explanation) {
        page.line(0, &[(DIM, headings.said), (DIM, headings.colon), ("", &said)]);
    }
    page.heading(headings.evidence, verdict.evidence.len());
    for evidence in &verdict.evidence {
        page.line(1, &[("", "- "), ("", &evidence.says), (DIM, &format!("  [{}]", evidence.fact))]);
    }
    page.heading(headings.difference, verdict.difference.len());
    for difference in &verdict.difference {
        page.difference(difference, headings, style.language);
    }
    page.heading(headings.checklist, verdict.checklist.len());
    for step in &verdict.checklist {
        page.step(step);
    }
    page.heading(headings.fixes, verdict.fixes.len());
    for (number, fix) in verdict.fixes.iter().enumerate() {
        page.fix(number + 1, fix);
    }
    if !verdict.alternatives.is_empty() {
        let others: Vec<String> = verdict
            .alternatives
            .iter()
            .map(|other| format!("{}{}", other.cause, sure(other.confidence, style.language)))
            .collect();
        let others = others.join(headings.comma);
        page.line(0, &[(BOLD, headings.alternatives), ("", headings.colon), ("", &others)]);
    }
    page.out
}

/// How sure it is, in brackets behind a cause.
fn sure(confidence: &str, language: Language) -> String {
    let word = Confidence::named(confidence).map_or(confidence, |level| level.in_words(language));
    match language {
        Language::En => format!(" ({word})"),
        Language::Zh => format!("（{word}）"),
    }
}

/// The name of a part of the signed string.
fn part_in(part: &'static str, language: Language) -> &'static str {
    match (part, language) {
        ("method", Language::Zh) => "请求方法",
        ("path", Language::Zh) => "路径",
        ("parameter", Language::Zh) => "请求参数",
        ("header", Language::Zh) => "请求头",
        _ => part,
    }
}

fn said(explanation: &Explanation) -> Option<String> {
    let status = explanation.status.map(|status| status.to_string());
    let parts = [status.as_ref(), explanation.cos.code.as_ref(), explanation.cos.message.as_ref()];
    let said: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// How wide a terminal shows a text: CJK characters take two columns.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| if matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{ffef}') { 2 } else { 1 })
        .sum()
}

struct Page {
    out: String,
    color: bool,
}

impl Page {
    fn heading(&mut self, text: &str, items: usize) {
        if items > 0 {
            self.line(0, &[(BOLD, text)]);
        }
    }

    fn step(&mut self, step: &Step) {
        let (mark, color) = match step.outcome {
            Outcome::Pass => ("+", GREEN),
            Outcome::Fail => ("x", RED),
            Outcome::Unknown => ("?", YELLOW),
        };
        self.line(1, &[(color, mark), ("", " "), ("", &step.step)]);
        if !step.why.is_empty() {
            self.line(2, &[(DIM, &step.why)]);
        }
        if let (Some(link), Outcome::Fail) = (&step.link, step.outcome) {
            self.line(2, &[(DIM, link)]);
        }
    }

    /// One line where both sides are alike, else two and a mark under the first byte that differs.
    fn difference(&mut self, row: &Difference, headings: &Headings, language: Language) {
        let part = part_in(row.part, language);
        let part = match &row.name {
            Some(name) => format!("{part} {name}"),
            None => part.to_owned(),
        };
        let value = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".to_owned());
        if row.same {
            self.line(1, &[(DIM, "= "), (DIM, &part), (DIM, "  "), (DIM, &value(&row.client))]);
            return;
        }
        self.line(1, &[(RED, "x "), ("", &part)]);
        let width = columns(headings.client).max(columns("COS"));
        for (who, side) in [(headings.client, &row.client), ("COS", &row.cos)] {
            let pad = " ".repeat(width - columns(who) + 2);
            self.line(3, &[(DIM, who), ("", &pad), (CYAN, &value(side))]);
        }
        let before = row.differs_at.and_then(|at| row.client.as_deref().and_then(|text| text.get(..at)));
        if let Some(before) = before {
            self.line(3, &[("", &" ".repeat(width + 2 + columns(before))), (RED, "^")]);
        }
    }

    fn fix(&mut self, number: usize, fix: &Fix) {
        self.line(1, &[("", &format!("{number}. ")), ("", &fix.says)]);
        for paste in [&fix.command, &fix.document].into_iter().flatten() {
            for line in paste.lines() {
                self.line(3, &[(CYAN, line)]);
            }
        }
    }

    fn line(&mut self, indent: usize, spans: &[(&str, &str)]) {
        let _ = write!(self.out, "{:1$}", "", indent * 2);
        for (style, text) in spans {
            if self.color && !style.is_empty() {
                let _ = write!(self.out, "\x1b[{style}m");
            }
            // what strangers wrote must not steer the terminal
            self.out.extend(text.chars().map(|c| match c {
                // the strings of a signature have lines
                '\n' => '⏎',
                c if c.is_control() => '\u{fffd}',
                c => c,
            }));
            if self.color && !style.is_empty() {
                self.out.push_str("\x1b[0m");
            }
        }
        self.out.push('\n');
    }
}
