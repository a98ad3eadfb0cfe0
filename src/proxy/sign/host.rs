//! How clients spell the host that they sign.

use std::borrow::Cow;

use super::Asked;

/// The spellings of a request's host that its signature may hold for: as it was sent, without its port (as most SDKs
/// sign it), and both in lower case. A name alone says nothing of the port, so it counts only where all are the same.
pub(super) fn spellings<'a>(asked: &Asked<'a>) -> Vec<Cow<'a, str>> {
    let name = without_port(asked.host);
    let mut out: Vec<Cow<'a, str>> = Vec::with_capacity(4);
    if asked.any_port || name != asked.host {
        out.push(Cow::Borrowed(asked.host));
    }
    if asked.any_port && name != asked.host {
        out.push(Cow::Borrowed(name));
    }
    if asked.host.bytes().any(|b| b.is_ascii_uppercase()) {
        let lower: Vec<_> = out.iter().map(|host| Cow::Owned(host.to_ascii_lowercase())).collect();
        out.extend(lower);
    }
    out
}

pub(super) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}
