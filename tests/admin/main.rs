//! The admin listener, over real sockets on loopback.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod access;
mod bounds;
mod description;
mod diagnoses;
mod endpoints;
mod events;
mod explain;
mod groups;
mod inspector;
mod listener;
mod rules;
