//! The fuzz targets on their seeds, and on cuts and splices of them: what `cargo fuzz` does for long, briefly.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

#[path = "../../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let seeds: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
    assert!(!seeds.is_empty(), "{target} has no seeds");
    seeds
}

/// Each seed whole, cut short, with a byte turned over, and its head before another's tail.
fn run(target: &str, cuts: usize, body: fn(&[u8])) {
    let seeds = seeds(target);
    body(&[]);
    for (number, seed) in seeds.iter().enumerate() {
        body(seed);
        let other = &seeds[(number + 1) % seeds.len()];
        for cut in 1..cuts {
            let at = seed.len() * cut / cuts;
            body(&seed[..at]);
            body(&[&seed[..at], &other[other.len() * cut / cuts..]].concat());
            let mut turned = seed.clone();
            if let Some(byte) = turned.get_mut(at) {
                *byte ^= 0x15;
            }
            body(&turned);
        }
    }
}

#[test]
fn error_bodies() {
    run("error_body", 24, targets::error_body);
}

#[test]
fn authorizations() {
    run("authorization", 48, targets::authorization);
}

#[test]
fn hars() {
    run("har", 24, targets::har);
}

#[test]
fn curl_outputs() {
    run("curl_output", 24, targets::curl_output);
}

#[test]
fn exceptions() {
    run("exception", 24, targets::exception);
}

#[test]
fn rule_files() {
    run("rule_file", 6, targets::rule_file);
}

#[test]
fn heads_to_be_signed() {
    run("sign", 96, targets::sign);
}

#[test]
fn proxy_headers() {
    run("proxy_header", 96, targets::proxy_header);
    for seed in seeds("proxy_header") {
        assert!(targets::begins_with_header(&seed), "{seed:?}");
    }
}

/// A seed that were not signed would show nothing.
#[test]
fn every_head_to_be_signed_is() {
    for seed in seeds("sign") {
        assert!(targets::signs(&seed), "{}", String::from_utf8_lossy(&seed));
    }
}
