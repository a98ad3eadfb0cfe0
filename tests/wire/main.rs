//! The proxy on the wire: the real binary between a raw socket and a raw socket, no HTTP library on either side.
//! A module a behaviour, as RFC 9110, RFC 9112 and RFC 9209 want it of a proxy.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod harness;

mod address;
mod bodies;
mod browsers;
mod cardinality;
mod client_address;
mod diagnosis;
mod drain;
mod early;
mod expect;
mod exposure;
mod eyeballs;
mod fields;
mod foresee;
mod front;
mod http2;
mod injection;
mod keepalive;
mod limits;
mod log;
mod mapped;
mod outgoing_proxy;
mod pressure;
mod reload;
mod retry;
mod route;
mod secrets;
mod service;
mod sign;
mod smuggling;
mod store;
mod target;
mod timing;
mod tls;
mod truncated;
mod tunnel;
mod warnings;
