//! HTTP/2 (RFC 9113) in front of an upstream of HTTP/1.1.

mod flow;
mod heads;
mod limits;
mod resets;
