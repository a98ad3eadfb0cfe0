//! Functions on facts: texts are searched, sizes taken, and `has` tells what is known.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue};

use super::compile::Compiler;
use super::error::{ExpressionError, suggestion};
use super::names::dotted;
use super::pattern::Pattern;
use super::typed::{BoolFn, List, Text, Typed};
use crate::diagnosis::facts::{Entry, FactPath, Type, nearest_of};

/// Every function and how it is called.
const SIGNATURES: [(&str, &str); 7] = [
    ("startsWith", "text.startsWith(text)"),
    ("endsWith", "text.endsWith(text)"),
    ("contains", "text.contains(text)"),
    ("matches", "text.matches(\"regular expression\")"),
    ("lowerAscii", "text.lowerAscii()"),
    ("size", "size(text, list or map)"),
    ("has", "has(fact)"),
];

pub(super) fn compile(
    compiler: &mut Compiler<'_>,
    expr: &IdedExpr,
    call: &CallExpr,
) -> Result<Typed, ExpressionError> {
    let name = call.func_name.as_str();
    let Some((_, signature)) = SIGNATURES.iter().find(|(n, _)| *n == name) else {
        let nearest = nearest_of(name, SIGNATURES.iter().map(|(n, _)| *n));
        let message = format!("no function is called `{name}`{}", suggestion(nearest));
        return Err(compiler.error_at_function(expr, name, message));
    };
    let of = format!("`{name}`");
    match (name, call.target.as_deref(), call.args.as_slice()) {
        ("startsWith" | "endsWith" | "contains", Some(target), [part]) => {
            let text = text(compiler, target, &of)?;
            let part = self::text(compiler, part, &of)?;
            let test: fn(&str, &str) -> bool = match name {
                "startsWith" => |text, part| text.starts_with(part),
                "endsWith" => |text, part| text.ends_with(part),
                _ => |text, part| text.contains(part),
            };
            let (text, part) = match (name, text, part) {
                ("startsWith", Text::Lower(text), Text::Literal(part)) => {
                    return Ok(Typed::Bool(begins(*text, &part)));
                }
                (_, text, part) => (text, part),
            };
            Ok(Typed::Bool(Box::new(move |facts| Some(test(&text.get(facts)?, &part.get(facts)?)))))
        }
        ("matches", Some(target), [pattern]) | ("matches", None, [target, pattern]) => {
            let text = text(compiler, target, &of)?;
            let pattern = pattern_of(compiler, pattern)?;
            Ok(Typed::Bool(Box::new(move |facts| Some(pattern.is_match(&text.get(facts)?)))))
        }
        ("lowerAscii", Some(target), []) => {
            Ok(Typed::Text(Text::Lower(Box::new(text(compiler, target, &of)?))))
        }
        ("size", Some(target), []) | ("size", None, [target]) => size(compiler, target),
        _ => Err(compiler.error_at_function(expr, name, format!("{of} is called like so: {signature}"))),
    }
}

fn text(compiler: &mut Compiler<'_>, expr: &IdedExpr, of: &str) -> Result<Text, ExpressionError> {
    match compiler.operand(expr, Type::Text, of)? {
        Typed::Text(text) => Ok(text),
        _ => Err(compiler.error_at(expr, "not a text")),
    }
}

/// `text.lowerAscii().startsWith("…")`, which dozens of conditions ask of one message: without a copy of it.
fn begins(text: Text, part: &str) -> BoolFn {
    let part = part.as_bytes().to_owned();
    // what is in capitals is in no text of small letters
    let can_be = !part.iter().any(u8::is_ascii_uppercase);
    Box::new(move |facts| {
        let text = text.get(facts)?;
        let start = text.as_bytes().get(..part.len());
        Some(can_be && start.is_some_and(|start| start.eq_ignore_ascii_case(&part)))
    })
}

fn pattern_of(compiler: &mut Compiler<'_>, expr: &IdedExpr) -> Result<Pattern, ExpressionError> {
    let Expr::Literal(LiteralValue::String(pattern)) = &expr.expr else {
        return Err(compiler.error_at(
            expr,
            "the pattern of `matches` is written out: it is compiled when the rule is loaded",
        ));
    };
    compiler.one_more_pattern(expr)?;
    Pattern::new(pattern.inner()).map_err(|error| {
        let text = error.to_string();
        let last = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        compiler.error_at(expr, format!("not a regular expression: {last}"))
    })
}

fn size(compiler: &mut Compiler<'_>, target: &IdedExpr) -> Result<Typed, ExpressionError> {
    let count = |n: usize| i64::try_from(n).ok();
    match compiler.expression(target)? {
        // CEL counts characters, not bytes.
        Typed::Text(text) => Ok(Typed::Int(Box::new(move |facts| count(text.get(facts)?.chars().count())))),
        Typed::List(List::Fact(list)) => Ok(Typed::Int(Box::new(move |facts| count(list(facts)?.len())))),
        Typed::Map(map) => Ok(Typed::Int(Box::new(move |facts| count(map(facts)?.size()?)))),
        other => Err(compiler
            .error_at(target, format!("`size` takes a text, a list or a map, not a {}", other.type_name()))),
    }
}

/// `has(a.b)`: whether the fact is known; for a map's name, whether it is there.
pub(super) fn has(
    compiler: &mut Compiler<'_>,
    operand: &IdedExpr,
    field: &str,
) -> Result<Typed, ExpressionError> {
    let name = dotted(operand).map(|operand| format!("{operand}.{field}")).unwrap_or_default();
    let Some(path) = FactPath::parse(&name) else {
        let nearest = suggestion(FactPath::nearest(&name));
        return Err(compiler.error_at(operand, format!("no fact is called `{name}`{nearest}")));
    };
    match (compiler.read(path.clone()), path.key) {
        (_, Some(key)) => Ok(Typed::Bool(Box::new(move |facts| match path.fact.entry(facts, &key) {
            Entry::Present(_) => Some(true),
            Entry::Absent => Some(false),
            Entry::Unknown => None,
        }))),
        (Typed::Map(map), None) => Ok(Typed::Bool(Box::new(move |facts| Some(map(facts).is_some())))),
        (_, None) => Ok(Typed::Bool(Box::new(move |facts| Some(path.fact.value(facts).is_some())))),
    }
}
