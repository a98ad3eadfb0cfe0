//! Conditions of rules: CEL, checked against the typed facts when a rule is loaded, compiled to closures over them.
//!
//! Source: the CEL language definition (cel.dev), of which the rules get the part that facts need. Evaluation is
//! three-valued (Kleene): what is not known, overflows or is out of range is unknown, and nothing fails.

mod compile;
mod error;
mod functions;
mod kleene;
mod names;
mod operators;
mod pattern;
mod required;
mod spoken;
mod typed;

use std::fmt;
use std::sync::Arc;

pub use error::ExpressionError;
pub use required::Atom;
pub use spoken::Spoken;

use super::facts::{FactPath, Facts};
use crate::config::settings::Language;
use typed::{BoolFn, Typed};

/// A boolean condition over the facts.
pub struct Condition {
    run: BoolFn,
    /// As it was written.
    pub source: Arc<str>,
    /// The facts that it reads, each once, in the order of the text.
    pub reads: Vec<FactPath>,
    /// The condition can be true only where one of these holds; `None`: no such list was found.
    pub required: Option<Vec<Atom>>,
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Condition").field("reads", &self.reads).field("required", &self.required).finish()
    }
}

impl Condition {
    /// Parses, checks and compiles.
    ///
    /// # Errors
    /// What is wrong, and at which byte of `source`.
    pub fn new(source: &str) -> Result<Self, ExpressionError> {
        let tree = compile::parse(source)?;
        let mut compiler = compile::Compiler::new(source, &tree.positions);
        let typed = compiler.expression(&tree.root)?;
        let Typed::Bool(run) = typed else {
            return Err(compiler.error_at(
                &tree.root,
                format!("a condition is true or false, and this is of type {}", typed.type_name()),
            ));
        };
        Ok(Self {
            run,
            source: Arc::from(source),
            reads: compiler.reads,
            required: required::atoms(&tree.root),
        })
    }

    /// The condition that always holds.
    pub(crate) fn always() -> Self {
        Self { run: Box::new(|_| Some(true)), source: Arc::from("true"), reads: Vec::new(), required: None }
    }

    /// What it says, in words.
    #[must_use]
    pub fn spoken(&self, language: Language) -> Spoken {
        spoken::of(&self.source, language)
    }

    /// `None`: not known.
    #[must_use]
    pub fn eval(&self, facts: &Facts) -> Option<bool> {
        (self.run)(facts)
    }
}
