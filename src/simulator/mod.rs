//! A small COS for `demo` and the tests: the wire format, real verification of signatures, and buckets that refuse
//! in each way that COS does. Everything is in memory, its keys are public, and it is no store for anybody's data.
//!
//! Written from published facts: the API documents (<https://www.tencentcloud.com/document/product/436/7751>), the
//! vendor's troubleshooting page (436/40105), error bodies that users published, and what the vendor's SDKs accept.

mod access;
mod batch;
mod body;
pub mod buckets;
mod clock;
mod cors;
mod faults;
mod form;
pub mod keys;
mod letter_case;
mod list;
mod multipart;
mod object_head;
mod objects;
mod post;
mod refusal;
mod reply;
mod request;
mod server;
mod service;
mod store;
mod sub_resources;
pub mod tls;
mod verify;
mod xml;

pub use clock::Clock;
pub use server::{Options, Simulator, Tls};
