//! A file a command: serve, demo, explain, rules, config, simulator.

pub mod config;
pub mod explain;
pub mod rules;
pub mod simulator;
