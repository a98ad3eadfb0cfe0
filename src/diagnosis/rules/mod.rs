//! Rule files: how causes are recognised and explained. `docs/rules.md` describes the format.

mod builtin;
mod codes;
mod error;
mod fallback;
mod file;
mod index;
mod load;
mod parts;
mod paste;
mod rule;
mod template;
mod words;

use std::collections::HashMap;
use std::sync::Arc;

pub use error::{RuleError, RuleErrors};
pub(crate) use fallback::unrecognised;
pub(crate) use index::Index;
pub use rule::{Both, Check, Evidence, Fix, OfCode, Origin, Rule, Why};
pub use template::Template;

use words::Owner;

/// Every rule, a user's before the built-in ones, and the general steps.
#[derive(Debug, Default)]
pub struct Catalogue {
    pub rules: Vec<Arc<Rule>>,
    pub steps: Arc<[Check]>,
}

impl Catalogue {
    /// The built-in rules, extended or replaced by a user's files (name and text of each).
    ///
    /// # Errors
    /// Everything that is wrong in any of the files.
    pub fn load(user: &[(String, String)]) -> Result<Self, RuleErrors> {
        let own = user.iter().map(|(file, text)| (file.as_str(), text.as_str()));
        let mut errors = Vec::new();
        let (user_rules, user_steps) = layer(own, Owner::User, &mut errors);
        let (mut rules, mut steps) = layer(builtin::FILES.iter().copied(), Owner::BuiltIn, &mut errors);
        if !errors.is_empty() {
            return Err(RuleErrors(errors));
        }
        rules.retain(|rule| !user_rules.iter().any(|own| own.id == rule.id));
        steps.retain(|step| !user_steps.iter().any(|own| own.id == step.id));
        steps.extend(user_steps);
        Ok(Self { rules: user_rules.into_iter().chain(rules).map(Arc::new).collect(), steps: steps.into() })
    }
}

/// The files of one owner; an id stands once among them.
fn layer<'a>(
    files: impl Iterator<Item = (&'a str, &'a str)>,
    owner: Owner,
    errors: &mut Vec<RuleError>,
) -> (Vec<Rule>, Vec<Check>) {
    let mut rules = Vec::new();
    let mut steps = Vec::new();
    let mut seen: HashMap<Arc<str>, String> = HashMap::new();
    for (file, text) in files {
        match load::load(file, text, owner) {
            Ok(loaded) => {
                for rule in loaded.rules {
                    let place = format!("{file}:{}", rule.origin.line);
                    if let Some(first) = seen.insert(Arc::clone(&rule.id), place) {
                        errors.push(RuleError {
                            file: file.to_owned(),
                            line: rule.origin.line,
                            column: 1,
                            message: format!("the rule `{}` is already in {first}", rule.id),
                        });
                    }
                    rules.push(rule);
                }
                steps.extend(loaded.steps);
            }
            Err(mistakes) => errors.extend(mistakes),
        }
    }
    (rules, steps)
}
