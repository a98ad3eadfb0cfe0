//! Parses the arguments and picks the command.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser;
use coswhy::cli::arguments::{Arguments, Command};
use coswhy::cli::{ca, config, demo, documents, explain, healthcheck, reload, rules, serve, simulator, tail};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Serve(sources) => serve::run(&sources),
        Command::Reload(args) => reload::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Explain(args) => explain::run(args),
        Command::Tail(args) => tail::run(&args),
        Command::Rules(args) => rules::run(args),
        Command::Simulator(args) => simulator::run(args),
        Command::Config(args) => config::run(args),
        Command::Ca(args) => ca::run(args),
        Command::Healthcheck(args) => healthcheck::run(args),
        Command::Man(args) => documents::man(args),
        Command::Completions(args) => documents::completions(args),
    }
}
