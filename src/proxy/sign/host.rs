//! How clients spell the host that they sign.

use super::Asked;
use crate::diagnosis::ProxySigning;

/// What `verifies` finds for one of the spellings of a request's host that clients sign: as it was sent, without its
/// port (as most SDKs sign it), and both in lower case. A name alone says nothing of the port, so it counts only where
/// all are the same.
pub(super) fn verified<T>(
    asked: &Asked<'_>,
    verifies: impl Fn(&str) -> Option<T>,
) -> Result<T, ProxySigning> {
    let name = without_port(asked.host);
    let any_case = |host: &str| {
        verifies(host).or_else(|| {
            let mixed = host.bytes().any(|b| b.is_ascii_uppercase());
            mixed.then(|| verifies(&host.to_ascii_lowercase())).flatten()
        })
    };
    if let Some(found) = (asked.any_port || name != asked.host).then(|| any_case(asked.host)).flatten() {
        return Ok(found);
    }
    match any_case(name) {
        Some(found) if asked.any_port => Ok(found),
        Some(_) => Err(ProxySigning::PortNotSigned),
        None => Err(ProxySigning::DoesNotVerify),
    }
}

pub(super) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}
