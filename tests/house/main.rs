//! What docs/architecture.md promises about the shape of the code, held by reading it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod dependencies;
mod documents;
mod imports;
mod security;
mod sources;
