//! Whose request it is, where something stands between: told by a PROXY protocol header before a connection's first
//! byte, or by `X-Forwarded-For`, and believed of named peers alone.

pub mod forwarded_for;
pub mod proxy_header;
