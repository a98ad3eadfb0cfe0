//! What the text around a failure says of its request: what its client printed as signed, with what key it was made, what
//! the policy names that is quoted beside it, which way it went, how its signature was made.

mod acl;
mod around;
mod key;
mod policy;
mod presigned;
mod signed_string;
mod signing;
mod way;

use std::sync::Arc;

use signed_string::Printed;

use super::finding::Finding;
use crate::diagnosis::Told;

/// Of a log of more failures than these, what is said somewhere is not of each.
const FEW: usize = 4;

/// Adds to each finding what `text` says of it. Findings are in the order of the text.
pub(super) fn add(text: &str, findings: &mut [Finding]) {
    if findings.is_empty() || text.contains("urn:coswhy:cause:") {
        // an explanation quotes what would help, not what was there
        return;
    }
    let (strings, hashed): (Vec<_>, Vec<_>) =
        signed_string::find(text).into_iter().partition(|printed| printed.is_http_string);
    let of_all = if findings.len() <= FEW {
        Told {
            key: key::told(text),
            policy: policy::named(text),
            acl: acl::told(text),
            way: way::told(text),
            signing: signing::told(text),
            ..Told::default()
        }
    } else {
        Told::default()
    };
    if strings.is_empty() && hashed.is_empty() && of_all == Told::default() {
        return;
    }
    for finding in findings {
        finding.told = Some(Arc::new(Told {
            http_string: nearest(&strings, finding.at),
            string_to_sign: nearest(&hashed, finding.at),
            ..of_all.clone()
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
