//! The name that was probably meant.

use super::catalogue::Catalogue;

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
    // An index at the end is kept out of the comparison, and said again where a list is meant.
    let (stem, index) = match wrong.rsplit_once("__") {
        Some((stem, index)) if index.parse::<usize>().is_ok() => (stem, Some(index)),
        _ => (wrong, None),
    };
    let upper = stem.to_uppercase();
    let names: Vec<(String, bool)> = catalogue
        .settings()
        .iter()
        .map(|setting| (setting.variable(), matches!(setting.kind, super::kind::Kind::List(_))))
        .collect();
    let distances = names.iter().map(|entry| (strsim::osa_distance(&upper, &entry.0), entry));
    best(distances, &upper).map(|(name, list)| match index {
        _ if !list => name.clone(),
        Some(index) => format!("{name}__{index}"),
        None => format!("{name}__0"),
    })
}

fn best<T>(candidates: impl Iterator<Item = (usize, T)>, wrong: &str) -> Option<T> {
    let limit = (wrong.chars().count() / 3).clamp(1, 6);
    candidates
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= limit)
        .map(|(_, c)| c)
}
