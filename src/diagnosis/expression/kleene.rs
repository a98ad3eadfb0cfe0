//! Kleene's three-valued logic over closures: `None` is "not known".

use super::typed::BoolFn;

pub(super) fn and(a: BoolFn, b: BoolFn) -> BoolFn {
    Box::new(move |facts| match a(facts) {
        Some(false) => Some(false),
        Some(true) => b(facts),
        None => match b(facts) {
            Some(false) => Some(false),
            _ => None,
        },
    })
}

pub(super) fn or(a: BoolFn, b: BoolFn) -> BoolFn {
    Box::new(move |facts| match a(facts) {
        Some(true) => Some(true),
        Some(false) => b(facts),
        None => match b(facts) {
            Some(true) => Some(true),
            _ => None,
        },
    })
}

pub(super) fn not(a: BoolFn) -> BoolFn {
    Box::new(move |facts| a(facts).map(|value| !value))
}

/// Whether any of `results` is true: unknown where none is but some are unknown.
pub(super) fn any(results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut outcome = Some(false);
    for result in results {
        match result {
            Some(true) => return Some(true),
            Some(false) => {}
            None => outcome = None,
        }
    }
    outcome
}
