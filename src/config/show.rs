//! The effective settings as TOML, each with where it came from.

use std::fmt::Write as _;

use serde_json::Value;

use super::catalogue::Catalogue;
use super::load::Loaded;

/// A file that would give the same settings, except for secrets, which are masked.
#[must_use]
pub fn show(loaded: &Loaded) -> String {
    let values = serde_json::to_value(&loaded.settings).unwrap_or_default();
    let mut text = String::new();
    let mut section = None;
    for setting in Catalogue::new().settings() {
        if setting.section() != section {
            section = setting.section();
            let _ = writeln!(text, "\n[{}]", section.unwrap_or_default());
        }
        let value = values.pointer(&format!("/{}", setting.key.replace('.', "/"))).unwrap_or(&Value::Null);
        let line = match toml_value(value) {
            Some(value) => format!("{} = {value}", setting.name()),
            None => {
                let _ = writeln!(text, "# {} is not set", setting.name());
                continue;
            }
        };
        let _ = writeln!(text, "{line:<44} # {}", loaded.origins.of(&setting.key));
    }
    text
}

/// As TOML writes it; `None` for what is not set.
fn toml_value(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Object(fields) => {
            let fields =
                fields.iter().filter_map(|(name, value)| Some(format!("{name} = {}", toml_value(value)?)));
            Some(format!("{{ {} }}", fields.collect::<Vec<_>>().join(", ")))
        }
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(toml::Value::String(text.clone()).to_string()),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().filter_map(toml_value).collect();
            Some(format!("[{}]", items.join(", ")))
        }
    }
}
