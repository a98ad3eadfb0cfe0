//! What SDKs and tools say in words of their own where COS refused: exceptions, operations, made-up messages.

pub(super) mod exception;
pub(super) mod invented;
pub(super) mod minio;
mod operation;
pub(super) mod rust_debug;
