//! From CEL's syntax tree to closures: every node is checked against the types of the facts on the way.

use std::sync::Arc;

use cel::IdedExpr;
use cel::common::ast::{Expr, LiteralValue, SourceInfo, operators};
use cel::parser::Parser;

use super::error::{ExpressionError, suggestion};
use super::names::{dotted, path};
use super::typed::{List, Text, Typed};
use super::{functions, operators as operations};
use crate::diagnosis::facts::{FactPath, Type};

/// A parsed expression and where its nodes stand.
pub(super) struct Tree {
    pub root: IdedExpr,
    pub positions: SourceInfo,
}

/// Longest expression: deeper trees than a person writes only serve to exhaust the stack.
const MAX_LENGTH: usize = 4096;
const MAX_DEPTH: u16 = 48;
/// Signs of operators: a chain of them is as deep as it is long, and the parser has no limit of its own for that.
const MAX_SIGNS: usize = 256;
/// Patterns in one condition: each looks through a whole text.
const MAX_PATTERNS: usize = 16;

pub(super) fn parse(source: &str) -> Result<Tree, ExpressionError> {
    if source.len() > MAX_LENGTH {
        return Err(ExpressionError::new(0, format!("a condition is at most {MAX_LENGTH} bytes long")));
    }
    if let Some(at) = too_deep(source) {
        let message = format!("a condition has at most {MAX_DEPTH} brackets inside each other");
        return Err(ExpressionError::new(at, message));
    }
    if let Some(at) = too_chained(source) {
        let message = format!("a condition has at most {MAX_SIGNS} signs of operators");
        return Err(ExpressionError::new(at, message));
    }
    match Parser::new().max_recursion_depth(MAX_DEPTH).parse_with_source_info(source) {
        Ok((root, positions)) => Ok(Tree { root, positions }),
        Err(errors) => {
            let first = errors.errors.first();
            let (line, column) = first.map_or((1, 1), |e| e.pos);
            let message = first.map_or("not an expression", |e| e.msg.as_str());
            Err(ExpressionError::new(offset_of(source, line, column), message))
        }
    }
}

/// The first bracket that is inside too many others. The parser's own limit does not count those of lists and
/// maps, and it exhausts the stack on them. Brackets in texts count as well: no text needs that many.
fn too_deep(source: &str) -> Option<usize> {
    let mut depth = 0_u16;
    source.bytes().position(|byte| {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MAX_DEPTH
    })
}

/// The first sign of an operator that is one too many. Those in texts count as well, as brackets do.
fn too_chained(source: &str) -> Option<usize> {
    let signs = source.bytes().enumerate().filter(|(_, byte)| b"+-*/%!?.&|<>=".contains(byte));
    signs.map(|(at, _)| at).nth(MAX_SIGNS)
}

/// The byte at which a line (from 1) and column (from 1) of `source` begin.
fn offset_of(source: &str, line: isize, column: isize) -> usize {
    let line = usize::try_from(line - 1).unwrap_or(0);
    let column = usize::try_from(column - 1).unwrap_or(0);
    let start: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    (start + column).min(source.len())
}

