//! COS's own signature, q-sign: verified for what was asked, made for what is sent.

use std::collections::HashMap;

use http::header::HOST;

use super::{Asked, Sent, host, query};
use crate::cos::auth::Auth;
use crate::cos::signature::{SignKey, VerifyInput};

/// The signature for `sent`, if that of `asked` verifies.
pub(super) fn sign(asked: &Asked<'_>, sent: &Sent<'_>, auth: &Auth, secret_key: &str) -> Option<String> {
    if !lists_fit(asked, auth) {
        return None;
    }
    let key = SignKey::derive(secret_key, &auth.key_time_text);
    let with = |host| VerifyInput {
        method: asked.method.as_str(),
        target: asked.target,
        headers: asked.headers,
        host: Some(host),
        auth,
    };
    let hosts = if auth.signs_host() { host::spellings(asked) } else { vec![asked.host.into()] };
    let verified = hosts.iter().any(|host| key.verify(&with(host)).is_ok());
    verified.then(|| key.sign(&VerifyInput { target: sent.target, ..with(sent.host) }))
}

/// Whether a name is listed once, or as often as it is there: the Go SDK lists a name for each of its values. Anything
/// between could be read as some of them.
fn lists_fit(asked: &Asked<'_>, auth: &Auth) -> bool {
    let times = |list: &[String]| {
        let mut times: HashMap<String, usize> = HashMap::with_capacity(list.len());
        for name in list {
            *times.entry(name.to_ascii_lowercase()).or_default() += 1;
        }
        times
    };
    let headers_fit = times(&auth.header_list).iter().all(|(name, listed)| {
        let there =
            if name == HOST.as_str() { 1 } else { asked.headers.get_all(name.as_str()).iter().count() };
        *listed == 1 || *listed == there
    });
    let params = times(&auth.param_list);
    headers_fit
        && (params.values().all(|listed| *listed == 1) || {
            let mut there: HashMap<String, usize> = HashMap::new();
            for (name, _) in form_urlencoded::parse(query(asked.target).as_bytes()) {
                *there.entry(name.to_ascii_lowercase()).or_default() += 1;
            }
            params.iter().all(|(name, listed)| *listed == 1 || there.get(name) == Some(listed))
        })
}
