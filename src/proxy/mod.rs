//! A request's whole way, a file a station: listener -> address -> sign -> upstream -> classify -> diagnose -> annotate.

mod address;
mod annotate;
mod body;
mod classify;
mod client;
pub mod client_address;
mod current;
mod diagnose;
mod fields;
mod foresee;
mod forward;
mod intercept;
mod late;
mod leftover;
mod listener;
mod memory;
mod negotiate;
mod open_files;
mod pulse;
mod reply;
mod server;
pub mod sign;
mod snapshot;
mod ticket;
mod timing;
mod tunnel;
mod upstream;

pub use current::Reloader;
pub use pulse::Pulse;
pub use server::{Draining, Server, StartError};
pub use snapshot::check;
