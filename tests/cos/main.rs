//! What COS is, held against published vectors and against random input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod actions;
mod bodies;
mod effort;
mod policies;
mod redaction;
mod signing;
mod vectors;
