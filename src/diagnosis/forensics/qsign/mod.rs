//! COS's own scheme: the four lines of the HttpString as a client may have signed them.

mod headers;
mod pairs;
mod params;

use super::encoders;
use super::guess::{Guess, Tries};
use super::lines::Lines;
use super::paths::{Path, spellings};
use super::{Case, Distortion, key};
use crate::config::Keys;
use crate::cos::signature::{Parts, SignKey, signed_parts, string_to_sign};

const METHOD: usize = 0;
const PATH: usize = 1;
const PARAMS: usize = 2;
const HEADERS: usize = 3;

/// Names of parameters or headers that are tried one by one.
const MOST_NAMES: usize = 32;

pub(super) fn search(case: &Case<'_>, secret_key: &str, keys: &Keys, tries: &mut Tries) -> Option<Guess> {
    let auth = case.input.auth;
    let parts = signed_parts(&case.input);
    let key = SignKey::derive(secret_key, &auth.key_time_text);
    let lines = Lines::new(
        vec![
            parts.method.to_ascii_lowercase().into_bytes(),
            parts.path.clone(),
            pairs::line(&parts.params, encoders::strict),
            pairs::line(&parts.headers, encoders::strict),
            Vec::new(),
        ],
        |text| key.matches(&string_to_sign(&auth.sign_time_text, text), auth.signature.as_deref()),
    );
    if let Some(none) = lines.none(tries) {
        return Some(none);
    }
    let hosts = headers::hosts(case, &parts);
    let headers = headers::guesses(case, &parts);
    let paths = path_guesses(case, &parts);
    let params = params::guesses(case, &parts);
    let methods = method_guesses(&parts);
    key::search(auth, secret_key, keys, &lines.text(), tries)
        .or_else(|| {
            [&hosts, &headers, &paths, &params, &methods].into_iter().find_map(|g| lines.one_of(g, tries))
        })
        .or_else(|| lines.two_of(&paths, &hosts, tries))
        .or_else(|| lines.two_of(&params, &hosts, tries))
        .or_else(|| lines.two_of(&params, &paths, tries))
        .or_else(|| lines.two_of(&headers, &paths, tries))
}

fn method_guesses(parts: &Parts<'_>) -> Vec<Guess> {
    let own = parts.method.to_ascii_lowercase();
    let others = ["get", "put", "post", "head", "delete", "options"].iter().filter(|other| **other != own);
    let mut all = vec![Guess::line(
        Distortion::MethodCase,
        METHOD,
        own.to_ascii_uppercase().as_bytes(),
        own.as_bytes(),
    )];
    all.extend(others.map(|other| Guess::line(Distortion::Method, METHOD, other.as_bytes(), own.as_bytes())));
    all
}

fn path_guesses(case: &Case<'_>, parts: &Parts<'_>) -> Vec<Guess> {
    let (sent, query) = case.input.target.split_once('?').unwrap_or((case.input.target, ""));
    let path = Path { sent, query, bucket: case.location.bucket.as_deref() };
    let spelt = spellings(path).into_iter().filter(|(_, text)| *text != parts.path);
    Guess::distinct(spelt.map(|(distortion, text)| Guess::line(distortion, PATH, &text, &parts.path)))
}
