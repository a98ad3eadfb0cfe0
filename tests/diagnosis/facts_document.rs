//! docs/facts.md is printed from the code.

#[test]
fn facts_document_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/facts.md");
    let fresh = coswhy::diagnosis::facts::markdown();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &fresh).unwrap();
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(there, fresh, "run UPDATE_DOCS=1 cargo test --test diagnosis facts_document");
}
