//! What COS is: endpoint, error body, signature, request id, action. No I/O, no clock.

pub mod action;
pub mod auth;
pub mod endpoint;
pub mod error;
pub mod form;
pub mod granted;
pub mod policy;
pub mod redact;
pub mod region;
pub mod request_id;
pub mod signature;
pub mod sigv2;
pub mod sigv4;
pub mod time;
