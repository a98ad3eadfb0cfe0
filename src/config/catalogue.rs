//! The list of settings: each one's key, kind, default and description, read from the schema, so that what is
//! checked, what is printed and what is documented are one thing.

use serde_json::{Map, Value};

use super::Settings;
use super::kind::{Kind, Table};
use super::schema::json_schema;

/// One setting.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The whole name, such as `upstream.url`.
    pub key: String,
    pub kind: Kind,
    pub description: String,
    /// As the file would write it; absent: not set.
    pub default: Option<Value>,
}

#[derive(Debug, Clone)]
pub struct Catalogue {
    settings: Vec<Setting>,
}

impl Catalogue {
    #[must_use]
    pub fn new() -> Self {
        let defaults = serde_json::to_value(Settings::default()).unwrap_or_default();
        let mut settings = Vec::new();
        collect(&json_schema(), &defaults, "", &mut settings);
        // What stands outside any section comes first, as TOML wants it; lists of tables after what is one line.
        settings.sort_by_cached_key(|s| {
            (s.section().is_some(), s.section().is_none() && s.table().is_some(), s.key.clone())
        });
        Self { settings }
    }

    #[must_use]
    pub fn settings(&self) -> &[Setting] {
        &self.settings
    }

    pub(super) fn get(&self, key: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.key == key)
    }

    pub(super) fn is_section(&self, name: &str) -> bool {
        self.settings.iter().any(|setting| setting.section() == Some(name))
    }

    /// Names of sections, each once.
    pub(super) fn sections(&self) -> impl Iterator<Item = &str> {
        let mut last = None;
        self.settings
            .iter()
            .filter_map(Setting::section)
            .filter(move |name| last.replace(*name) != Some(*name))
    }

    /// Why a name that is no setting is none.
    pub(super) fn unknown(&self, key: &str) -> String {
        match super::nearest::key(key, self) {
            Some(name) => format!("no such setting; did you mean `{name}`?"),
            None => "no such setting; `coswhy config show` lists all".into(),
        }
    }
}

impl Default for Catalogue {
    fn default() -> Self {
        Self::new()
    }
}

impl Setting {
    #[must_use]
    pub fn section(&self) -> Option<&str> {
        self.key.split_once('.').map(|(section, _)| section)
    }

    /// The name inside its section.
    #[must_use]
    pub fn name(&self) -> &str {
        self.key.split_once('.').map_or(self.key.as_str(), |(_, name)| name)
    }

    /// What the items hold, where it is a list of tables.
    #[must_use]
    pub fn table(&self) -> Option<&Table> {
        match &self.kind {
            Kind::List(item) => match &**item {
                Kind::Table(table) => Some(table),
                _ => None,
            },
            _ => None,
        }
    }

    /// The environment variable that sets it; a list's items have `__0`, `__1` and so on after it, and the fields of
    /// those that are tables `__NAME` after that.
    #[must_use]
    pub fn variable(&self) -> String {
        match self.key.split_once('.') {
            Some((section, name)) => format!("COSWHY_{}__{}", section.to_uppercase(), name.to_uppercase()),
            // The items of these have fields, which make the second part.
            None if self.table().is_some() => format!("COSWHY_{}", self.key.to_uppercase()),
            None => format!("COSWHY__{}", self.key.to_uppercase()),
        }
    }
}

fn collect(schema: &Value, defaults: &Value, prefix: &str, found: &mut Vec<Setting>) {
    let nothing = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
    for (name, property) in properties {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let default = defaults.get(name).unwrap_or(&Value::Null);
        if property.get("properties").is_some() {
            collect(property, default, &key, found);
        } else {
            let mut setting = Setting {
                key,
                kind: Kind::from_schema(property),
                description: property.get("description").and_then(Value::as_str).unwrap_or_default().into(),
                default: Some(default).filter(|value| !value.is_null()).cloned(),
            };
            // A file says that there are no such tables by having none.
            if setting.table().is_some_and(|table| !table.or_text) {
                setting.default = None;
            }
            found.push(setting);
        }
    }
}
