//! The syntax of the addresses and names that settings hold.

pub(super) mod bucket;
pub(super) mod host;
pub(super) mod url;
