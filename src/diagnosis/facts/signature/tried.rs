//! What the client signed, tried with its SecretKey over the request as the client sent it.

use crate::config::Keys;
use crate::cos::signature::VerifyInput;
use crate::diagnosis::exchange::{Exchange, Field, ProxySigning};
use crate::diagnosis::facts::Facts as All;
use crate::diagnosis::forensics::{Case, Tried, search as search_forensics};

/// `None`: COS does not complain of the signature, its key is not at hand, or too little of the request is known.
pub(super) fn search(keys: &Keys, exchange: &Exchange, all: &All) -> Option<Tried> {
    let complains = all.error.reason.as_deref() == Some("SignatureDoesNotMatch");
    // what coswhy signed anew had verified before
    if !complains || all.proxy.signing == Some(ProxySigning::Anew) {
        return None;
    }
    let auth = &all.auth.auth;
    let headers = &exchange.request.headers;
    let is_shown = |name: &String| name.eq_ignore_ascii_case("host") || headers.get(name) != Field::Unknown;
    let input = VerifyInput {
        method: all.request.method.as_deref()?,
        target: exchange.request.target.as_deref()?,
        headers: &headers.map,
        host: all.request.host.as_deref(),
        auth,
    };
    if !auth.header_list.iter().all(is_shown) {
        return None;
    }
    let computed = all.error.body.format_string.as_deref();
    let case = Case { input, scheme: all.auth.scheme?, location: &all.cos.location, computed };
    search_forensics(&case, keys)
}
