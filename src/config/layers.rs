//! The sources laid over one another: a later one's value replaces an earlier one's, whole lists included.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

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
        self.values.insert(key.to_owned(), value);
        self.origins.put(key.to_owned(), origin);
    }

    /// Sets a list with where each of its items came from.
    pub(super) fn set_list(&mut self, key: &str, items: Vec<(Value, Origin)>, origin: Origin) {
        let (values, origins): (Vec<_>, Vec<_>) = items.into_iter().unzip();
        self.set(key, Value::Array(values), origin);
        for (n, origin) in origins.into_iter().enumerate() {
            self.origins.put(format!("{key}[{n}]"), origin);
        }
    }

    pub(super) fn wrong(&mut self, key: Option<&str>, origin: Origin, says: impl Into<String>) {
        self.problems.push(Problem { origin, key: key.map(ToOwned::to_owned), says: says.into() });
    }

    /// The settings, if nothing was wrong.
    pub(super) fn finish(self) -> Result<(Settings, Origins), ConfigError> {
        let Self { values, origins, mut problems } = self;
        if problems.is_empty() {
            let mut tree = Map::new();
            for (key, value) in values {
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
                Ok(settings) => return Ok((settings, origins)),
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
