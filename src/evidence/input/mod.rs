//! How an input comes: its encoding, its format, its pieces, and what wrapped it on the way.

pub(super) mod decode;
pub(super) mod detect;
pub(super) mod pieces;
pub(super) mod unwrap;
