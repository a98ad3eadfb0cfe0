//! What the readers make of inputs as real tools print them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod again;
mod any_input;
mod cases;
mod causes;
mod clipboard;
mod exchanges;
mod har;
mod large;
mod printed;
mod secrets;
