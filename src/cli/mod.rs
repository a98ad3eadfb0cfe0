//! A file a command: serve, tail, demo, explain, rules, config, ca.

pub mod arguments;
pub mod ca;
pub mod config;
pub mod demo;
pub mod explain;
pub mod language;
pub mod rules;
pub mod serve;
pub mod simulator;
pub mod tail;
