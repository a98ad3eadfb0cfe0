//! Names in a syntax tree.

use std::sync::Arc;

use cel::IdedExpr;
use cel::common::ast::{Expr, LiteralValue, operators};

use crate::diagnosis::facts::FactPath;

/// `a.b.c` as written, where the expression is nothing but names and dots.
pub(super) fn dotted(expr: &IdedExpr) -> Option<String> {
    match &expr.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            let mut name = dotted(&select.operand)?;
            name.push('.');
            name.push_str(&select.field);
            Some(name)
        }
        _ => None,
    }
}

/// The fact that an expression names, whether by dots or by an index with a literal.
pub(super) fn path(expr: &IdedExpr) -> Option<FactPath> {
    if let Expr::Call(call) = &expr.expr
        && call.func_name == operators::INDEX
        && let [map, key] = call.args.as_slice()
        && let Expr::Literal(LiteralValue::String(key)) = &key.expr
    {
        let path = FactPath::parse(&dotted(map)?)?;
        return path.is_map().then(|| FactPath { key: Some(Arc::from(key.inner())), ..path });
    }
    FactPath::parse(&dotted(expr)?)
}
