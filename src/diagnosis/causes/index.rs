//! The list of all causes, `docs/causes.md`.

use std::fmt::Write as _;

use super::Cause;
use crate::config::settings::Language;

const HEAD: &str = "# Causes

<!-- Made from config/rules by `cargo test`: UPDATE_DOCS=1 cargo test --test diagnosis document -->

Every cause that coswhy can name, with a page each: what it means, how coswhy knows, what it shows, the checklist, and
what to do, in English and in Chinese. `coswhy rules show CAUSE` prints the same, `--lang zh` in Chinese; [rules.md](rules.md)
tells how such knowledge is written down.

| cause | what it is | 含义 |
| --- | --- | --- |
";

/// The table of the causes, with links to their pages.
#[must_use]
pub fn index(causes: &[Cause<'_>]) -> String {
    let mut out = HEAD.to_owned();
    for cause in causes {
        let (en, zh) = (cause.title(Language::En), cause.title(Language::Zh));
        let _ = writeln!(out, "| [{0}](causes/{0}.md) | {en} | {zh} |", cause.name);
    }
    out
}