pub(super) struct Compiler<'a> {
    source: &'a str,
    positions: &'a SourceInfo,
    pub reads: Vec<FactPath>,
    patterns: usize,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(source: &'a str, positions: &'a SourceInfo) -> Self {
        Self { source, positions, reads: Vec::new(), patterns: 0 }
    }

    pub(super) fn expression(&mut self, expr: &IdedExpr) -> Result<Typed, ExpressionError> {
        if let Some(path) = path(expr) {
            return Ok(self.read(path));
        }
        match &expr.expr {
            Expr::Literal(literal) => self.literal(expr, literal),
            Expr::Ident(_) => Err(self.unknown_name(expr)),
            Expr::Select(select) if select.test => functions::has(self, &select.operand, &select.field),
            Expr::Select(select) => self.select(expr, &select.operand, &select.field),
            Expr::List(list) => self.list(expr, &list.elements),
            Expr::Call(call) => match (&call.target, operations::is_operator(&call.func_name)) {
                (None, true) => operations::compile(self, expr, &call.func_name, &call.args),
                _ => functions::compile(self, expr, call),
            },
            Expr::Comprehension(_) => {
                Err(self.error_at(expr, "`all`, `exists`, `map` and `filter` are not to be had in rules"))
            }
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                Err(self.error_at(expr, "maps and messages can't be made in rules"))
            }
        }
    }

    fn literal(&self, expr: &IdedExpr, literal: &LiteralValue) -> Result<Typed, ExpressionError> {
        match literal {
            LiteralValue::Boolean(value) => {
                let value = *value.inner();
                Ok(Typed::Bool(Box::new(move |_| Some(value))))
            }
            LiteralValue::Int(value) => {
                let value = *value.inner();
                Ok(Typed::Int(Box::new(move |_| Some(value))))
            }
            LiteralValue::String(value) => Ok(Typed::Text(Text::Literal(Arc::from(value.inner())))),
            LiteralValue::Null => {
                Err(self.error_at(expr, "no fact is null: has(fact) tells whether it is known"))
            }
            LiteralValue::Bytes(_) | LiteralValue::Double(_) | LiteralValue::UInt(_) => {
                Err(self.error_at(expr, "no fact has the type of this literal: text, int and bool are"))
            }
        }
    }

    fn select(&mut self, expr: &IdedExpr, operand: &IdedExpr, field: &str) -> Result<Typed, ExpressionError> {
        if dotted(expr).is_some() {
            return Err(self.unknown_name(expr));
        }
        let typed = self.expression(operand)?;
        Err(self.error_at(expr, format!("a {} has no field `{field}`", typed.type_name())))
    }

    fn list(&mut self, expr: &IdedExpr, elements: &[IdedExpr]) -> Result<Typed, ExpressionError> {
        let mut texts = Vec::new();
        let mut ints = Vec::new();
        for element in elements {
            match self.expression(element)? {
                Typed::Text(text) if ints.is_empty() => texts.push(text),
                Typed::Int(int) if texts.is_empty() => ints.push(int),
                other => {
                    return Err(self.error_at(
                        element,
                        format!(
                            "a list holds texts or ints, all alike, and this is of type {}",
                            other.type_name()
                        ),
                    ));
                }
            }
        }
        Ok(Typed::List(match (texts.is_empty(), ints.is_empty()) {
            (false, _) => List::Texts(texts),
            (_, false) => List::Ints(ints),
            _ if elements.is_empty() => List::Empty,
            _ => return Err(self.error_at(expr, "a list of nothing known")),
        }))
    }

    /// Compiles an operand that must be of type `wanted`.
    pub(super) fn operand(
        &mut self,
        expr: &IdedExpr,
        wanted: Type,
        of: &str,
    ) -> Result<Typed, ExpressionError> {
        let typed = self.expression(expr)?;
        if typed.value_type() == wanted {
            return Ok(typed);
        }
        Err(self.error_at(
            expr,
            format!("{of} needs {}, and this is of type {}", wanted.as_str(), typed.type_name()),
        ))
    }

    /// Counts the regular expressions.
    pub(super) fn one_more_pattern(&mut self, expr: &IdedExpr) -> Result<(), ExpressionError> {
        self.patterns += 1;
        if self.patterns > MAX_PATTERNS {
            let message = format!("a condition has at most {MAX_PATTERNS} regular expressions");
            return Err(self.error_at(expr, message));
        }
        Ok(())
    }

    /// Notes that the condition depends on `path`.
    pub(super) fn read(&mut self, path: FactPath) -> Typed {
        let typed = Typed::of(&path);
        if !self.reads.contains(&path) {
            self.reads.push(path);
        }
        typed
    }

    fn unknown_name(&self, expr: &IdedExpr) -> ExpressionError {
        let name = dotted(expr).unwrap_or_default();
        self.error_at(expr, format!("no fact is called `{name}`{}", suggestion(FactPath::nearest(&name))))
    }

    pub(super) fn error_at(&self, expr: &IdedExpr, message: impl Into<String>) -> ExpressionError {
        ExpressionError::new(self.start_of(expr), message)
    }

    /// Where a call's function name stands.
    pub(super) fn error_at_function(&self, call: &IdedExpr, name: &str, message: String) -> ExpressionError {
        let at = self.offset(call).unwrap_or(0);
        let end = (at + name.len()).min(self.source.len());
        let found = self.source.get(..end).and_then(|before| before.rfind(name));
        ExpressionError::new(found.unwrap_or_else(|| self.start_of(call)), message)
    }

    /// The first byte of an expression: an operator's node stands at the operator, not at its left side.
    fn start_of(&self, expr: &IdedExpr) -> usize {
        let own = self.offset(expr);
        let first = match &expr.expr {
            Expr::Select(select) => Some(&*select.operand),
            Expr::Call(call) => call.target.as_deref().or_else(|| {
                call.args
                    .first()
                    .filter(|_| operations::is_operator(&call.func_name) && !is_prefix(&call.func_name))
            }),
            _ => None,
        };
        let first = first.map(|expr| self.start_of(expr));
        match (own, first) {
            (Some(own), Some(first)) => own.min(first),
            (own, first) => own.or(first).unwrap_or(0),
        }
    }

    fn offset(&self, expr: &IdedExpr) -> Option<usize> {
        self.positions.offset_for(expr.id).and_then(|(start, _)| usize::try_from(start).ok())
    }
}

fn is_prefix(operator: &str) -> bool {
    operator == operators::LOGICAL_NOT || operator == operators::NEGATE
}
