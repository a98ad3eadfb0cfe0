//! S3's version 2: the lines of its string to sign as a client may have signed them.

use zeroize::Zeroizing;

use super::guess::{Guess, Tries};
use super::lines::Lines;
use super::paths::{Path, spellings};
use super::{Case, Distortion, values};
use crate::cos::sigv2::{matches, string_to_sign};

const METHOD: usize = 0;
const CONTENT_TYPE: usize = 2;
const DATE: usize = 3;

pub(super) fn search(case: &Case<'_>, secret_key: &str, tries: &mut Tries) -> Option<Guess> {
    let auth = case.input.auth;
    let bucket = case.location.bucket.as_deref();
    let string = string_to_sign(&case.input, bucket);
    let own: Vec<&str> = string.split('\n').collect();
    let signed = |key: &str, text: &[u8]| matches(key, text, auth);
    let lines = Lines::new(own.iter().map(|line| line.as_bytes().to_vec()).collect(), |text| {
        signed(secret_key, text)
    });
    let blanks = [" ", "\n", "\r\n"].iter().map(|end| Zeroizing::new(format!("{secret_key}{end}")));
    lines
        .none(tries)
        .or_else(|| {
            let mut others = blanks.chain([Zeroizing::new(secret_key.trim().to_owned())]);
            let is = |key: &Zeroizing<String>| key.as_str() != secret_key && signed(key, string.as_bytes());
            others.any(|key| is(&key)).then(|| Guess::of(Distortion::KeyBlank, METHOD, Vec::new()))
        })
        .or_else(|| lines.one_of(&resources(case, &own), tries))
        .or_else(|| lines.one_of(&others(case, &own), tries))
}

/// The resource is the last line: with the bucket or without, its path in another spelling.
fn resources(case: &Case<'_>, own: &[&str]) -> Vec<Guess> {
    let sent = own.last().copied().unwrap_or_default();
    let line = own.len().saturating_sub(1);
    let (path, query) = case.input.target.split_once('?').unwrap_or((case.input.target, ""));
    let bucket = case.location.bucket.as_deref();
    let prefix = bucket.map(|bucket| format!("/{bucket}")).unwrap_or_default();
    let sub_resource = sent.find('?').and_then(|at| sent.get(at..)).unwrap_or_default();
    let bare = string_to_sign(&case.input, None);
    let bare = bare.rsplit('\n').next().unwrap_or_default();
    let mut all = vec![(Distortion::Resource, bare.as_bytes().to_vec())];
    for (distortion, spelt) in spellings(Path { sent: path, query, bucket }) {
        all.push((distortion, [prefix.as_bytes(), &spelt, sub_resource.as_bytes()].concat()));
    }
    let others = all.into_iter().filter(|(_, text)| text != sent.as_bytes());
    Guess::distinct(others.map(|(distortion, text)| Guess::line(distortion, line, &text, sent.as_bytes())))
}

fn others(case: &Case<'_>, own: &[&str]) -> Vec<Guess> {
    let line = |number: usize| own.get(number).copied().unwrap_or_default();
    let methods = ["GET", "PUT", "POST", "HEAD", "DELETE"].iter().filter(|other| **other != line(METHOD));
    let mut all: Vec<Guess> = methods
        .map(|other| Guess::line(Distortion::Method, METHOD, other.as_bytes(), line(METHOD).as_bytes()))
        .collect();
    for (distortion, kind) in values::content_types(Some(line(CONTENT_TYPE))) {
        let guess = Guess::of(distortion, CONTENT_TYPE, kind.as_bytes().to_vec()).about("content-type");
        all.push(guess.between(line(CONTENT_TYPE).as_bytes(), kind.as_bytes()));
    }
    let empty_type = Guess::of(Distortion::ContentType, CONTENT_TYPE, Vec::new()).about("content-type");
    all.push(empty_type.between(line(CONTENT_TYPE).as_bytes(), b""));
    for name in ["date", "x-amz-date"] {
        if let Some(date) = case.input.headers.get(name).filter(|date| *date != line(DATE)) {
            let guess = Guess::of(Distortion::HeaderNotListed, DATE, date.as_bytes().to_vec()).about(name);
            all.push(guess.between(line(DATE).as_bytes(), date.as_bytes()));
        }
    }
    all
}
