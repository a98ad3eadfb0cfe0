//! A file a command: serve, reload, tail, demo, explain, rules, config, ca, healthcheck; `documents` is man and completions.

pub mod arguments;
pub mod ca;
pub mod config;
pub mod demo;
pub mod documents;
pub mod explain;
pub mod healthcheck;
pub mod language;
pub mod reload;
pub mod rules;
pub mod serve;
pub mod simulator;
pub mod tail;
