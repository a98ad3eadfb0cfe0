//! COS's own signature, q-sign: verified for what was asked, made for what is sent.

use std::collections::HashMap;

use super::{Asked, Sent, host, input};
use crate::cos::auth::Auth;
use crate::cos::signature::{SignKey, VerifyInput, listed_name, signed_parts};
use crate::diagnosis::ProxySigning;

/// The signature for `sent`, if that of `asked` verifies.
pub(super) fn sign(
    asked: &Asked<'_>,
    sent: &Sent<'_>,
    auth: &Auth,
    secret_key: &str,
) -> Result<String, ProxySigning> {
    let key = SignKey::derive(secret_key, &auth.key_time_text);
    if !lists_fit(&input(asked, auth, asked.host)) {
        return Err(ProxySigning::Ambiguous);
    }
    host::verified(asked, |host| key.verify(&input(asked, auth, host)).ok())?;
    Ok(key.sign(&VerifyInput { target: sent.target, ..input(asked, auth, sent.host) }))
}

/// Whether each listed name is there, and is listed once or as often as it is there: the Go SDK lists a name for each
/// of its values. Anything else could be read in two ways.
fn lists_fit(request: &VerifyInput<'_>) -> bool {
    let auth = request.auth;
    let (headers, params) = signed_parts(request).lists();
    fits(&auth.header_list, &headers) && fits(&auth.param_list, &params)
}

fn fits(list: &[String], there: &str) -> bool {
    let listed = counted(list.iter().map(|name| listed_name(name)));
    let there = counted(there.split(';').map(str::to_owned));
    listed.iter().all(|(name, listed)| {
        let there = there.get(name).copied().unwrap_or(0);
        *listed == there || (*listed == 1 && there > 0)
    })
}

/// How often each name occurs. A head has room for thousands, and nothing of it is verified yet.
fn counted(names: impl Iterator<Item = String>) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for name in names {
        *counts.entry(name).or_insert(0) += 1;
    }
    counts
}
