//! Environment variables: `COSWHY_SECTION__KEY`, lists by index (`COSWHY_UPSTREAM__ALLOWED_BUCKETS__0`), what
//! stands outside a section as `COSWHY__KEY`. A variable without a double underscore is not a setting.

use std::collections::BTreeMap;

use super::catalogue::{Catalogue, Setting, not_yet};
use super::kind::Kind;
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
    let mut lists: BTreeMap<String, BTreeMap<usize, (String, String)>> = BTreeMap::new();
    for (name, text) in variables {
        match find(&name, catalogue) {
            Some((setting, None)) => scalar(setting, &name, &text, layers),
            Some((setting, Some(index))) => {
                lists.entry(setting.key.clone()).or_default().insert(index, (name, text));
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

/// The setting that a variable names, with its index where it is an item of a list.
fn find<'a>(name: &str, catalogue: &'a Catalogue) -> Option<(&'a Setting, Option<usize>)> {
    catalogue.settings().iter().find_map(|setting| {
        let rest = name.strip_prefix(&setting.variable())?;
        match rest.strip_prefix("__") {
            None if rest.is_empty() => Some((setting, None)),
            Some(index) if matches!(setting.kind, Kind::List(_)) => {
                Some((setting, Some(index.parse().ok()?)))
            }
            _ => None,
        }
    })
}

fn scalar(setting: &Setting, name: &str, text: &str, layers: &mut Layers) {
    let origin = Origin::Env(name.to_owned());
    if let Kind::List(item) = &setting.kind {
        let says =
            format!("a list is set an item a variable: {name}__0, {name}__1, each {}", item.expected(false));
        layers.wrong(Some(&setting.key), origin, says);
    } else if let Some(value) = setting.kind.read_text(text) {
        layers.set(&setting.key, value, origin);
    } else {
        layers.wrong(Some(&setting.key), origin, mismatch(&setting.kind, text));
    }
}

fn list(key: &str, kind: &Kind, items: BTreeMap<usize, (String, String)>, layers: &mut Layers) {
    let mut values = Vec::new();
    let mut first = None;
    for (expected, (index, (name, text))) in items.into_iter().enumerate() {
        let origin = Origin::Env(name);
        if index != expected {
            let says = format!("items are counted from 0 without gaps, and there is no item {expected}");
            layers.wrong(Some(key), origin, says);
            return;
        }
        match kind.read_text(&text) {
            Some(value) => values.push((value, origin.clone())),
            None => layers.wrong(Some(&format!("{key}[{index}]")), origin.clone(), mismatch(kind, &text)),
        }
        first.get_or_insert(origin);
    }
    layers.set_list(key, values, first.unwrap_or_default());
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
        Some(variable) if not_yet(&key).is_none() => format!("no such setting; did you mean {variable}?"),
        _ => catalogue.unknown(&key),
    }
}
