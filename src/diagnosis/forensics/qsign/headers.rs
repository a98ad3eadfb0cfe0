//! The headers' line.

use std::collections::HashSet;

use super::pairs::{self, Pair};
use super::{HEADERS, MOST_NAMES};
use crate::cos::signature::{Parts, VerifyInput, listed_name};
use crate::diagnosis::forensics::guess::Guess;
use crate::diagnosis::forensics::{Case, Distortion, encoders, hosts as names, values};

pub(super) fn hosts(case: &Case<'_>, parts: &Parts<'_>) -> Vec<Guess> {
    let sent = case.input.host.unwrap_or_default();
    let others = names::others(sent, case.input.headers, case.location).into_iter();
    others
        .filter(|_| parts.headers.iter().any(|(name, _)| name == b"host"))
        .map(|(distortion, host)| {
            of_header(distortion, "host", pairs::replaced(&parts.headers, b"host", Some(host.as_bytes())))
                .between(sent.as_bytes(), host.as_bytes())
        })
        .collect()
}

pub(super) fn guesses(case: &Case<'_>, parts: &Parts<'_>) -> Vec<Guess> {
    let VerifyInput { headers, auth, .. } = case.input;
    let sent = |name: &str| headers.get(name).map_or(&b""[..], |value| value.as_bytes());
    let listed: HashSet<String> = auth.header_list.iter().map(|name| listed_name(name)).collect();
    let mut all = Vec::new();
    let mut with = |distortion, name: &str, value: &str| {
        let pairs = pairs::replaced(&parts.headers, name.as_bytes(), Some(value.as_bytes()));
        all.push(of_header(distortion, name, pairs).between(sent(name), value.as_bytes()));
    };
    if listed.contains("content-type") {
        let own = headers.get("content-type").and_then(|value| value.to_str().ok());
        values::content_types(own)
            .iter()
            .for_each(|(distortion, kind)| with(*distortion, "content-type", kind));
    }
    if listed.contains("content-length") {
        let own = headers.get("content-length").and_then(|value| value.to_str().ok());
        for (distortion, length) in values::lengths(own, headers) {
            with(distortion, "content-length", &length);
        }
    }
    for name in listed.iter().filter(|name| name.as_str() != "host").take(MOST_NAMES) {
        for value in values::usual(name).iter().chain(&[""]).filter(|value| value.as_bytes() != sent(name)) {
            with(Distortion::HeaderNotSent, name, value);
        }
    }
    for (name, value) in parts.headers.iter().take(MOST_NAMES) {
        let name = String::from_utf8_lossy(name);
        let left_out = of_header(
            Distortion::HeaderLeftOut,
            &name,
            pairs::replaced(&parts.headers, name.as_bytes(), None),
        );
        all.push(left_out.between(value, b""));
    }
    all.push(of_header(Distortion::HeaderLeftOut, "host", Vec::new()));
    let host = case.input.host.map(|host| ("host", host.as_bytes()));
    let fields = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let fields = fields.filter(|(name, _)| !matches!(*name, "host" | "authorization"));
    let unlisted = host.into_iter().chain(fields).filter(|(name, _)| !listed.contains(*name));
    for (name, value) in unlisted.take(MOST_NAMES) {
        let pairs = pairs::replaced(&parts.headers, name.as_bytes(), Some(value));
        all.push(of_header(Distortion::HeaderNotListed, name, pairs).between(b"", value));
    }
    all.push(Guess::of(Distortion::HeaderOrder, HEADERS, pairs::in_order(&parts.headers, &auth.header_list)));
    let own = pairs::line(&parts.headers, encoders::strict);
    all.extend(encoders::OTHERS.map(|encode| {
        Guess::line(Distortion::HeaderEncoding, HEADERS, &pairs::line(&parts.headers, encode), &own)
    }));
    Guess::distinct(all.into_iter().filter(|guess| guess.text != own))
}

fn of_header(distortion: Distortion, name: &str, pairs: Vec<Pair>) -> Guess {
    Guess::of(distortion, HEADERS, pairs::line(&pairs, encoders::strict)).about(name)
}
