//! docs/security.md names a test for every threat, and every test that it names is there.

use super::sources::{read, root};

/// Words in backticks that name tests: `wire::address::NAME`, `src::proxy::upstream::reach::tests::NAME`,
/// `tests/browser/test_page.py::NAME`.
fn named(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).filter(|word| word.contains("::") && !word.contains(' ')).collect()
}

/// The files in which a test of this name may be, and the test's own.
fn places(word: &str) -> (Vec<String>, &str) {
    let (path, test) = word.rsplit_once("::").unwrap();
    if path.ends_with(".py") {
        return (vec![path.to_owned()], test);
    }
    let path = path.replace("::", "/");
    let path = if path.starts_with("src/") { path } else { format!("tests/{path}") };
    // Tests stand in a module `tests` of the file itself, or in one of that name.
    let bare = path.strip_suffix("/tests").unwrap_or(&path).to_owned();
    let files =
        [format!("{path}.rs"), format!("{path}/mod.rs"), format!("{path}/main.rs"), format!("{bare}.rs")];
    (files.to_vec(), test)
}

#[test]
fn every_test_that_it_names_is_there() {
    let text = read("docs/security.md");
    let words = named(&text);
    assert!(words.len() > 80, "{} tests are named", words.len());
    for word in words {
        let (files, test) = places(word);
        let files: Vec<_> = files.iter().filter(|file| root().join(file).exists()).collect();
        assert!(!files.is_empty(), "{word}: there is no such file");
        let heads = [format!("fn {test}("), format!("def {test}(")];
        let there = files.iter().any(|file| heads.iter().any(|head| read(file).contains(head)));
        assert!(there, "{word} is not in {files:?}");
    }
}

#[test]
fn every_threat_has_a_test() {
    let text = read("docs/security.md");
    let (_, threats) = text.split_once("## Threats").expect("the threats have a section");
    let threats: Vec<_> = threats.split("\n### ").skip(1).collect();
    assert!(threats.len() > 15, "{} threats", threats.len());
    for threat in threats {
        assert!(!named(threat).is_empty(), "no test is named for {}", threat.lines().next().unwrap());
    }
}
