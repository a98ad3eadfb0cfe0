//! `coswhy config`: check a settings file, show what is in effect, print the schema. [`Sources`] are the flags
//! that say where settings come from, for `serve` too.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::config::{self, ConfigError, Loaded, Origin, Overrides};

/// Where settings come from: the file, then the environment, then these flags.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Sources {
    /// The settings file; without it, defaults, environment and flags alone
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where clients connect, such as 127.0.0.1:8080
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Where health, metrics and diagnoses are served
    #[arg(long, value_name = "ADDR")]
    pub admin: Option<String>,
    /// Send everything to this origin instead of to the COS host that each request names
    #[arg(long, value_name = "URL")]
    pub upstream: Option<String>,
}

impl Sources {
    /// The settings as the process finds them, with the files that they name looked at.
    pub fn load(&self) -> Result<Loaded, ConfigError> {
        load(self, config::environment())
    }
}

fn load(sources: &Sources, env: impl Iterator<Item = (String, String)>) -> Result<Loaded, ConfigError> {
    let Sources { config, listen, admin, upstream } = sources.clone();
    let loaded = config::load(config.as_deref(), env, &Overrides { listen, admin, upstream })?;
    config::check_files(&loaded)?;
    Ok(loaded)
}

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Check a settings file together with the environment; exit code 2 if something is wrong
    Check {
        /// The settings file; without it, the environment alone is checked
        file: Option<PathBuf>,
        /// The same as FILE, for those who have the flags of `serve` at hand
        #[arg(long, value_name = "FILE", conflicts_with = "file")]
        config: Option<PathBuf>,
    },
    /// Show the settings in effect as TOML, each with where it came from; secrets are masked
    Show {
        #[command(flatten)]
        sources: Sources,
    },
    /// Print the JSON Schema of the settings file
    Schema,
}

/// Runs the command on the process's own environment and standard streams.
#[must_use]
pub fn run(args: Args) -> ExitCode {
    match execute(args, config::environment(), &mut io::stdout().lock(), &mut io::stderr().lock()) {
        Ok(code) => code.into(),
        // Who reads has read enough: `coswhy config show | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Says what is wrong with the settings, a line each; the exit code that goes with it is 2.
pub fn report(error: &ConfigError, err: &mut dyn Write) -> io::Result<()> {
    error.problems.iter().try_for_each(|problem| writeln!(err, "error: {problem}"))
}

fn execute(
    args: Args,
    env: impl Iterator<Item = (String, String)>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let (sources, checking) = match args.command {
        Command::Schema => {
            writeln!(out, "{:#}", config::json_schema())?;
            return Ok(0);
        }
        Command::Check { file, config } => (Sources { config: file.or(config), ..Sources::default() }, true),
        Command::Show { sources } => (sources, false),
    };
    let loaded = match load(&sources, env) {
        Ok(loaded) => loaded,
        Err(error) => {
            report(&error, err)?;
            return Ok(2);
        }
    };
    for warning in &loaded.warnings {
        writeln!(err, "warning: {warning}")?;
    }
    if checking {
        writeln!(out, "{}", verdict(sources.config.as_deref(), &loaded))?;
    } else {
        write!(out, "{}", config::show(&loaded))?;
    }
    Ok(0)
}

fn verdict(file: Option<&Path>, loaded: &Loaded) -> String {
    let count = |is: fn(&Origin) -> bool| loaded.origins.set().filter(|(_, origin)| is(origin)).count();
    let settings = |n: usize| if n == 1 { "1 setting".into() } else { format!("{n} settings") };
    let in_env = count(|origin| matches!(origin, Origin::Env(_)));
    match file {
        None => format!("environment: ok, {}", settings(in_env)),
        Some(file) => {
            let in_file = settings(count(|origin| matches!(origin, Origin::File { .. })));
            let more =
                if in_env > 0 { format!(", and {in_env} from the environment") } else { String::new() };
            format!("{}: ok, {in_file}{more}", file.display())
        }
    }
}
