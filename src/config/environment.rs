//! Environment variables: `COSWHY_SECTION__KEY`, lists by index (`COSWHY_UPSTREAM__ALLOWED_BUCKETS__0`), what
//! stands outside a section as `COSWHY__KEY`. A variable without a double underscore is not a setting.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::catalogue::{Catalogue, Setting};
use super::kind::{Kind, Table};
use super::layers::Layers;
use super::nearest;
use super::problem::Origin;

/// The process's own variables, those alone that can be settings.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok().filter(|name| is_setting(name))?;
        Some((name, value.to_string_lossy().into_owned()))
    })
}

fn is_setting(name: &str) -> bool {
    name.strip_prefix("COSWHY").is_some_and(|rest| rest.starts_with('_') && rest.contains("__"))
}

pub(super) fn read(
    variables: impl Iterator<Item = (String, String)>,
    catalogue: &Catalogue,
    layers: &mut Layers,
) {
    // Sorted, so that problems come in the same order each time.
    let variables: BTreeMap<String, String> = variables.filter(|(name, _)| is_setting(name)).collect();
    let mut lists: BTreeMap<String, BTreeMap<usize, Item>> = BTreeMap::new();
    for (name, text) in variables {
        match find(&name, catalogue) {
            Some((setting, Place::Whole)) => scalar(setting, &name, &text, layers),
            Some((setting, Place::Item(index, field))) => {
                let item = lists.entry(setting.key.clone()).or_default().entry(index).or_default();
                item.push((field, name, text));
            }
            None => layers.wrong(None, Origin::Env(name.clone()), unknown(&name, catalogue)),
        }
    }
    for (key, items) in lists {
        if let Some(Kind::List(item)) = catalogue.get(&key).map(|setting| &setting.kind) {
            list(&key, item, items, layers);
        }
    }
}

/// The variables of one item of a list: its field (in capitals) where the items are tables, the variable, its text.
type Item = Vec<(Option<String>, String, String)>;

/// What a variable's name says of its setting.
enum Place {
    Whole,
    Item(usize, Option<String>),
}

/// The setting that a variable names, and which part of it.
fn find<'a>(name: &str, catalogue: &'a Catalogue) -> Option<(&'a Setting, Place)> {
    catalogue.settings().iter().find_map(|setting| {
        let rest = name.strip_prefix(&setting.variable())?;
        let Some(item) = rest.strip_prefix("__") else {
            return rest.is_empty().then_some((setting, Place::Whole));
        };
        let (index, field) = match item.split_once("__") {
            Some((index, field)) if setting.table().is_some() => (index, Some(field.to_owned())),
            _ => (item, None),
        };
        let is_list = matches!(setting.kind, Kind::List(_));
        is_list.then_some((setting, Place::Item(index.parse().ok()?, field)))
    })
}

fn scalar(setting: &Setting, name: &str, text: &str, layers: &mut Layers) {
    let origin = Origin::Env(name.to_owned());
    if let Kind::List(item) = &setting.kind {
        let says = match setting.table() {
            Some(table) if !table.or_text => {
                format!("a list of tables is set a field a variable: {name}__0__NAME, {name}__1__NAME")
            }
            _ => {
                format!(
                    "a list is set an item a variable: {name}__0, {name}__1, each {}",
                    item.expected(false)
                )
            }
        };
        layers.wrong(Some(&setting.key), origin, says);
    } else if let Some(value) = setting.kind.read_text(text) {
        layers.set(&setting.key, value, origin);
    } else {
        layers.wrong(Some(&setting.key), origin, mismatch(&setting.kind, text));
    }
}

fn list(key: &str, kind: &Kind, items: BTreeMap<usize, Item>, layers: &mut Layers) {
    let mut values = Vec::new();
    let mut first = None;
    for (expected, (index, item)) in items.into_iter().enumerate() {
        let origin = item.first().map(|(_, name, _)| Origin::Env(name.clone())).unwrap_or_default();
        if index != expected {
            let says = format!("items are counted from 0 without gaps, and there is no item {expected}");
            layers.wrong(Some(key), origin, says);
            return;
        }
        let key = format!("{key}[{index}]");
        let value = match kind {
            Kind::Table(table) => fields(&key, table, item, layers),
            _ => item.into_iter().next().and_then(|(_, name, text)| value(&key, kind, &name, &text, layers)),
        };
        if let Some(value) = value {
            values.push((value, origin.clone()));
        }
        first.get_or_insert(origin);
    }
    layers.set_list(key, values, first.unwrap_or_default());
}

fn value(key: &str, kind: &Kind, name: &str, text: &str, layers: &mut Layers) -> Option<Value> {
    let read = kind.read_text(text);
    if read.is_none() {
        layers.wrong(Some(key), Origin::Env(name.to_owned()), mismatch(kind, text));
    }
    read
}

/// The table that an item's variables make.
fn fields(key: &str, table: &Table, item: Item, layers: &mut Layers) -> Option<Value> {
    let mut read = Map::new();
    let origin = item.first().map(|(_, name, _)| Origin::Env(name.clone())).unwrap_or_default();
    let before = layers.problems.len();
    for (field, name, text) in item {
        let field = field.map(|field| field.to_lowercase());
        let known = match &field {
            Some(field) => table.field(field),
            None => table.short(),
        };
        match known {
            Some(known) => {
                let own = format!("{key}.{}", known.name);
                read.extend(value(&own, &known.kind, &name, &text, layers).map(|v| (known.name.clone(), v)));
            }
            None => {
                let says = match &field {
                    Some(field) => table.unknown(field),
                    None => format!("the items are tables, set a field a variable: {name}__NAME"),
                };
                layers.wrong(Some(key), Origin::Env(name), says);
            }
        }
    }
    for field in table.fields.iter().filter(|f| f.required && !read.contains_key(&f.name)) {
        if layers.problems.len() == before {
            layers.wrong(Some(&format!("{key}.{}", field.name)), origin.clone(), "missing");
        }
    }
    (layers.problems.len() == before).then_some(Value::Object(read))
}

pub(super) fn mismatch(kind: &Kind, text: &str) -> String {
    let expected = kind.expected(false);
    match (kind, text) {
        (_, "") => format!("empty: unset it, or give {expected}"),
        (Kind::Secret, _) => format!("expected {expected}"),
        _ => format!("found {text:?}, expected {expected}"),
    }
}

fn unknown(name: &str, catalogue: &Catalogue) -> String {
    // COSWHY_KEYS__0__SECRET_ID is keys.0.secret_id
    let rest = name.strip_prefix("COSWHY").unwrap_or(name).trim_start_matches('_');
    let key = rest.to_lowercase().replace("__", ".");
    match nearest::variable(name, catalogue) {
        Some(variable) => format!("no such setting; did you mean {variable}?"),
        None => catalogue.unknown(&key),
    }
}
