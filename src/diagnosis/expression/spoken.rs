//! A condition in words: what must hold, part by part, for people who read about a cause and not CEL.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators as op};

use super::compile;
use super::names::{dotted, path};
use crate::config::settings::Language;
use crate::diagnosis::facts::{FactPath, Type};

/// What a condition says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spoken {
    /// One thing that must hold.
    One(String),
    /// All of these.
    All(Vec<Self>),
    /// Any of these.
    Any(Vec<Self>),
}

impl Spoken {
    /// In one line.
    #[must_use]
    pub fn inline(&self, language: Language) -> String {
        let (parts, between) = match (self, language) {
            (Self::One(text), _) => return text.clone(),
            (Self::All(parts), Language::En) => (parts, " and "),
            (Self::All(parts), Language::Zh) => (parts, "，且"),
            (Self::Any(parts), Language::En) => (parts, " or "),
            (Self::Any(parts), Language::Zh) => (parts, "，或"),
        };
        let texts: Vec<String> = parts
            .iter()
            .map(|part| match (part, language) {
                (Self::One(text), _) => text.clone(),
                (compound, Language::En) => format!("({})", compound.inline(language)),
                (compound, Language::Zh) => format!("（{}）", compound.inline(language)),
            })
            .collect();
        texts.join(between)
    }
}

