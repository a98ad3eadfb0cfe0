//! A file a command: serve, demo, explain, rules, config.

pub mod config;
pub mod explain;
pub mod rules;
