//! `config/coswhy.toml` holds every setting with its default, and fits the schema.

use coswhy::config::{Catalogue, Overrides, Settings, json_schema, load};
use serde_json::Value;

const EXAMPLE: &str = include_str!("../../config/coswhy.toml");

/// The example with its commented settings in force.
fn uncommented() -> String {
    let live = |line: &str| match line.strip_prefix('#') {
        Some(setting) if setting.starts_with(|c: char| c.is_ascii_lowercase() || c == '[') => {
            format!("{setting}\n")
        }
        _ => format!("{line}\n"),
    };
    EXAMPLE.lines().map(live).collect()
}

#[test]
fn it_is_the_defaults() {
    let path = crate::file(EXAMPLE);
    let loaded = load(Some(&path), std::iter::empty(), &Overrides::default()).unwrap();
    assert_eq!(loaded.settings, Settings::default());
}

#[test]
fn it_sets_what_has_a_default_and_comments_what_has_none() {
    let path = crate::file(EXAMPLE);
    let loaded = load(Some(&path), std::iter::empty(), &Overrides::default()).unwrap();
    let mut set: Vec<&str> = loaded.origins.set().map(|(key, _)| key).collect();
    set.sort_unstable();
    let catalogue = Catalogue::new();
    let with_default = |s: &&coswhy::config::Setting| s.default.is_some();
    let mut expected: Vec<&str> = catalogue.settings().iter().filter(with_default).map(|s| &*s.key).collect();
    expected.sort_unstable();
    assert_eq!(set, expected);
}

#[test]
fn it_names_every_setting_there_is() {
    let table: toml::Table = uncommented().parse().unwrap();
    let found = serde_json::to_value(table).unwrap();
    for setting in Catalogue::new().settings() {
        let pointer = format!("/{}", setting.key.replace('.', "/"));
        assert!(found.pointer(&pointer).is_some(), "{} is missing", setting.key);
        for field in setting.table().into_iter().flat_map(|table| &table.fields) {
            let set = format!("{} = ", field.name);
            assert!(EXAMPLE.contains(&set), "{}[].{} is missing", setting.key, field.name);
        }
    }
}

#[test]
fn its_commented_settings_would_be_taken() {
    let with_token = uncommented().replace("a long random text", "a-long-random-text");
    let path = crate::file(with_token);
    let loaded = load(Some(&path), std::iter::empty(), &Overrides::default()).unwrap();
    assert_eq!(loaded.origins.set().count(), Catalogue::new().settings().len());
}

#[test]
fn every_setting_says_why_one_would_change_it() {
    let mut before = "";
    for line in EXAMPLE.lines() {
        let setting = line.trim_start_matches('#');
        if setting.starts_with(|c: char| c.is_ascii_lowercase()) && setting.contains(" = ") {
            assert!(before.starts_with("# "), "no word on {line}");
        }
        before = line;
    }
}

#[test]
fn it_fits_the_schema() {
    for text in [EXAMPLE.to_owned(), uncommented()] {
        let table: toml::Table = text.parse().unwrap();
        let mut misfits = Vec::new();
        validate(&json_schema(), &serde_json::to_value(table).unwrap(), "", &mut misfits);
        assert_eq!(misfits, [""; 0]);
    }
}

#[test]
fn what_does_not_fit_the_schema_is_found() {
    for (text, at) in [
        ("lisen = \"x\"", "/lisen"),
        ("runtime.threads = 0", "/runtime/threads"),
        ("diagnosis.statuses = [403, 200]", "/diagnosis/statuses/1"),
        ("log.format = \"xml\"", "/log/format"),
        ("diagnosis.body = \"none\"", "/diagnosis/body"),
        ("upstream.idle_timeout = 5", "/upstream/idle_timeout"),
        ("map = [{ host = \"*\" }]", "/map/0"),
        ("keys = [{ secret_id = \"x\", secret = \"y\" }]", "/keys/0/secret"),
        ("upstream.allowed_hosts = [\"a.example\", { bucket = \"x\" }]", "/upstream/allowed_hosts/1"),
        ("upstream.allowed_hosts = [7]", "/upstream/allowed_hosts/0"),
    ] {
        let table: toml::Table = text.parse().unwrap();
        let mut misfits = Vec::new();
        validate(&json_schema(), &serde_json::to_value(table).unwrap(), "", &mut misfits);
        assert_eq!(misfits, [at]);
    }
}

/// The part of JSON Schema that the schema uses; a keyword that it does not know fails the test.
fn validate(schema: &Value, value: &Value, at: &str, misfits: &mut Vec<String>) {
    let mut fits = true;
    for (keyword, rule) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$schema" | "title" | "description" | "default" | "examples" | "format" | "pattern"
            | "writeOnly" => {}
            "type" => {
                let own = match value {
                    Value::Object(_) => "object",
                    Value::Array(_) => "array",
                    Value::String(_) => "string",
                    Value::Bool(_) => "boolean",
                    Value::Number(_) => "integer",
                    Value::Null => "null",
                };
                fits &= rule == own || rule.as_array().is_some_and(|types| types.iter().any(|t| t == own));
            }
            "additionalProperties" => assert_eq!(rule, false),
            "properties" => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    match rule.get(name) {
                        Some(schema) => validate(schema, value, &format!("{at}/{name}"), misfits),
                        None => misfits.push(format!("{at}/{name}")),
                    }
                }
            }
            "items" => {
                for (n, value) in value.as_array().into_iter().flatten().enumerate() {
                    validate(rule, value, &format!("{at}/{n}"), misfits);
                }
            }
            "minimum" => fits &= value.as_i64().is_none_or(|n| n >= rule.as_i64().unwrap()),
            "maximum" => fits &= value.as_i64().is_none_or(|n| n <= rule.as_i64().unwrap()),
            "minLength" => fits &= value.as_str().is_none_or(|s| s.len() as u64 >= rule.as_u64().unwrap()),
            "const" => fits &= value == rule,
            "enum" => fits &= rule.as_array().unwrap().contains(value),
            "required" => {
                let has = |name: &Value| value.get(name.as_str().unwrap()).is_some();
                fits &= !value.is_object() || rule.as_array().unwrap().iter().all(has);
            }
            "oneOf" | "anyOf" => {
                let matching = |schema: &&Value| {
                    let mut misfits = Vec::new();
                    validate(schema, value, at, &mut misfits);
                    misfits.is_empty()
                };
                let matching = rule.as_array().unwrap().iter().filter(matching).count();
                fits &= matching == 1 || (keyword == "anyOf" && matching > 0);
            }
            other => panic!("the schema has come to use {other}"),
        }
    }
    if !fits {
        misfits.push(at.to_owned());
    }
}
