//! Which rules can match at all, given the codes of an error: a refusal tries those alone.

use std::collections::HashMap;
use std::sync::Arc;

use super::rule::Rule;
use crate::diagnosis::expression::Atom;
use crate::diagnosis::facts::Facts;

#[derive(Debug, Default)]
pub(crate) struct Index {
    by_code: HashMap<Arc<str>, Vec<usize>>,
    by_reason: HashMap<Arc<str>, Vec<usize>>,
    /// Rules for errors without a code.
    no_code: Vec<usize>,
    /// Rules that name no code.
    always: Vec<usize>,
}

impl Index {
    pub(crate) fn new(rules: &[Arc<Rule>]) -> Self {
        let mut index = Self::default();
        for (number, rule) in rules.iter().enumerate() {
            match &rule.when.required {
                None => index.always.push(number),
                Some(atoms) => {
                    for atom in atoms {
                        let list = match atom {
                            Atom::Code(code) => index.by_code.entry(Arc::clone(code)).or_default(),
                            Atom::Reason(reason) => index.by_reason.entry(Arc::clone(reason)).or_default(),
                            Atom::NoCode => &mut index.no_code,
                        };
                        list.push(number);
                    }
                }
            }
        }
        index
    }

    /// The numbers of the rules to try, in ascending order.
    pub(crate) fn candidates(&self, facts: &Facts) -> Vec<usize> {
        let mut numbers = self.always.clone();
        match (facts.error.body.code.as_deref(), facts.error.reason.as_deref()) {
            (Some(code), Some(reason)) => {
                numbers.extend(self.by_code.get(code).into_iter().flatten());
                numbers.extend(self.by_reason.get(reason).into_iter().flatten());
            }
            (_, reason) => {
                numbers.extend_from_slice(&self.no_code);
                numbers.extend(reason.and_then(|reason| self.by_reason.get(reason)).into_iter().flatten());
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}
