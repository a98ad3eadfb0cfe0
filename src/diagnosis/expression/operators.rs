//! Operators: what types they take, and the closures that they become.

use cel::IdedExpr;
use cel::common::ast::operators as op;

use super::compile::Compiler;
use super::error::ExpressionError;
use super::kleene;
use super::typed::{BoolFn, IntFn, List, Text, Typed};
use crate::diagnosis::facts::{Entry, Type};

const ALL: [&str; 17] = [
    op::CONDITIONAL,
    op::LOGICAL_AND,
    op::LOGICAL_OR,
    op::LOGICAL_NOT,
    op::SUBSTRACT,
    op::ADD,
    op::MULTIPLY,
    op::DIVIDE,
    op::MODULO,
    op::EQUALS,
    op::NOT_EQUALS,
    op::GREATER_EQUALS,
    op::LESS_EQUALS,
    op::GREATER,
    op::LESS,
    op::NEGATE,
    op::INDEX,
];

pub(super) fn is_operator(name: &str) -> bool {
    ALL.contains(&name) || name == op::IN
}

/// The operator as it is written.
fn written(name: &str) -> &str {
    name.trim_matches(|c| c == '_' || c == '@')
}

pub(super) fn compile(
    compiler: &mut Compiler<'_>,
    expr: &IdedExpr,
    name: &str,
    args: &[IdedExpr],
) -> Result<Typed, ExpressionError> {
    match (name, args) {
        (op::LOGICAL_AND, [a, b]) => {
            Ok(Typed::Bool(kleene::and(boolean(compiler, a, "&&")?, boolean(compiler, b, "&&")?)))
        }
        (op::LOGICAL_OR, [a, b]) => {
            Ok(Typed::Bool(kleene::or(boolean(compiler, a, "||")?, boolean(compiler, b, "||")?)))
        }
        (op::LOGICAL_NOT, [a]) => Ok(Typed::Bool(kleene::not(boolean(compiler, a, "!")?))),
        (op::CONDITIONAL, [condition, yes, no]) => conditional(compiler, condition, yes, no),
        (op::EQUALS, [a, b]) => Ok(Typed::Bool(equality(compiler, a, b)?)),
        (op::NOT_EQUALS, [a, b]) => Ok(Typed::Bool(kleene::not(equality(compiler, a, b)?))),
        (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, [a, b]) => {
            Ok(Typed::Bool(order(compiler, name, a, b)?))
        }
        (op::ADD | op::SUBSTRACT | op::MULTIPLY | op::DIVIDE | op::MODULO, [a, b]) => {
            arithmetic(compiler, name, a, b)
        }
        (op::NEGATE, [a]) => {
            let value = integer(compiler, a, "-")?;
            Ok(Typed::Int(Box::new(move |facts| value(facts)?.checked_neg())))
        }
        (op::IN, [item, container]) => Ok(Typed::Bool(membership(compiler, item, container)?)),
        (op::INDEX, [container, index]) => element(compiler, container, index),
        _ => Err(compiler.error_at(expr, format!("`{}` is not to be had in rules", written(name)))),
    }
}

fn boolean(compiler: &mut Compiler<'_>, expr: &IdedExpr, of: &str) -> Result<BoolFn, ExpressionError> {
    match compiler.operand(expr, Type::Bool, &format!("`{of}`"))? {
        Typed::Bool(value) => Ok(value),
        _ => Err(compiler.error_at(expr, "not a bool")),
    }
}

fn integer(compiler: &mut Compiler<'_>, expr: &IdedExpr, of: &str) -> Result<IntFn, ExpressionError> {
    match compiler.operand(expr, Type::Int, &format!("`{of}`"))? {
        Typed::Int(value) => Ok(value),
        _ => Err(compiler.error_at(expr, "not an int")),
    }
}

fn conditional(
    compiler: &mut Compiler<'_>,
    condition: &IdedExpr,
    yes: &IdedExpr,
    no: &IdedExpr,
) -> Result<Typed, ExpressionError> {
    let test = boolean(compiler, condition, "?:")?;
    let first = compiler.expression(yes)?;
    let second = compiler.operand(no, first.value_type(), "the second branch, like the first,")?;
    match (first, second) {
        (Typed::Bool(yes), Typed::Bool(no)) => {
            Ok(Typed::Bool(Box::new(move |facts| if test(facts)? { yes(facts) } else { no(facts) })))
        }
        (Typed::Int(yes), Typed::Int(no)) => {
            Ok(Typed::Int(Box::new(move |facts| if test(facts)? { yes(facts) } else { no(facts) })))
        }
        (Typed::Text(yes), Typed::Text(no)) => Ok(Typed::Text(Text::If(test, Box::new(yes), Box::new(no)))),
        (first, _) => Err(compiler.error_at(yes, format!("`?:` chooses no {}", first.type_name()))),
    }
}

fn equality(compiler: &mut Compiler<'_>, a: &IdedExpr, b: &IdedExpr) -> Result<BoolFn, ExpressionError> {
    let left = compiler.expression(a)?;
    let right = compiler.operand(b, left.value_type(), "the right side, like the left,")?;
    match (left, right) {
        (Typed::Text(Text::Fact(get)), Typed::Text(Text::Literal(literal))) => {
            Ok(Box::new(move |facts| get(facts).map(|text| *text == *literal)))
        }
        (Typed::Text(a), Typed::Text(b)) => Ok(Box::new(move |facts| Some(a.get(facts)? == b.get(facts)?))),
        (Typed::Int(a), Typed::Int(b)) => Ok(Box::new(move |facts| Some(a(facts)? == b(facts)?))),
        (Typed::Bool(a), Typed::Bool(b)) => Ok(Box::new(move |facts| Some(a(facts)? == b(facts)?))),
        (left, _) => {
            Err(compiler.error_at(a, format!("a {} can't be compared as a whole", left.type_name())))
        }
    }
}