/// The words of a condition; the condition itself where it does not parse.
pub(super) fn of(source: &str, language: Language) -> Spoken {
    match compile::parse(source) {
        Ok(tree) => Speaker(language).condition(&tree.root),
        Err(_) => Spoken::One(code(source)),
    }
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

#[derive(Clone, Copy)]
struct Speaker(Language);

impl Speaker {
    fn say(self, en: impl Into<String>, zh: impl Into<String>) -> String {
        match self.0 {
            Language::En => en.into(),
            Language::Zh => zh.into(),
        }
    }

    fn condition(self, expr: &IdedExpr) -> Spoken {
        if let Expr::Call(call) = &expr.expr {
            match (call.func_name.as_str(), call.args.as_slice()) {
                (op::LOGICAL_AND, [a, b]) => {
                    let mut parts = Vec::new();
                    for side in [a, b] {
                        match self.condition(side) {
                            Spoken::All(more) => parts.extend(more),
                            one => parts.push(one),
                        }
                    }
                    return Spoken::All(self.without_known(parts));
                }
                (op::LOGICAL_OR, [a, b]) => {
                    let mut parts = Vec::new();
                    for side in [a, b] {
                        match self.condition(side) {
                            Spoken::Any(more) => parts.extend(more),
                            one => parts.push(one),
                        }
                    }
                    return Spoken::Any(parts);
                }
                _ => {}
            }
        }
        Spoken::One(self.statement(expr, true))
    }

    /// "It is known" is said of nothing of which more is said: `has(x) && x > 0`.
    fn without_known(self, parts: Vec<Spoken>) -> Vec<Spoken> {
        let texts: Vec<String> = parts.iter().map(|part| part.inline(self.0)).collect();
        let said = |text: &str| {
            let label = match self.0 {
                Language::En => text.strip_suffix(" is known"),
                Language::Zh => text.strip_prefix("已知"),
            };
            label.is_some_and(|label| texts.iter().any(|other| other != text && other.contains(label)))
        };
        parts.into_iter().filter(|part| !matches!(part, Spoken::One(text) if said(text))).collect()
    }

    /// One statement, or its contrary.
    fn statement(self, expr: &IdedExpr, holds: bool) -> String {
        if let Some(fact) = path(expr) {
            let label = self.label(&fact);
            return if holds {
                label
            } else {
                self.say(format!("not: {label}"), format!("并非：{label}"))
            };
        }
        match &expr.expr {
            Expr::Literal(LiteralValue::Boolean(value)) if *value.inner() == holds => {
                self.say("always", "总是如此")
            }
            Expr::Literal(LiteralValue::Boolean(_)) => self.say("never", "从不"),
            Expr::Select(select) if select.test => {
                self.known(dotted(&select.operand).as_deref(), &select.field, holds)
            }
            Expr::Call(call) => self.call(expr, call, holds),
            _ => self.subject(expr),
        }
    }

    fn call(self, expr: &IdedExpr, call: &CallExpr, holds: bool) -> String {
        let name = call.func_name.as_str();
        let not = |word: &str, contrary: &str| if holds { word.to_owned() } else { contrary.to_owned() };
        match (name, call.target.as_deref(), call.args.as_slice()) {
            (op::LOGICAL_NOT, _, [inner]) => self.statement(inner, !holds),
            (op::EQUALS | op::NOT_EQUALS, _, [a, b]) => {
                let same = (name == op::EQUALS) == holds;
                if let Expr::Literal(LiteralValue::Boolean(value)) = &b.expr {
                    return self.statement(a, *value.inner() == same);
                }
                let (a, b) = (self.subject(a), self.subject(b));
                let en = if same { "is" } else { "is not" };
                self.say(format!("{a} {en} {b}"), format!("{a}{}为 {b}", if same { "" } else { "不" }))
            }
            (op::IN, _, [item, list]) => self.among(item, list, holds),
            (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, _, [a, b]) => {
                let (en, zh) = comparison(name, holds);
                let (a, b) = (self.subject(a), self.subject(b));
                self.say(format!("{a} is {en} {b}"), format!("{a}{zh} {b}"))
            }
            ("startsWith", Some(text), [part]) => {
                self.test(text, part, &not("begins with", "does not begin with"), &not("以", "不以"), "开头")
            }
            ("endsWith", Some(text), [part]) => {
                self.test(text, part, &not("ends with", "does not end with"), &not("以", "不以"), "结尾")
            }
            ("contains", Some(text), [part]) => {
                self.test(text, part, &not("has", "does not have"), &not("包含", "不包含"), "")
            }
            ("matches", Some(text), [part]) | ("matches", None, [text, part]) => {
                self.test(text, part, &not("matches", "does not match"), &not("匹配", "不匹配"), "")
            }
            _ if holds => self.condition_or_subject(expr),
            _ => {
                let inner = self.condition_or_subject(expr);
                self.say(format!("not ({inner})"), format!("并非（{inner}）"))
            }
        }
    }

    fn condition_or_subject(self, expr: &IdedExpr) -> String {
        match self.compound(expr) {
            Some(compound) => compound.inline(self.0),
            None => self.subject(expr),
        }
    }

    /// `&&` and `||` inside a statement.
    fn compound(self, expr: &IdedExpr) -> Option<Spoken> {
        let Expr::Call(call) = &expr.expr else { return None };
        matches!(call.func_name.as_str(), op::LOGICAL_AND | op::LOGICAL_OR).then(|| self.condition(expr))
    }

    fn test(self, text: &IdedExpr, part: &IdedExpr, en: &str, zh: &str, zh_end: &str) -> String {
        let (text, part) = (self.subject(text), self.subject(part));
        let end = if zh_end.is_empty() { String::new() } else { format!(" {zh_end}") };
        self.say(format!("{text} {en} {part}"), format!("{text}{zh} {part}{end}"))
    }

    fn among(self, item: &IdedExpr, list: &IdedExpr, holds: bool) -> String {
        if let Expr::List(list) = &list.expr {
            let items: Vec<String> = list.elements.iter().map(|element| self.subject(element)).collect();
            let item = self.subject(item);
            let (en, zh) = if holds {
                ("is one of", "为以下之一：")
            } else {
                ("is none of", "不是以下任何一个：")
            };
            return self
                .say(format!("{item} {en} {}", items.join(", ")), format!("{item}{zh}{}", items.join("、")));
        }
        let item = self.subject(item);
        let of = path(list).map(|fact| fact.label(self.0)).unwrap_or_default();
        if holds {
            self.say(format!("there is a {of} {item}"), format!("有{of} {item}"))
        } else {
            self.say(format!("there is no {of} {item}"), format!("没有{of} {item}"))
        }
    }

    /// `has(fact)`, or its contrary.
    fn known(self, operand: Option<&str>, field: &str, holds: bool) -> String {
        let name = operand.map_or_else(|| field.to_owned(), |operand| format!("{operand}.{field}"));
        let Some(fact) = FactPath::parse(&name) else { return code(&name) };
        if fact.key.is_some() {
            let label = fact.label(self.0);
            return match holds {
                true => self.say(format!("there is a {label}"), format!("有{label}")),
                false => self.say(format!("there is no {label}"), format!("没有{label}")),
            };
        }
        let label = self.label(&fact);
        match (fact.fact.value_type() == Type::Bool, holds) {
            (true, true) => self.say(format!("it is known whether {label}"), format!("已知是否{label}")),
            (true, false) => self.say(format!("it is not known whether {label}"), format!("不知是否{label}")),
            (false, true) => self.say(format!("{label} is known"), format!("已知{label}")),
            (false, false) => self.say(format!("{label} is not known"), format!("{label}未知")),
        }
    }

    /// What a statement is about, or what it compares with.
    fn subject(self, expr: &IdedExpr) -> String {
        if let Some(fact) = path(expr) {
            return self.label(&fact);
        }
        match &expr.expr {
            Expr::Literal(LiteralValue::String(text)) => code(text.inner()),
            Expr::Literal(LiteralValue::Int(number)) => code(&number.inner().to_string()),
            Expr::Literal(LiteralValue::Boolean(value)) => {
                if *value.inner() {
                    self.say("yes", "是")
                } else {
                    self.say("no", "否")
                }
            }
            Expr::List(list) => {
                let items: Vec<String> = list.elements.iter().map(|element| self.subject(element)).collect();
                items.join(&self.say(", ", "、"))
            }
            Expr::Call(call) => self.computed(call),
            _ => self.say("what the condition below says", "见下方条件"),
        }
    }

    fn computed(self, call: &CallExpr) -> String {
        match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
            // the letter case is the rules' affair
            ("lowerAscii", Some(text), []) => self.subject(text),
            ("size", Some(of), []) | ("size", None, [of]) => {
                let of = self.subject(of);
                self.say(format!("the length of {of}"), format!("{of}的长度"))
            }
            (op::CONDITIONAL, _, [when, then, other]) => {
                let when = self.condition(when).inline(self.0);
                let (then, other) = (self.subject(then), self.subject(other));
                self.say(
                    format!("{then} where {when}, {other} elsewhere"),
                    format!("若{when}则为{then}，否则为{other}"),
                )
            }
            (op::NEGATE, _, [number]) => code(&format!("-{}", self.subject(number).replace('`', ""))),
            (name, _, [a, b]) => {
                let sign = name.trim_matches('_').to_owned();
                let (a, b) = (self.subject(a), self.subject(b));
                if sign == "[]" { format!("{a} {b}") } else { format!("{a} {sign} {b}") }
            }
            _ => self.say("what the condition below says", "见下方条件"),
        }
    }

    fn label(self, fact: &FactPath) -> String {
        let label = fact.label(self.0);
        // facts that are true or false are sentences by themselves
        if self.0 == Language::Zh || fact.fact.value_type() == Type::Bool && fact.key.is_none() {
            return label;
        }
        let whole = ["COS", "the ", "a ", "an ", "what ", "who ", "how ", "where ", "whose ", "coswhy"];
        if whole.iter().any(|start| label.starts_with(start)) { label } else { format!("the {label}") }
    }
}

fn comparison(name: &str, holds: bool) -> (&'static str, &'static str) {
    match (name, holds) {
        (op::LESS, true) | (op::GREATER_EQUALS, false) => ("less than", "小于"),
        (op::LESS_EQUALS, true) | (op::GREATER, false) => ("at most", "不大于"),
        (op::GREATER, true) | (op::LESS_EQUALS, false) => ("more than", "大于"),
        _ => ("at least", "不小于"),
    }
}
