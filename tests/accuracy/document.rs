//! docs/accuracy.md.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::score::{Outcome, Scored};

pub(crate) fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/accuracy.md")
}

const PURPOSE: &str = "# Accuracy

How often coswhy's first answer is the true cause. Printed by `UPDATE_DOCS=1 cargo test --test accuracy`; the same
test fails where a case gets worse than what stands here, or where an answer that claims to be certain is wrong.

Every case is what a client printed or what a person copied, never made from the rules' own text:

- `recorded`: real clients, run against the simulator or against a small server that answers in COS's format, and
  provoked into each failure. `tests/accuracy/record/run.py` makes them again.
- `printed`: clients that are not run here, written in the exact format of their source.
- `copied`: what people do to such text on its way into a question: masked, cut, quoted, translated, retold.
- `held-out`: printed and copied ones that were written and labelled before anything had been fitted to any case of
  this corpus, and run once as they were.
- `held-out-2`, `held-out-3`, `held-out-4`: later batches, written and labelled by people who had read neither rules nor
  readers, and run once as they were. In the third and fourth the cause stands more often in the prose around a bare
  error than in the error.

A case is right where the first answer is its cause. Several causes count as right only where the text does not tell
them apart (`Access Denied.` by itself says nothing of who asked).

";

pub(crate) fn markdown(scored: &[Scored]) -> String {
    let mut out = PURPOSE.to_owned();
    out.push_str("## By how they came to be\n\n");
    table(&mut out, "cases", scored, |one| one.case.folder.clone());
    first_run(&mut out);
    out.push_str("\n## By what was copied\n\n");
    table(&mut out, "what", scored, |one| one.case.kind.clone());
    out.push_str("\n## By what the cause has to do with\n\n");
    table(&mut out, "family", scored, |one| one.case.family().to_owned());
    out.push_str("\n## Every miss\n\n| case | made by | cause | first answer | so |\n| --- | --- | --- | --- | --- |\n");
    for one in scored.iter().filter(|one| one.outcome != Outcome::Right) {
        let _ = writeln!(out, "{}", one.line());
    }
    out
}

fn table(out: &mut String, name: &str, scored: &[Scored], group: impl Fn(&Scored) -> String) {
    let mut rows: BTreeMap<String, [usize; 4]> = BTreeMap::new();
    let mut all = [0; 4];
    for one in scored {
        let column = one.outcome as usize;
        rows.entry(group(one)).or_default()[column] += 1;
        all[column] += 1;
    }
    let _ = writeln!(out, "| {name} | number | right | among the alternatives | wrong | wrong and certain |");
    out.push_str("| --- | --- | --- | --- | --- | --- |\n");
    for (row, counts) in rows.iter().map(|(row, counts)| (row.as_str(), counts)).chain([("all", &all)]) {
        let number: usize = counts.iter().sum();
        let _ = writeln!(
            out,
            "| {row} | {number} | {} ({:.1} %) | {} | {} | {} |",
            counts[0],
            counts[0] as f64 * 100.0 / number.max(1) as f64,
            counts[1],
            counts[2],
            counts[3]
        );
    }
}

/// The score of the first run of the cases that were held out, which no later run can change.
fn first_run(out: &mut String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/accuracy/first-run.md");
    out.push_str(&fs::read_to_string(path).unwrap_or_default());
}
