//! `docs/facts.md`, printed from the table of facts.

use std::fmt::Write as _;

use super::table::{self, Kind};

const HEAD: &str = "# Facts\n\n\
<!-- Made from src/diagnosis/facts by `cargo test`: UPDATE_DOCS=1 cargo test --test diagnosis facts_document -->\n\n\
What conditions and texts of rules can read. A fact that the input does not show is not known, which is neither\n\
true nor false, nor the same as absent. Types: `text`, `int`, `bool`, `list` (of texts) and `map` (texts by name).\n\
Ints marked *instant* are seconds since 1970-01-01 UTC, those marked *duration* are seconds.\n";

/// The whole document.
#[must_use]
pub fn markdown() -> String {
    let mut out = HEAD.to_owned();
    let mut group = "";
    for fact in table::all() {
        let name = fact.name.split('.').next().unwrap_or_default();
        if name != group {
            group = name;
            let _ = write!(
                out,
                "\n## {group}\n\n| fact | type | from | what it is |\n| --- | --- | --- | --- |\n"
            );
        }
        let kind = match fact.kind {
            Kind::Instant => ", instant",
            Kind::Duration => ", duration",
            _ => "",
        };
        let (value_type, source) = (fact.value_type().as_str(), fact.source.as_str());
        let _ = writeln!(out, "| `{}` | {value_type}{kind} | {source} | {} |", fact.name, fact.en);
    }
    out
}
