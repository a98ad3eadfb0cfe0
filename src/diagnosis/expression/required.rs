//! Which codes a condition cannot do without: the rules' index is made of them.

use std::sync::Arc;

use cel::IdedExpr;
use cel::common::ast::{Expr, LiteralValue, operators as op};

use super::names::{dotted, path};

/// One equality that the index knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Atom {
    /// `error.code == "…"`
    Code(Arc<str>),
    /// `error.reason == "…"`
    Reason(Arc<str>),
    /// `!has(error.code)`
    NoCode,
}

/// The condition is true only where one of these holds; `None` where no such list follows from its shape.
pub(super) fn atoms(expr: &IdedExpr) -> Option<Vec<Atom>> {
    let Expr::Call(call) = &expr.expr else { return None };
    if let (op::LOGICAL_NOT, [operand]) = (call.func_name.as_str(), call.args.as_slice()) {
        return is_has_code(operand).then(|| vec![Atom::NoCode]);
    }
    let [a, b] = call.args.as_slice() else { return None };
    match call.func_name.as_str() {
        op::LOGICAL_AND => match (atoms(a), atoms(b)) {
            (Some(a), Some(b)) => Some(if b.len() < a.len() { b } else { a }),
            (a, b) => a.or(b),
        },
        op::LOGICAL_OR => {
            let mut all = atoms(a)?;
            all.extend(atoms(b)?);
            Some(all)
        }
        op::EQUALS => atom(a, b).or_else(|| atom(b, a)).map(|atom| vec![atom]),
        op::IN => {
            let Expr::List(list) = &b.expr else { return None };
            list.elements.iter().map(|element| atom(a, element)).collect()
        }
        _ => None,
    }
}

fn atom(fact: &IdedExpr, literal: &IdedExpr) -> Option<Atom> {
    let Expr::Literal(LiteralValue::String(text)) = &literal.expr else { return None };
    match path(fact)?.fact.name {
        "error.code" => Some(Atom::Code(Arc::from(text.inner()))),
        "error.reason" => Some(Atom::Reason(Arc::from(text.inner()))),
        _ => None,
    }
}

fn is_has_code(expr: &IdedExpr) -> bool {
    match &expr.expr {
        Expr::Select(select) if select.test => {
            dotted(&select.operand).as_deref() == Some("error")
                && matches!(select.field.as_str(), "code" | "reason")
        }
        _ => false,
    }
}
