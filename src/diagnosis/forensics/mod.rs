//! What a client signed in place of the request that it sent, found by trying. Its SecretKey is at hand: one spelling
//! of the request after another is signed with it, until the signature is the client's.
//!
//! An HMAC that comes out the same is proof of what was signed; that none does, proves nothing.
//!
//! ```text
//! hosts, paths, values, encoders   what clients do differently    guess, lines   trying it, within a budget
//! qsign, sigv4, sigv2              the strings of each scheme     key            keys and times of COS's own
//! http_string, comparison          such a string taken apart, and two of them side by side
//! ```

mod comparison;
mod distortion;
mod encoders;
mod guess;
mod hosts;
mod http_string;
mod key;
mod lines;
mod paths;
mod qsign;
mod sigv2;
mod sigv4;
mod values;

pub(crate) use comparison::{Row, rows};
pub(crate) use distortion::Distortion;
pub(crate) use guess::Guess;
pub(crate) use http_string::{HttpString, decoded, first_difference};

use crate::config::Keys;
use crate::cos::auth::{Place, Scheme};
use crate::cos::endpoint::Location;
use crate::cos::signature::VerifyInput;
use guess::Tries;

/// A refused request as its client sent it, and what else its name may have been.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'a> {
    pub input: VerifyInput<'a>,
    pub scheme: Scheme,
    pub location: &'a Location,
    /// The string that COS computed, if its answer tells.
    pub computed: Option<&'a str>,
}

/// What trying showed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    /// The signature is that of the request as it was sent.
    Holds,
    Found(Guess),
    /// It is none of so many spellings.
    NotFound(usize),
}

/// Tries what the client signed. `None`: its key is not at hand, or its signature is of a kind that is not tried.
pub(crate) fn search(case: &Case<'_>, keys: &Keys) -> Option<Tried> {
    let auth = case.input.auth;
    let secret_key = keys.secret_key(auth.secret_id.as_deref()?)?;
    if auth.place == Some(Place::Form) {
        return None;
    }
    let mut tries = Tries::default();
    let found = match case.scheme {
        Scheme::QSign => qsign::search(case, secret_key, keys, &mut tries),
        Scheme::SigV4 => sigv4::search(case, secret_key, &mut tries),
        Scheme::SigV2 => sigv2::search(case, secret_key, &mut tries),
        Scheme::None | Scheme::Masked | Scheme::Unknown => return None,
    };
    Some(match found {
        Some(guess) if guess.distortion == Distortion::None => Tried::Holds,
        Some(guess) => {
            let computed = case.computed.map(|text| text.trim_end().as_bytes());
            let agreed = computed == Some(guess.text.trim_ascii_end());
            Tried::Found(Guess { agreed, ..guess })
        }
        None => Tried::NotFound(tries.count()),
    })
}
