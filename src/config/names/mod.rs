//! The syntax of the addresses and names that settings hold.

pub(super) mod bucket;
pub(super) mod host;
mod registry;
pub(super) mod url;

pub use host::is_of_cos;
pub use registry::is_anybodys_domain;
