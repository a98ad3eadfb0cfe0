//! Which files there are, how long they are and what they are called.

use std::fs;
use std::path::{Path, PathBuf};

/// A file longer than this is about more than one thing, or needs a reason below.
const LONGEST: usize = 400;

/// Longer ones, each with its reason.
const LONGER: &[(&str, &str)] = &[];

/// Names that say nothing of what is inside.
const EMPTY_NAMES: &[&str] =
    &["util", "utils", "helper", "helpers", "common", "misc", "shared", "stuff", "tools", "lib2"];

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file with this extension under `folder`, by its path from the root.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = vec![root().join(folder)];
    while let Some(path) = left.pop() {
        let Ok(entries) = fs::read_dir(&path) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !name.starts_with('.') && name != "node_modules" && name != "target" {
                left.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path.strip_prefix(root()).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

/// Whether a file under `src` holds tests alone; the module that it tests speaks for it.
pub(crate) fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn ours() -> Vec<String> {
    ["src", "tests", "benches", "fuzz"].iter().flat_map(|folder| files(folder, "rs")).collect()
}

#[test]
fn a_file_can_be_held_in_the_head() {
    let excused = |path: &str| LONGER.iter().any(|(longer, _)| *longer == path);
    let long: Vec<String> = ours()
        .into_iter()
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, path)| *lines > LONGEST && !excused(path))
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "over {LONGEST} lines: split by what they are about\n{}", long.join("\n"));
}

#[test]
fn an_excuse_for_a_long_file_is_still_needed() {
    for (path, _) in LONGER {
        assert!(read(path).lines().count() > LONGEST, "{path} is short enough now");
    }
}

#[test]
fn names_say_what_is_inside() {
    for path in ours() {
        for part in path.trim_end_matches(".rs").split('/') {
            assert!(!EMPTY_NAMES.contains(&part), "{path}: `{part}` says nothing");
        }
    }
}

#[test]
fn every_source_file_says_its_purpose() {
    for path in files("src", "rs").into_iter().filter(|path| path != "src/main.rs" && !is_test(path)) {
        assert!(read(&path).starts_with("//!"), "{path} has no module documentation");
    }
}
