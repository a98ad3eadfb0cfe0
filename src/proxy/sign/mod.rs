//! The station between address and upstream, for requests whose Host or path goes out other than the client sent it:
//! verifies the client's signature as the client made it, and only then signs for where the request goes.
//!
//! What is signed anew is the very string that the client signed, with the host and the path that go out in the place
//! of the client's own. Method, parameters, headers, payload hash, times, lists and scope are those that verified, so a
//! new signature is worth no more and lasts no longer than the client's. What neither covers stays uncovered.
//!
//! So all that somebody without the key could gain is another meaning of host or path, and these have one:
//! - the address station decides what a host means, and the signature must hold for the host that it decided by. A name
//!   without its port counts where every port leads to the same place ([`Asked::any_port`]), as it does at COS.
//! - a name that may mean another bucket in the world outside is signed only for that bucket: one of COS (`meaning.rs`),
//!   and, as nobody knows what a custom domain means, one that nothing but `*` maps ([`Asked::is_own`]).
//! - a path-style path must be signed whole, `/BUCKET/key`. A signature over `/key` names no bucket: whoever replays it
//!   could put any in front.
//! - without `host` in its list, a signature holds for any host at COS too. Where the path goes out as it came there is
//!   nothing to sign then ([`ProxySigning::NotCovered`]). Where path style is rewritten it is not signed either: made for
//!   a bucket's own name, `/BUCKET/key` is a key that only begins like a bucket ([`ProxySigning::HostNotSigned`]).
//!
//! Requests whose signature could be read in two ways are left alone (`credentials.rs`).

mod credentials;
mod host;
mod meaning;
mod qsign;
mod replace;
mod sigv4;
mod times;

#[cfg(test)]
mod tests;

use http::header::{HeaderMap, HeaderValue};
use http::uri::PathAndQuery;
use http::{Method, header};

pub use crate::config::Keys;

use crate::cos::auth::{Auth, Place, Scheme};
use crate::cos::signature::VerifyInput;
use crate::diagnosis::ProxySigning;

/// A request as the client sent it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub method: &'a Method,
    /// The name that it means, as it is spelt there.
    pub host: &'a str,
    /// Whether that name leads to the same place with any port, and without one.
    pub any_port: bool,
    /// Whether that name is coswhy's own, so that nobody signs for it who means another place.
    pub is_own: bool,
    /// Path and query.
    pub target: &'a str,
    pub headers: &'a HeaderMap,
    /// A browser's upload form.
    pub is_form: bool,
}

/// What goes out of it.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    pub host: &'a str,
    /// Path and query.
    pub target: &'a str,
}

/// What became of a request's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It goes out as it came.
    LeftAlone(ProxySigning),
    /// What goes out in the place of the client's: the one that held the signature.
    Anew { authorization: Option<HeaderValue>, target: Option<PathAndQuery> },
}

impl Outcome {
    #[must_use]
    pub const fn signing(&self) -> ProxySigning {
        match self {
            Self::LeftAlone(why) => *why,
            Self::Anew { .. } => ProxySigning::Anew,
        }
    }
}

impl Keys {
    /// Signs `asked` for `sent`, where its own signature verifies. `now` is in epoch seconds.
    #[must_use]
    pub fn sign(&self, asked: &Asked<'_>, sent: &Sent<'_>, now: i64) -> Outcome {
        self.anew(asked, sent, now).unwrap_or_else(Outcome::LeftAlone)
    }

    fn anew(&self, asked: &Asked<'_>, sent: &Sent<'_>, now: i64) -> Result<Outcome, ProxySigning> {
        if asked.is_form {
            return Err(ProxySigning::Form);
        }
        let auth = credentials::of(asked)?;
        if auth.scheme == Scheme::QSign && !auth.signs_host() {
            let path_is_kept = path(asked.target) == path(sent.target);
            return Err(if path_is_kept { ProxySigning::NotCovered } else { ProxySigning::HostNotSigned });
        }
        let key = auth.secret_id.as_deref().and_then(|id| self.secret_key(id)).ok_or(ProxySigning::NoKey)?;
        times::check(&auth, now)?;
        if !meaning::is_kept(asked, sent) {
            return Err(ProxySigning::DoesNotVerify);
        }
        let signature = match auth.scheme {
            Scheme::SigV4 => sigv4::sign(asked, sent, &auth, key),
            _ => qsign::sign(asked, sent, &auth, key),
        }?;
        if !asked.is_own {
            return Err(ProxySigning::NameNotMapped);
        }
        put(asked, sent, &auth, &signature).ok_or(ProxySigning::DoesNotVerify)
    }
}

/// What a signature is computed over, with `host` in Host's place.
fn input<'a>(asked: &Asked<'a>, auth: &'a Auth, host: &'a str) -> VerifyInput<'a> {
    VerifyInput {
        method: asked.method.as_str(),
        target: asked.target,
        headers: asked.headers,
        host: Some(host),
        auth,
    }
}

/// The request's signature replaced, where it stands and nowhere else.
fn put(asked: &Asked<'_>, sent: &Sent<'_>, auth: &Auth, signature: &str) -> Option<Outcome> {
    let old = auth.signature.as_deref()?;
    if auth.place == Some(Place::Header) {
        let value = asked.headers.get(header::AUTHORIZATION)?;
        let authorization = replace::in_header(value, auth.scheme, old, signature)?;
        return Some(Outcome::Anew { authorization: Some(authorization), target: None });
    }
    let name = match (auth.scheme, auth.place) {
        (Scheme::SigV4, _) => "X-Amz-Signature",
        (_, Some(Place::SignParameter)) => "sign",
        _ => "q-signature",
    };
    let target = replace::in_query(sent.target, name, old, signature)?;
    Some(Outcome::Anew { authorization: None, target: Some(target) })
}

fn path(target: &str) -> &str {
    target.split_once('?').map_or(target, |(path, _)| path)
}

fn query(target: &str) -> &str {
    target.split_once('?').map_or("", |(_, query)| query)
}
