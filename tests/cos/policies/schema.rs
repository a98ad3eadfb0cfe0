//! As much of JSON Schema as the grammar of policies needs; what it does not know it refuses.

use regex::Regex;
use serde_json::Value;

/// The grammar, and one of its definitions by name.
pub(super) struct Schema(Value);

impl Schema {
    pub(super) fn grammar() -> Self {
        Self(serde_json::from_str(include_str!("grammar.json")).unwrap())
    }

    /// What is wrong with `json` as a `definition`.
    pub(super) fn mistakes(&self, definition: &str, json: &str) -> Vec<String> {
        let value: Value = match serde_json::from_str(json) {
            Ok(value) => value,
            Err(error) => return vec![format!("no JSON: {error}")],
        };
        let mut mistakes = Vec::new();
        self.check(&self.0["$defs"][definition], &value, "", &mut mistakes);
        mistakes
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, mistakes: &mut Vec<String>) {
        let schema = schema.as_object().unwrap_or_else(|| panic!("no schema at {at}"));
        for (keyword, wanted) in schema {
            let right = match keyword.as_str() {
                "$ref" => {
                    let target = wanted.as_str().and_then(|path| path.strip_prefix('#')).unwrap();
                    self.check(self.0.pointer(target).unwrap(), value, at, mistakes);
                    true
                }
                "type" => match wanted.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    other => panic!("unknown type {other}"),
                },
                "enum" => wanted.as_array().unwrap().contains(value),
                "pattern" => value
                    .as_str()
                    .is_none_or(|text| Regex::new(wanted.as_str().unwrap()).unwrap().is_match(text)),
                "minItems" => {
                    value.as_array().is_none_or(|items| items.len() as u64 >= wanted.as_u64().unwrap())
                }
                "items" => {
                    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(wanted, item, &format!("{at}/{number}"), mistakes);
                    }
                    true
                }
                "required" => {
                    wanted.as_array().unwrap().iter().all(|name| value.get(name.as_str().unwrap()).is_some())
                }
                "properties" => {
                    for (name, inner) in value.as_object().into_iter().flatten() {
                        if let Some(schema) = wanted.get(name) {
                            self.check(schema, inner, &format!("{at}/{name}"), mistakes);
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    assert_eq!(wanted, &Value::Bool(false), "only a closed object is known here");
                    let known = &schema["properties"];
                    value.as_object().into_iter().flatten().all(|(name, _)| known.get(name).is_some())
                }
                other => panic!("unknown keyword {other}"),
            };
            if !right {
                mistakes.push(format!("{at}: {keyword} {wanted} against {value}"));
            }
        }
    }
}
