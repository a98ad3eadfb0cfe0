//! The built-in rules: each of them recognises a real refusal, every code of the vendor leads to a cause, and none
//! promises more than its evidence holds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod archives;
mod browsers;
mod cases;
mod clients;
mod coverage;
mod documents;
mod honesty;
mod languages;
mod of_codes;
mod words;