fn order(
    compiler: &mut Compiler<'_>,
    name: &str,
    a: &IdedExpr,
    b: &IdedExpr,
) -> Result<BoolFn, ExpressionError> {
    use std::cmp::Ordering::{Greater, Less};
    let test: fn(std::cmp::Ordering) -> bool = match name {
        op::LESS => |o| o == Less,
        op::LESS_EQUALS => |o| o != Greater,
        op::GREATER => |o| o == Greater,
        _ => |o| o != Less,
    };
    let left = compiler.expression(a)?;
    let right = compiler.operand(b, left.value_type(), "the right side, like the left,")?;
    match (left, right) {
        (Typed::Int(a), Typed::Int(b)) => Ok(Box::new(move |facts| Some(test(a(facts)?.cmp(&b(facts)?))))),
        (Typed::Text(a), Typed::Text(b)) => {
            Ok(Box::new(move |facts| Some(test(a.get(facts)?.cmp(&b.get(facts)?)))))
        }
        (left, _) => {
            let name = written(name);
            Err(compiler.error_at(a, format!("`{name}` compares ints or texts, not a {}", left.type_name())))
        }
    }
}

fn arithmetic(
    compiler: &mut Compiler<'_>,
    name: &str,
    a: &IdedExpr,
    b: &IdedExpr,
) -> Result<Typed, ExpressionError> {
    let left = compiler.expression(a)?;
    if name == op::ADD
        && let Typed::Text(left) = left
    {
        return match compiler.operand(b, Type::Text, "`+` on a text")? {
            Typed::Text(right) => Ok(Typed::Text(Text::Join(Box::new(left), Box::new(right)))),
            _ => Err(compiler.error_at(b, "not a text")),
        };
    }
    let Typed::Int(left) = left else {
        let written = written(name);
        return Err(
            compiler.error_at(a, format!("`{written}` needs int, and this is of type {}", left.type_name()))
        );
    };
    let right = integer(compiler, b, written(name))?;
    let apply: fn(i64, i64) -> Option<i64> = match name {
        op::ADD => i64::checked_add,
        op::SUBSTRACT => i64::checked_sub,
        op::MULTIPLY => i64::checked_mul,
        op::DIVIDE => i64::checked_div,
        _ => i64::checked_rem,
    };
    Ok(Typed::Int(Box::new(move |facts| apply(left(facts)?, right(facts)?))))
}

fn membership(
    compiler: &mut Compiler<'_>,
    item: &IdedExpr,
    container: &IdedExpr,
) -> Result<BoolFn, ExpressionError> {
    let needle = compiler.expression(item)?;
    let haystack = compiler.expression(container)?;
    match (needle, haystack) {
        (Typed::Text(name), Typed::Map(map)) => {
            Ok(Box::new(move |facts| match map(facts)?.get(&name.get(facts)?) {
                Entry::Present(_) => Some(true),
                Entry::Absent => Some(false),
                Entry::Unknown => None,
            }))
        }
        (Typed::Text(item), Typed::List(List::Fact(list))) => Ok(Box::new(move |facts| {
            let item = item.get(facts)?;
            Some(list(facts)?.iter().any(|text| *text == *item))
        })),
        (Typed::Text(item), Typed::List(List::Texts(texts))) => Ok(Box::new(move |facts| {
            let item = item.get(facts)?;
            kleene::any(texts.iter().map(|text| Some(text.get(facts)? == item)))
        })),
        (Typed::Int(item), Typed::List(List::Ints(ints))) => Ok(Box::new(move |facts| {
            let item = item(facts)?;
            kleene::any(ints.iter().map(|int| Some(int(facts)? == item)))
        })),
        (_, Typed::List(List::Empty)) => Ok(Box::new(|_| Some(false))),
        (needle, Typed::List(_) | Typed::Map(_)) => Err(compiler
            .error_at(item, format!("`in` does not find a value of type {} in there", needle.type_name()))),
        (_, other) => Err(compiler.error_at(
            container,
            format!("`in` looks into a list or a map, and this is of type {}", other.type_name()),
        )),
    }
}

fn element(
    compiler: &mut Compiler<'_>,
    container: &IdedExpr,
    index: &IdedExpr,
) -> Result<Typed, ExpressionError> {
    match compiler.expression(container)? {
        Typed::Map(map) => match compiler.operand(index, Type::Text, "the name in a map")? {
            Typed::Text(name) => Ok(Typed::Text(Text::Entry(map, Box::new(name)))),
            _ => Err(compiler.error_at(index, "not a text")),
        },
        Typed::List(List::Fact(list)) => {
            let index = integer(compiler, index, "[]")?;
            Ok(Typed::Text(Text::Element(list, index)))
        }
        other => Err(compiler.error_at(
            container,
            format!(
                "`[]` takes from a fact that is a list or a map, and this is of type {}",
                other.type_name()
            ),
        )),
    }
}
