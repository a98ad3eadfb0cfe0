//! A line of names and values, as COS signs it and as clients do.

use super::MOST_NAMES;
use crate::cos::signature::{encoded_name, listed_name};
use crate::diagnosis::forensics::encoders::{self, Encoder};

/// Decoded.
pub(super) type Pair = (Vec<u8>, Vec<u8>);

/// `name=value` joined by `&`, sorted.
pub(super) fn line(pairs: &[Pair], encode: Encoder) -> Vec<u8> {
    let mut named: Vec<(String, &[u8])> =
        pairs.iter().map(|(n, v)| (encoded_name(n), v.as_slice())).collect();
    named.sort_unstable();
    joined(named.iter().map(|(name, value)| (name.as_bytes(), encode(value))))
}

/// Unsorted, in the order of the signature's own list.
pub(super) fn in_order(pairs: &[Pair], list: &[String]) -> Vec<u8> {
    let place = |name: &[u8]| list.iter().position(|listed| listed_name(listed) == encoded_name(name));
    let mut ordered: Vec<&Pair> = pairs.iter().take(MOST_NAMES).collect();
    ordered.sort_by_cached_key(|(name, _)| place(name));
    joined_names(&ordered)
}

fn joined_names(pairs: &[&Pair]) -> Vec<u8> {
    let named: Vec<(String, Vec<u8>)> =
        pairs.iter().map(|(n, v)| (encoded_name(n), encoders::strict(v))).collect();
    joined(named.iter().map(|(name, value)| (name.as_bytes(), value.clone())))
}

/// `pairs` with one value for `name`, or without it.
pub(super) fn replaced(pairs: &[Pair], name: &[u8], value: Option<&[u8]>) -> Vec<Pair> {
    let others = pairs.iter().filter(|(n, _)| !n.eq_ignore_ascii_case(name)).cloned();
    others.chain(value.map(|value| (name.to_vec(), value.to_vec()))).collect()
}

/// Names in lower case, values with the escapes that the query has.
pub(super) fn as_sent<'a>(raw: impl Iterator<Item = &'a (&'a str, &'a str)>) -> Vec<u8> {
    let mut pairs: Vec<(String, Vec<u8>)> =
        raw.map(|(name, value)| (name.to_ascii_lowercase(), value.as_bytes().to_vec())).collect();
    pairs.sort_unstable();
    joined(pairs.iter().map(|(name, value)| (name.as_bytes(), value.clone())))
}

/// A parameter without a value as its name alone.
pub(super) fn without_equals(params: &[Pair]) -> Vec<u8> {
    let mut named: Vec<(String, Vec<u8>)> =
        params.iter().map(|(n, v)| (encoded_name(n), encoders::strict(v))).collect();
    named.sort_unstable();
    let pairs: Vec<Vec<u8>> = named
        .into_iter()
        .map(|(name, value)| match value.is_empty() {
            true => name.into_bytes(),
            false => [name.as_bytes(), b"=", &value].concat(),
        })
        .collect();
    pairs.join(&b'&')
}

fn joined<'a>(pairs: impl Iterator<Item = (&'a [u8], Vec<u8>)>) -> Vec<u8> {
    let pairs: Vec<Vec<u8>> = pairs.map(|(name, value)| [name, b"=", &value].concat()).collect();
    pairs.join(&b'&')
}
