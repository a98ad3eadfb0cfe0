//! The name that was probably meant.

use super::catalogue::{Catalogue, Setting};
use super::kind::Kind;

/// The nearest setting or section to a key that is neither.
pub(super) fn key(wrong: &str, catalogue: &Catalogue) -> Option<String> {
    let last = wrong.rsplit('.').next().unwrap_or(wrong);
    let keys = catalogue.settings().iter().map(|setting| {
        // The right name in the wrong section is as near as one letter.
        let moved = if setting.name() == last { 1 } else { usize::MAX };
        (strsim::osa_distance(wrong, &setting.key).min(moved), setting.key.as_str())
    });
    let sections = catalogue.sections().map(|name| (strsim::osa_distance(wrong, name), name));
    best(keys.chain(sections), wrong).map(ToOwned::to_owned)
}

/// The nearest of some names.
pub(super) fn name<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    best(names.map(|name| (strsim::osa_distance(wrong, name), name)), wrong)
}

/// The nearest variable to one that names no setting.
pub(super) fn variable(wrong: &str, catalogue: &Catalogue) -> Option<String> {
    // An index, and the field of a table after it, are kept out of the comparison, and said again where a list is
    // meant.
    let counted = |text: &str| {
        let (stem, index) = text.rsplit_once("__")?;
        Some((stem.to_owned(), index.parse::<usize>().ok()?))
    };
    let with_field = || {
        let (item, field) = wrong.rsplit_once("__")?;
        let (stem, index) = counted(item)?;
        Some((stem, index, Some(field)))
    };
    let (stem, index, field) = counted(wrong)
        .map(|(stem, index)| (stem, index, None))
        .or_else(with_field)
        .unwrap_or_else(|| (wrong.to_owned(), 0, None));
    let upper = stem.to_uppercase();
    let names: Vec<(String, &Setting)> =
        catalogue.settings().iter().map(|setting| (setting.variable(), setting)).collect();
    let distances = names.iter().map(|entry| (strsim::osa_distance(&upper, &entry.0), entry));
    best(distances, &upper).map(|(name, setting)| match (&setting.kind, setting.table(), field) {
        (_, Some(_), Some(field)) => format!("{name}__{index}__{}", field.to_uppercase()),
        (_, Some(table), None) if !table.or_text => format!("{name}__{index}__NAME"),
        (Kind::List(_), ..) => format!("{name}__{index}"),
        _ => name.clone(),
    })
}

fn best<T>(candidates: impl Iterator<Item = (usize, T)>, wrong: &str) -> Option<T> {
    let limit = (wrong.chars().count() / 3).clamp(1, 6);
    candidates
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= limit)
        .map(|(_, c)| c)
}
