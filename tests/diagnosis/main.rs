//! The rule engine and its reports, from the outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod causes_document;
mod engine;
mod exchanges;
mod expressions;
mod facts_document;
mod files;
mod forensics;
mod properties;
mod proxy;
mod reports;
