//! Settings: where they come from, what is refused and in which words, what the documents say about them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod checks;
mod documents;
mod environment;
mod example;
mod keys;
mod mistakes;
mod precedence;
mod robustness;
mod tables;
mod ways_in;

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use coswhy::config::{Loaded, Overrides, Problem, check_files, load};

/// A file of its own for each test, `coswhy.toml` in a fresh directory, as a file with a token should be.
fn file(content: impl AsRef<[u8]>) -> PathBuf {
    file_with_mode(content, 0o600)
}

fn file_with_mode(content: impl AsRef<[u8]>, mode: u32) -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!(
        "config-{}-{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    ));
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("coswhy.toml");
    std::fs::write(&path, content).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    path
}

fn variables(list: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    list.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect::<Vec<_>>().into_iter()
}

fn loaded(toml: &str, env: &[(&str, &str)]) -> Loaded {
    load(Some(&file(toml)), variables(env), &Overrides::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// A line each.
fn lines(warnings: &[Problem]) -> String {
    warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Everything that is said about a file and an environment, files included, without the directory's name.
fn said(toml: impl AsRef<[u8]>, env: &[(&str, &str)]) -> String {
    let path = file(toml);
    let directory = format!("{}/", path.parent().unwrap().display());
    let result = load(Some(&path), variables(env), &Overrides::default());
    let checked = result.and_then(|loaded| Ok([loaded.warnings.clone(), check_files(&loaded)?].concat()));
    let text = match checked {
        Ok(warnings) => format!("ok\n{}", lines(&warnings)),
        Err(error) => error.to_string(),
    };
    text.replace(&directory, "")
}
