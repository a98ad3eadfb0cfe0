//! COS's own signature, q-sign: verified for what was asked, made for what is sent.

use super::{Asked, Sent, host};
use crate::cos::auth::Auth;
use crate::cos::signature::{SignKey, VerifyInput, listed_name, signed_parts};

/// The signature for `sent`, if that of `asked` verifies.
pub(super) fn sign(asked: &Asked<'_>, sent: &Sent<'_>, auth: &Auth, secret_key: &str) -> Option<String> {
    let key = SignKey::derive(secret_key, &auth.key_time_text);
    let with = |host| VerifyInput {
        method: asked.method.as_str(),
        target: asked.target,
        headers: asked.headers,
        host: Some(host),
        auth,
    };
    if !lists_fit(&with(asked.host)) {
        return None;
    }
    let hosts = if auth.signs_host() { host::spellings(asked) } else { vec![asked.host.into()] };
    let verified = hosts.iter().any(|host| key.verify(&with(host)).is_ok());
    verified.then(|| key.sign(&VerifyInput { target: sent.target, ..with(sent.host) }))
}

/// Whether each listed name is there, and is listed once or as often as it is there: the Go SDK lists a name for each
/// of its values. Anything else could be read in two ways.
fn lists_fit(request: &VerifyInput<'_>) -> bool {
    let auth = request.auth;
    let (headers, params) = signed_parts(request).lists();
    fits(&auth.header_list, &headers) && fits(&auth.param_list, &params)
}

fn fits(list: &[String], there: &str) -> bool {
    let list: Vec<String> = list.iter().map(|name| listed_name(name)).collect();
    list.iter().all(|name| {
        let listed = list.iter().filter(|other| *other == name).count();
        let there = there.split(';').filter(|other| other == name).count();
        listed == there || (listed == 1 && there > 0)
    })
}
