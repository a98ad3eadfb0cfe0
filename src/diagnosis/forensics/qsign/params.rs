//! The parameters' line.

use std::collections::HashSet;

use super::pairs::{self, replaced};
use super::{MOST_NAMES, PARAMS};
use crate::cos::signature::{Parts, encoded_name, form_decoded, listed_name};
use crate::diagnosis::forensics::guess::Guess;
use crate::diagnosis::forensics::{Case, Distortion, encoders};

pub(super) fn guesses(case: &Case<'_>, parts: &Parts<'_>) -> Vec<Guess> {
    let query = case.input.target.split_once('?').map_or("", |(_, query)| query);
    let raw: Vec<(&str, &str)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    let listed: HashSet<String> = case.input.auth.param_list.iter().map(|name| listed_name(name)).collect();
    let is_listed = |name: &str| listed.contains(&encoded_name(&form_decoded(name)));
    let own = pairs::line(&parts.params, encoders::strict);
    let encoded = |encode: &encoders::Encoder| pairs::line(&parts.params, *encode);
    let mut all: Vec<Guess> = encoders::OTHERS
        .iter()
        .map(|encode| Guess::line(Distortion::ParamEncoding, PARAMS, &encoded(encode), &own))
        .collect();
    all.push(Guess::of(
        Distortion::ParamEncoding,
        PARAMS,
        pairs::as_sent(raw.iter().filter(|(name, _)| is_listed(name))),
    ));
    all.push(Guess::of(Distortion::ParamEncoding, PARAMS, pairs::without_equals(&parts.params)));
    all.push(Guess::of(
        Distortion::ParamOrder,
        PARAMS,
        pairs::in_order(&parts.params, &case.input.auth.param_list),
    ));
    all.push(Guess::of(Distortion::ParamLeftOut, PARAMS, Vec::new()));
    for (name, value) in parts.params.iter().take(MOST_NAMES) {
        let pairs = replaced(&parts.params, name, None);
        let text = pairs::line(&pairs, encoders::strict);
        let about = Guess::of(Distortion::ParamLeftOut, PARAMS, text).about(&String::from_utf8_lossy(name));
        all.push(about.between(value, b""));
    }
    let unlisted =
        raw.iter().filter(|(name, _)| !is_listed(name) && !name.starts_with("q-")).take(MOST_NAMES);
    let mut every = parts.params.clone();
    for (name, value) in unlisted {
        let (name, value) = (form_decoded(name), form_decoded(value));
        let text = pairs::line(&replaced(&parts.params, &name, Some(&value)), encoders::strict);
        let about =
            Guess::of(Distortion::ParamNotListed, PARAMS, text).about(&String::from_utf8_lossy(&name));
        all.push(about.between(b"", &value));
        every.push((name, value));
    }
    all.push(Guess::of(Distortion::ParamNotListed, PARAMS, pairs::line(&every, encoders::strict)));
    let sent: HashSet<String> = raw.iter().map(|(name, _)| encoded_name(&form_decoded(name))).collect();
    for name in listed.iter().filter(|name| !sent.contains(*name)).take(MOST_NAMES) {
        let text = pairs::line(&replaced(&parts.params, name.as_bytes(), Some(b"")), encoders::strict);
        all.push(Guess::of(Distortion::ParamNotSent, PARAMS, text).about(name));
    }
    Guess::distinct(all.into_iter().filter(|guess| guess.text != own))
}
