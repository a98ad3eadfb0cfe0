//! The command line.

use clap::{Parser, Subcommand};

use super::{ca, config, demo, documents, explain, healthcheck, reload, rules, simulator, tail};

/// A reverse proxy for Tencent Cloud COS that says why COS refused.
#[derive(Debug, Parser)]
#[command(name = "coswhy", version, about, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the proxy.
    Serve(config::Sources),
    /// Have the proxy that runs load its settings anew.
    Reload(reload::Args),
    /// Show every cause against a simulated COS, then stay up to be tried by hand.
    Demo(demo::Args),
    /// Explain failures from what is at hand: error bodies, curl output, HARs, exceptions, log lines.
    Explain(explain::Args),
    /// Follow the log and show it readable, what failed grouped at the end.
    Tail(tail::Args),
    /// List, show or check the rules.
    Rules(rules::Args),
    /// A small COS for the demo and the tests.
    Simulator(simulator::Args),
    /// Check, show or describe the settings.
    Config(config::Args),
    /// Make a CA for https through this proxy.
    Ca(ca::Args),
    /// Ask a running coswhy whether it is ready; exit code 0 if so.
    Healthcheck(healthcheck::Args),
    /// Print the man page, or write those of all commands.
    Man(documents::ManArgs),
    /// Print a shell's completions of this command line.
    Completions(documents::CompletionsArgs),
}
