//! Logs of requests, line by line: web servers', the one that COS keeps, coswhy's own, Apache's HTTP client's.

pub(super) mod access;
pub(super) mod cos;
pub(super) mod coswhy;
pub(super) mod wire;
