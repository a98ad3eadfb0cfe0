//! The documents name what is there.

use super::sources::{files, read, root};

fn documents() -> Vec<String> {
    let top = ["README.md", "CHANGELOG.md", "SECURITY.md"].map(str::to_owned);
    top.into_iter().chain(files("docs", "md")).chain(files("tests", "md")).collect()
}

/// The targets of `[text](target)` in a Markdown text.
fn links(text: &str) -> Vec<&str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

#[test]
fn links_lead_somewhere() {
    for document in documents() {
        let text = read(&document);
        let folder = root().join(&document).parent().unwrap().to_owned();
        for link in links(&text).into_iter().filter(|link| !link.contains("://") && !link.starts_with('#')) {
            let target = folder.join(link.split('#').next().unwrap());
            assert!(target.exists(), "{document} links to {link}, which is not there");
        }
    }
}

#[test]
fn the_map_names_every_folder_of_the_source() {
    let map = read("docs/architecture.md");
    for path in files("src", "rs") {
        let Some((folder, _)) = path.rsplit_once('/').filter(|(folder, _)| *folder != "src") else {
            continue;
        };
        let folder: Vec<_> = folder.split('/').take(2).collect();
        let name = format!("{}/", folder.join("/"));
        assert!(map.contains(&name), "docs/architecture.md does not mention {name}");
    }
}

#[test]
fn the_map_names_nothing_that_is_gone() {
    let map = read("docs/architecture.md");
    for word in map.split(['`', ' ', '\n', '|', '(', ')', ',']) {
        let word = word.trim_end_matches(['.', ':', ';']);
        let ours = ["src/", "tests/", "benches/", "fuzz/", "config/", "deploy/", "docs/"];
        if ours.iter().any(|folder| word.starts_with(folder)) && !word.contains(['*', '{', '<']) {
            assert!(root().join(word).exists(), "docs/architecture.md names {word}, which is not there");
        }
    }
}

/// The files that a source file takes into the binary, by their paths from the root.
fn included(path: &str) -> Vec<String> {
    let text = read(path);
    let beside = text.split("include_str!(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let beside = beside.map(|file| root().join(path).parent().unwrap().join(file));
    let rooted =
        text.split("env!(\"CARGO_MANIFEST_DIR\"), \"/").skip(1).filter_map(|rest| rest.split('"').next());
    let files = beside.chain(rooted.map(|file| root().join(file)));
    let real = |file: std::path::PathBuf| {
        file.canonicalize().unwrap_or_else(|_| panic!("{path}: {}", file.display()))
    };
    let root = root().canonicalize().unwrap();
    files.map(|file| real(file).strip_prefix(&root).unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn the_image_gets_all_that_the_build_reads() {
    let image = read("Dockerfile");
    for path in files("src", "rs") {
        for file in included(&path) {
            let top = file.split('/').next().unwrap();
            assert!(
                image.contains(&format!("COPY {top} ")),
                "{path} includes {file}; Dockerfile copies no {top}"
            );
        }
    }
}
