//! A file a command: serve, demo, explain, rules, config.

pub mod arguments;
pub mod config;
pub mod demo;
pub mod explain;
pub mod rules;
pub mod serve;
pub mod simulator;
