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
                            Atom::Code(code) => index.by_code.entry(Arc::clone(code)),
                            Atom::Reason(reason) => index.by_reason.entry(Arc::clone(reason)),
                        };
                        list.or_default().push(number);
                    }
                }
            }
        }
        index
    }

    /// The numbers of the rules to try, in ascending order.
    pub(crate) fn candidates(&self, facts: &Facts) -> Vec<usize> {
        let find = |map: &HashMap<Arc<str>, Vec<usize>>, key: Option<&str>| -> Vec<usize> {
            key.and_then(|key| map.get(key)).cloned().unwrap_or_default()
        };
        let mut numbers = find(&self.by_code, facts.error.body.code.as_deref());
        numbers.extend(find(&self.by_reason, facts.error.reason.as_deref()));
        numbers.extend_from_slice(&self.always);
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}
