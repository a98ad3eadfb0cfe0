//! coswhy: a reverse proxy for Tencent Cloud COS that says why COS refused.
//!
//! Imports run one way, downwards in this list; `cos` and `diagnosis` do no I/O, so the proxy, the offline
//! `explain` command, the tests and the fuzzers all run the same code. `docs/architecture.md` is the map.
#![forbid(unsafe_code)]

pub mod cli;
pub mod simulator;

pub mod admin;
pub mod proxy;

pub mod observe;

pub mod evidence;

pub mod diagnosis;

pub mod cos;

pub mod config;
