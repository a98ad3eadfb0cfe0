//! Environment variables: `COSWHY_SECTION__KEY`, lists by index (`COSWHY_UPSTREAM__ALLOWED_BUCKETS__0`), what
//! stands outside a section as `COSWHY__KEY`. A variable without a double underscore is not a setting.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

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
    let variables: BTreeMap<String, Zeroizing<String>> = variables
        .filter(|(name, _)| is_setting(name))
        .map(|(name, text)| (name, Zeroizing::new(text)))
        .collect();
    let mut lists: BTreeMap<String, BTreeMap<usize, Vec<Part>>> = BTreeMap::new();
    for (name, text) in variables {
        match find(&name, catalogue) {
            Some((setting, Place::Whole)) => scalar(setting, &name, &text, layers),
            Some((setting, Place::Item(index, field))) => {
                let item = lists.entry(setting.key.clone()).or_default().entry(index).or_default();
                let (field, nth) = split_item(field);
                item.push(Part { field, nth, name, text });
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

/// A variable that says something of an item of a list.
struct Part {
    /// In capitals, where the items are tables.
    field: Option<String>,
    /// Which item, where the field is a list itself.
    nth: Option<usize>,
    name: String,
    text: Zeroizing<String>,
}

impl Part {
    fn origin(&self) -> Origin {
        Origin::Env(self.name.clone())
    }
}

/// A field that is a list has its item's number after it.
fn split_item(field: Option<String>) -> (Option<String>, Option<usize>) {
    let split = field.as_deref().and_then(|field| {
        let (name, index) = field.split_once("__")?;
        let number = index.parse::<usize>().ok().filter(|number| number.to_string() == index)?;
        Some((name.to_owned(), number))
    });
    split.map_or((field, None), |(name, number)| (Some(name), Some(number)))
}

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
        // No other spelling, or two variables would set one item.
        let number = index.parse::<usize>().ok().filter(|number| number.to_string() == index)?;
        let is_list = matches!(setting.kind, Kind::List(_));
        is_list.then_some((setting, Place::Item(number, field)))
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
                let expected = setting.table().and_then(Table::short).map_or(&**item, |field| &field.kind);
                let expected = expected.expected(false);
                format!("a list is set an item a variable: {name}__0, {name}__1, each {expected}")
            }
        };
        layers.wrong(Some(&setting.key), origin, says);
    } else if let Some(value) = setting.kind.read_text(text) {
        layers.set(&setting.key, value, origin);
    } else {
        layers.wrong(Some(&setting.key), origin, mismatch(&setting.kind, text));
    }
}

fn list(key: &str, kind: &Kind, items: BTreeMap<usize, Vec<Part>>, layers: &mut Layers) {
    let mut values = Vec::new();
    for (expected, (index, mut parts)) in items.into_iter().enumerate() {
        parts.sort_by_key(|part| part.nth);
        let Some(first) = parts.first() else { continue };
        if index != expected {
            let says = format!("items are counted from 0 without gaps, and there is no item {expected}");
            layers.wrong(Some(key), first.origin(), says);
            return;
        }
        if index == 0 {
            layers.origins.put(key.to_owned(), first.origin());
        }
        let key = format!("{key}[{index}]");
        layers.origins.put_part(&key, first.origin());
        values.extend(match kind {
            Kind::Table(table) => fields(&key, table, &parts, layers),
            _ => value(&key, kind, first, layers),
        });
    }
    layers.set_items(key, Value::Array(values));
}

fn value(key: &str, kind: &Kind, part: &Part, layers: &mut Layers) -> Option<Value> {
    let read = kind.read_text(&part.text);
    match read {
        Some(_) => layers.origins.put_part(key, part.origin()),
        None => layers.wrong(Some(key), part.origin(), mismatch(kind, &part.text)),
    }
    read
}

/// The table that an item's variables make.
fn fields(key: &str, table: &Table, parts: &[Part], layers: &mut Layers) -> Option<Value> {
    let mut read = Map::new();
    let before = layers.problems.len();
    for part in parts {
        let field = match &part.field {
            Some(field) => table.fields.iter().find(|known| known.name.to_uppercase() == *field),
            None => table.short(),
        };
        let Some(field) = field else {
            let says = match &part.field {
                Some(field) => unknown_field(table, field, &part.name),
                None => format!("the items are tables, set a field a variable: {}__NAME", part.name),
            };
            layers.wrong(Some(key), part.origin(), says);
            continue;
        };
        let own = if part.field.is_some() { format!("{key}.{}", field.name) } else { key.to_owned() };
        if let Kind::List(kind) = &field.kind {
            let list = read.entry(&field.name).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(items) = list {
                nested(&own, kind, part, items, layers);
            }
            continue;
        }
        if let Some(value) = value(&own, &field.kind, part, layers)
            && read.insert(field.name.clone(), value).is_some()
        {
            layers.wrong(Some(&own), part.origin(), "set by another variable as well");
        }
    }
    // What is misspelt or mistyped is not missing as well.
    if layers.problems.len() == before {
        let origin = parts.first().map(Part::origin).unwrap_or_default();
        for field in table.fields.iter().filter(|f| f.required && !read.contains_key(&f.name)) {
            layers.wrong(Some(&format!("{key}.{}", field.name)), origin.clone(), "missing");
        }
    }
    (layers.problems.len() == before).then_some(Value::Object(read))
}

/// One item of a list that is a table's field.
fn nested(key: &str, kind: &Kind, part: &Part, items: &mut Vec<Value>, layers: &mut Layers) {
    let says = match part.nth {
        Some(n) if n == items.len() => {
            // One that is wrong has its place, so that those after it are not called wrong as well.
            items.push(value(&format!("{key}[{n}]"), kind, part, layers).unwrap_or_default());
            return;
        }
        Some(_) => format!("items are counted from 0 without gaps, and there is no item {}", items.len()),
        None => format!("a list is set an item a variable: {0}__0, {0}__1", part.name),
    };
    layers.wrong(Some(key), part.origin(), says);
}

fn unknown_field(table: &Table, field: &str, variable: &str) -> String {
    let near = nearest::name(&field.to_lowercase(), table.fields.iter().map(|known| known.name.as_str()));
    match (near, variable.strip_suffix(field)) {
        (Some(near), Some(item)) => format!("no such field; did you mean {item}{}?", near.to_uppercase()),
        _ => table.unknown(field),
    }
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
