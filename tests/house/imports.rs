//! Imports run one way, and the inner modules do no I/O.

use super::sources::{files, is_test, read};

/// From the outermost inwards: a module uses those that stand after it, and never one before.
const ORDER: &[&str] =
    &["cli", "simulator", "admin", "proxy", "observe", "evidence", "diagnosis", "cos", "config"];

/// Modules that everybody shares (the proxy, `explain`, the tests, the fuzzers) because all they do is compute.
const PURE: &[&str] = &["diagnosis", "cos"];

const IMPURE: &[&str] = &[
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "std::env",
    "std::process",
    "std::thread",
    "tokio",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "Ulid::new",
    "Ulid::generate",
];

/// The code of a file without comments, and without what only tests see.
fn code(path: &str) -> String {
    let text = read(path);
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The top-level modules that a file names by `crate::…`, also inside `crate::{…}`.
fn named(code: &str) -> Vec<String> {
    let identifier = |text: &str| -> String {
        text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
    };
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.push(identifier(rest));
            continue;
        };
        let (mut depth, mut start) = (0, true);
        for (at, letter) in group.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                letter if start && letter.is_alphabetic() => {
                    found.push(identifier(&group[at..]));
                    start = false;
                }
                _ => {}
            }
        }
    }
    found
}

/// The top-level module that a file belongs to.
fn home(path: &str) -> &str {
    path.split('/').nth(1).unwrap().trim_end_matches(".rs")
}

#[test]
fn a_group_of_imports_is_read_like_single_ones() {
    assert_eq!(named("use crate::{cos::{a, b}, config};\ncrate::observe::x()"), ["cos", "config", "observe"]);
}

#[test]
fn imports_run_one_way() {
    let place = |module: &str| ORDER.iter().position(|known| *known == module);
    let mut wrong = Vec::new();
    for path in files("src", "rs") {
        let Some(own) = place(home(&path)).filter(|_| !is_test(&path)) else { continue };
        for module in named(&code(&path)) {
            if place(&module).is_some_and(|other| other < own) {
                wrong.push(format!("{path} uses crate::{module}"));
            }
        }
    }
    assert!(wrong.is_empty(), "against the order {ORDER:?}:\n{}", wrong.join("\n"));
}

#[test]
fn every_top_level_module_has_its_place_in_the_order() {
    for path in files("src", "rs") {
        let home = home(&path);
        assert!(ORDER.contains(&home) || ["main", "lib"].contains(&home), "{home} has no place in {ORDER:?}");
    }
}

#[test]
fn what_computes_does_no_input_or_output_and_reads_no_clock() {
    for path in files("src", "rs").into_iter().filter(|path| PURE.contains(&home(path)) && !is_test(path)) {
        let code = code(&path);
        for word in IMPURE {
            assert!(!code.contains(word), "{path} uses {word}");
        }
    }
}
