//! What the text around a failure says of its request: what its client printed as signed.

use std::sync::Arc;

use super::finding::Finding;
use super::signed_string::{self, Printed};
use crate::diagnosis::Told;

/// Adds to each finding what `text` says of it. Findings are in the order of the text.
pub(super) fn add(text: &str, findings: &mut [Finding]) {
    let (strings, hashed): (Vec<_>, Vec<_>) =
        signed_string::find(text).into_iter().partition(|printed| printed.is_http_string);
    if strings.is_empty() && hashed.is_empty() {
        return;
    }
    for finding in findings {
        finding.told = Some(Arc::new(Told {
            http_string: nearest(&strings, finding.at),
            string_to_sign: nearest(&hashed, finding.at),
        }));
    }
}

/// The string that was printed nearest to `at`.
fn nearest(printed: &[Printed], at: usize) -> Option<String> {
    let after = printed.partition_point(|one| one.at < at);
    let neighbours = [after.checked_sub(1), Some(after)];
    let near = neighbours.into_iter().flatten().filter_map(|index| printed.get(index));
    near.min_by_key(|one| one.at.abs_diff(at)).map(|one| one.text.clone())
}
