//! What other people's code is in the binary, as far as `Cargo.lock` tells; `deny.toml` has the licenses.

use super::sources::{files, read, root};

struct Package {
    name: String,
    text: String,
}

fn packages() -> Vec<Package> {
    let lock = read("Cargo.lock");
    let named = |text: &str| {
        let name = text.split("name = \"").nth(1)?.split('"').next()?;
        Some(Package { name: name.to_owned(), text: text.to_owned() })
    };
    let found: Vec<_> = lock.split("[[package]]").filter_map(named).collect();
    assert!(found.len() > 50, "{}", found.len());
    found
}

#[test]
fn all_of_it_is_from_the_registry_and_has_a_checksum() {
    for Package { name, text } in packages().iter().filter(|package| package.name != "coswhy") {
        assert!(
            text.contains("source = \"registry+https://github.com/rust-lang/crates.io-index\""),
            "{name}"
        );
        assert!(text.contains("checksum = \""), "{name}");
    }
}

/// A bomb is packed, and nothing that comes over the network is unpacked; nor is there another TLS than rustls.
#[test]
fn nothing_from_the_network_is_unpacked_and_there_is_one_tls() {
    let packages = packages();
    let never = [
        "flate2",
        "libflate",
        "brotli",
        "brotli-decompressor",
        "zstd",
        "zstd-sys",
        "ruzstd",
        "lz4_flex",
        "snap",
        "lzma-rs",
        "xz2",
        "bzip2",
        "zip",
        "async-compression",
        "openssl",
        "openssl-sys",
        "native-tls",
        "boring-sys",
        "aws-lc-sys",
    ];
    for name in never {
        assert!(packages.iter().all(|package| package.name != name), "{name} is in Cargo.lock");
    }
    // What the store has packed itself, up to a limit.
    for path in files("src", "rs") {
        let unpacks = read(&path).contains("miniz_oxide");
        assert!(!unpacks || path == "src/observe/store/whole.rs", "{path} unpacks");
    }
    assert!(!read("src/observe/store/whole.rs").contains("decompress_to_vec("), "it unpacks without a limit");
}

#[test]
fn no_unsafe_block_and_no_program_at_build_time_is_coswhys_own() {
    assert!(read("src/lib.rs").contains("#![forbid(unsafe_code)]"));
    assert!(read("Cargo.toml").contains("unsafe_code = \"forbid\""));
    assert!(!root().join("build.rs").exists());
}
