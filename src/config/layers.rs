//! The sources laid over one another: a later one's value replaces an earlier one's, whole lists included.

use std::collections::BTreeMap;
use std::mem::take;

use serde_json::{Map, Value};
use zeroize::Zeroize as _;

use super::problem::{ConfigError, Origin, Origins, Problem};
use super::settings::Settings;

#[derive(Debug, Default)]
pub(super) struct Layers {
    values: BTreeMap<String, Value>,
    pub(super) origins: Origins,
    pub(super) problems: Vec<Problem>,
}

impl Layers {
    pub(super) fn set(&mut self, key: &str, value: Value, origin: Origin) {
        self.origins.put(key.to_owned(), origin);
        self.set_items(key, value);
    }

    /// Sets a list whose origin, and those of its items, were told before.
    pub(super) fn set_items(&mut self, key: &str, value: Value) {
        if let Some(mut old) = self.values.insert(key.to_owned(), value) {
            wipe(&mut old);
        }
    }

    pub(super) fn wrong(&mut self, key: Option<&str>, origin: Origin, says: impl Into<String>) {
        self.problems.push(Problem { origin, key: key.map(ToOwned::to_owned), says: says.into() });
    }

    /// The settings, if nothing was wrong.
    pub(super) fn finish(mut self) -> Result<(Settings, Origins), ConfigError> {
        let mut problems = take(&mut self.problems);
        if problems.is_empty() {
            let mut tree = Map::new();
            for (key, value) in take(&mut self.values) {
                match key.split_once('.') {
                    None => drop(tree.insert(key, value)),
                    Some((section, name)) => {
                        let table = tree.entry(section).or_insert_with(|| Value::Object(Map::new()));
                        if let Some(table) = table.as_object_mut() {
                            table.insert(name.to_owned(), value);
                        }
                    }
                }
            }
            match serde_json::from_value(Value::Object(tree)) {
                Ok(settings) => return Ok((settings, take(&mut self.origins))),
                // Every value was held against its kind before, so this is a disagreement between the two.
                Err(error) => problems.push(Problem {
                    origin: Origin::Default,
                    key: None,
                    says: format!("the settings do not fit together: {error}"),
                }),
            }
        }
        Err(ConfigError::new(problems))
    }
}

/// What was replaced, or read in vain, may be a secret.
impl Drop for Layers {
    fn drop(&mut self) {
        self.values.values_mut().for_each(wipe);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
