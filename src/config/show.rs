//! The effective settings as TOML, each with where it came from.

use std::fmt::Write as _;

use serde_json::Value;

use super::catalogue::{Catalogue, Setting};
use super::load::Loaded;
use super::problem::Origin;

/// A file that would give the same settings, except for secrets, which are masked.
#[must_use]
pub fn show(loaded: &Loaded) -> String {
    let values = serde_json::to_value(&loaded.settings).unwrap_or_default();
    let value = |setting: &Setting| {
        values.pointer(&format!("/{}", setting.key.replace('.', "/"))).unwrap_or(&Value::Null)
    };
    let mut text = String::new();
    let mut section = None;
    let mut tables = Vec::new();
    let catalogue = Catalogue::new();
    for setting in catalogue.settings() {
        let mut value = value(setting);
        if setting.table().is_some_and(|table| !table.or_text) {
            tables.push((&setting.key, value));
            if value.as_array().is_some_and(|items| !items.is_empty()) {
                continue;
            }
            value = &Value::Null;
        }
        if setting.section() != section {
            section = setting.section();
            let _ = writeln!(text, "\n[{}]", section.unwrap_or_default());
        }
        line(&mut text, setting.name(), value, || loaded.origins.of(&setting.key));
    }
    // Below all sections: in the middle they would take in what comes after them.
    for (key, value) in tables {
        for (n, item) in value.as_array().into_iter().flatten().enumerate() {
            let _ = writeln!(text, "\n[[{key}]]");
            for (name, value) in item.as_object().into_iter().flatten() {
                line(&mut text, name, value, || loaded.origins.of(&format!("{key}[{n}].{name}")));
            }
        }
    }
    text
}

fn line(text: &mut String, name: &str, value: &Value, origin: impl Fn() -> Origin) {
    let _ = match toml_value(value) {
        Some(value) => writeln!(text, "{:<44} # {}", format_args!("{name} = {value}").to_string(), origin()),
        None => writeln!(text, "# {name} is not set"),
    };
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
