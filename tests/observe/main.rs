//! What the log, the metrics and the ring show of requests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod documents;
mod json;
mod metrics;
mod pretty;
mod program;
mod ring;
mod secrets;
mod sinks;
mod store;
mod writing;
