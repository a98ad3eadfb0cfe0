//! SigV4 of S3 clients: verified for what was asked, made for what is sent, in the reading that verified.

use super::{Asked, Sent, host, input};
use crate::cos::auth::Auth;
use crate::cos::signature::VerifyInput;
use crate::cos::sigv4::{Reading, SigningKey};
use crate::diagnosis::ProxySigning;

/// The signature for `sent`, if that of `asked` verifies.
pub(super) fn sign(
    asked: &Asked<'_>,
    sent: &Sent<'_>,
    auth: &Auth,
    secret_key: &str,
) -> Result<String, ProxySigning> {
    // SigV4 always covers the host, and a header that it lists is there once, whatever its number of values.
    if !auth.signs_host() || !lists_fit(asked, auth) {
        return Err(ProxySigning::Ambiguous);
    }
    let key = SigningKey::derive(secret_key, auth);
    let readings = readings(asked.target);
    let reading = host::verified(asked, |host| {
        readings.iter().find(|reading| key.verify(&input(asked, auth, host), **reading).is_ok())
    })?;
    Ok(key.sign(&VerifyInput { target: sent.target, ..input(asked, auth, sent.host) }, *reading))
}

/// The readings that can make a difference.
fn readings(target: &str) -> Vec<Reading> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'~');
    let paths: &[bool] = if path.bytes().all(plain) { &[false] } else { &[false, true] };
    let pluses: &[bool] = if query.contains('+') { &[false, true] } else { &[false] };
    let of_path = |path_as_sent: bool| {
        pluses.iter().map(move |plus_is_space| Reading { path_as_sent, plus_is_space: *plus_is_space })
    };
    paths.iter().flat_map(|path_as_sent| of_path(*path_as_sent)).collect()
}

/// Whether each listed header is there, and listed once.
fn lists_fit(asked: &Asked<'_>, auth: &Auth) -> bool {
    let mut names: Vec<String> = auth.header_list.iter().map(|name| name.to_ascii_lowercase()).collect();
    let there = |name: &String| name == "host" || asked.headers.contains_key(name.as_str());
    let all = names.iter().all(there);
    let listed = names.len();
    names.sort_unstable();
    names.dedup();
    all && names.len() == listed
}
