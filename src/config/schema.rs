//! The JSON Schema of the settings file: its descriptions, limits and defaults come from the settings' own types.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Settings;

/// JSON Schema (2020-12), with every section written in place.
#[must_use]
pub fn json_schema() -> Value {
    let mut options = SchemaSettings::draft2020_12();
    options.inline_subschemas = true;
    let mut schema = options.into_generator().into_root_schema_for::<Settings>().to_value();
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".into(), "coswhy.toml".into());
    }
    schema
}
