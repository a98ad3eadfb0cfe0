//! The simulator on the wire: what it stores, what it verifies, how it refuses.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod client;
mod connections;
mod forms;
mod objects;
mod refusals;
mod s3;
mod uploads;
