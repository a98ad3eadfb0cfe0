//! Who asks: the signature verified, the key's times held against the clock.

use super::keys::{Key, Rights};
use super::refusal::Refusal;
use super::request::{Request, name_of};
use crate::cos::auth::{Auth, Place, Scheme};
use crate::cos::signature::{self, Mismatch, VerifyInput};
use crate::cos::{sigv2, sigv4};

/// How far a client's clock may be off.
pub(super) const SKEW: i64 = 15 * 60;

/// Who a request is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Identity {
    Anonymous,
    Known { rights: Rights, temporary: bool },
}

/// Finds out who a request is from.
pub(super) fn identify(request: &Request, keys: &[Key], now: i64) -> Result<Identity, Refusal> {
    let auth = request.auth();
    if auth.scheme == Scheme::None {
        return Ok(Identity::Anonymous);
    }
    let key = key_of(&auth, keys, token_of(request))?;
    in_time(&auth, now)?;
    verify(request, &auth, &key.secret_key)
        .map_err(|m| Refusal::signature(m.string_to_sign, m.format_string))?;
    Ok(identity(key))
}

pub(super) fn identity(key: &Key) -> Identity {
    Identity::Known { rights: key.rights.clone(), temporary: key.token.is_some() }
}

/// The key that signed, if there is such a one and its token is good.
pub(super) fn key_of<'k>(auth: &Auth, keys: &'k [Key], token: Option<&str>) -> Result<&'k Key, Refusal> {
    let Some(id) = auth.secret_id.as_deref() else {
        return Err(match auth.scheme {
            Scheme::Unknown | Scheme::Masked => Refusal::denied(),
            _ => Refusal::argument("Authorization is malformed: no access key id."),
        });
    };
    if !id.starts_with("AKID") || !id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
        return Err(Refusal::malformed_id());
    }
    // a temporary id without its token is as unknown as any
    let known = keys.iter().find(|key| key.secret_id == id && key.token.is_some() == token.is_some());
    let key = known.ok_or_else(Refusal::unknown_id)?;
    if key.token.as_deref() != token {
        return Err(Refusal::denied().with_time());
    }
    if key.expired {
        return Err(Refusal::expired_token());
    }
    Ok(key)
}

fn token_of(request: &Request) -> Option<&str> {
    let in_query = || {
        let is_token = |name: &str| {
            name.eq_ignore_ascii_case("x-cos-security-token")
                || name.eq_ignore_ascii_case("x-amz-security-token")
        };
        request.params.iter().find(|(name, _)| is_token(name)).map(|(_, value)| value.as_str())
    };
    request.either("security-token").or_else(in_query).filter(|token| !token.is_empty())
}

/// Holds the signature's times against the clock.
pub(super) fn in_time(auth: &Auth, now: i64) -> Result<(), Refusal> {
    if let Some(end) = auth.expires {
        return if end < now { Err(Refusal::expired()) } else { Ok(()) };
    }
    let Some((start, end)) = auth.sign_time else {
        return Err(Refusal::argument("Authorization is malformed: its time can't be read."));
    };
    // S3's header signatures have a date and no span
    let dated = auth.scheme != Scheme::QSign && auth.place == Some(Place::Header);
    if start > now + SKEW || (dated && end < now) {
        return Err(Refusal::skewed());
    }
    let key_end = auth.key_time.map_or(end, |(_, key_end)| key_end);
    if end.min(key_end) < now {
        return Err(Refusal::expired());
    }
    Ok(())
}

/// Clients sign the host with or without its port.
fn verify(request: &Request, auth: &Auth, secret_key: &str) -> Result<(), Mismatch> {
    let try_host = |host: &str| {
        let input = VerifyInput {
            method: request.method.as_str(),
            target: &request.target,
            headers: &request.headers,
            host: Some(host),
            auth,
        };
        match auth.scheme {
            Scheme::SigV4 => sigv4::verify(&input, secret_key),
            Scheme::SigV2 => sigv2::verify(&input, request.endpoint.bucket.as_deref(), secret_key),
            Scheme::QSign | Scheme::None | Scheme::Unknown | Scheme::Masked => {
                signature::verify(&input, secret_key)
            }
        }
    };
    let as_sent = try_host(&request.host);
    let bare = name_of(&request.host);
    if as_sent.is_err() && bare != request.host { try_host(bare).or(as_sent) } else { as_sent }
}

/// Strict signature mode: what the rule names and the request has must be signed.
pub(super) fn strict(request: &Request, headers: &[String], params: &[String]) -> Result<(), Refusal> {
    let auth = request.auth();
    if auth.scheme != Scheme::QSign {
        return Ok(());
    }
    let unsigned = |list: &[String], name: &str| !list.iter().any(|signed| signed.eq_ignore_ascii_case(name));
    for name in headers {
        if request.headers.contains_key(name.as_str()) && unsigned(&auth.header_list, name) {
            return Err(Refusal::strict("header"));
        }
    }
    let of_rule = |name: &str| params.iter().any(|p| p == "all" || p.eq_ignore_ascii_case(name));
    for (name, _) in &request.params {
        let is_signature = name.starts_with("q-") || name == "sign";
        if !is_signature && of_rule(name) && unsigned(&auth.param_list, name) {
            return Err(Refusal::strict("param"));
        }
    }
    Ok(())
}
