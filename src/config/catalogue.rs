//! The list of settings: each one's key, kind, default and description, read from the schema, so that what is
//! checked, what is printed and what is documented are one thing.

use serde_json::{Map, Value};

use super::Settings;
use super::kind::Kind;
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

/// Tables that the design has and this version lacks: to be told apart from a misspelling.
const NOT_YET: [(&str, &str); 4] = [
    ("keys", "sign requests anew"),
    ("map", "map hosts to buckets"),
    ("tls", "serve TLS to its clients"),
    ("intercept", "look into CONNECT tunnels"),
];

impl Catalogue {
    #[must_use]
    pub fn new() -> Self {
        let defaults = serde_json::to_value(Settings::default()).unwrap_or_default();
        let mut settings = Vec::new();
        collect(&json_schema(), &defaults, "", &mut settings);
        // What stands outside any section comes first, as TOML wants it.
        settings.sort_by(|a, b| (a.key.contains('.'), &a.key).cmp(&(b.key.contains('.'), &b.key)));
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

    /// Why a name that is no setting is none: it comes with a later version, or it is misspelt.
    pub(super) fn unknown(&self, key: &str) -> String {
        if let Some(says) = not_yet(key) {
            return says;
        }
        match super::nearest::key(key, self) {
            Some(name) => format!("no such setting; did you mean `{name}`?"),
            None => "no such setting; `coswhy config show` lists all".into(),
        }
    }
}

pub(super) fn not_yet(key: &str) -> Option<String> {
    let first = key.split('.').next().unwrap_or(key);
    let (_, what) = NOT_YET.iter().find(|(name, _)| *name == first)?;
    Some(format!("not supported by this version of coswhy, which cannot {what} yet; take it out"))
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

    /// The environment variable that sets it; a list's items have `__0`, `__1` and so on after it.
    #[must_use]
    pub fn variable(&self) -> String {
        match self.key.split_once('.') {
            Some((section, name)) => format!("COSWHY_{}__{}", section.to_uppercase(), name.to_uppercase()),
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
            found.push(Setting {
                key,
                kind: Kind::from_schema(property),
                description: property.get("description").and_then(Value::as_str).unwrap_or_default().into(),
                default: Some(default).filter(|value| !value.is_null()).cloned(),
            });
        }
    }
}
