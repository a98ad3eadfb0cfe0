//! `coswhy config`: check a settings file, show what is in effect, print the schema. [`Sources`] are the flags
//! that say where settings come from, for `serve` too.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::config::{self, ConfigError, Loaded, Origin, Overrides};
use crate::proxy;

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

    /// The same, but for what only a proxy that is made of the settings can find.
    pub fn read(&self) -> Result<Loaded, ConfigError> {
        read(self, config::environment())
    }
}

fn read(sources: &Sources, env: impl Iterator<Item = (String, String)>) -> Result<Loaded, ConfigError> {
    let Sources { config, listen, admin, upstream } = sources.clone();
    let mut loaded = config::load(config.as_deref(), env, &Overrides { listen, admin, upstream })?;
    let warnings = config::check_files(&loaded)?;
    loaded.warnings.extend(warnings);
    Ok(loaded)
}

fn load(sources: &Sources, env: impl Iterator<Item = (String, String)>) -> Result<Loaded, ConfigError> {
    let loaded = read(sources, env)?;
    proxy::check(&loaded.settings).map_err(|says| loaded.mistake(&says))?;
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Args, execute};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    /// Exit code, standard output, standard error.
    fn run(words: &[&str], env: &[(&str, &str)]) -> (u8, String, String) {
        let line = Line::try_parse_from(std::iter::once(&"config").chain(words)).unwrap();
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = execute(line.args, env, &mut out, &mut err).unwrap();
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn check_counts_what_is_set() {
        let example = "config/coswhy.toml";
        let (code, out, err) = run(&["check", example], &[("COSWHY_LOG__FILE", "x.log")]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(
            out.starts_with("config/coswhy.toml: ok, ")
                && out.ends_with(" settings, and 1 from the environment\n")
        );
        assert_eq!(run(&["check", "--config", example], &[]).0, 0);
        assert_eq!(run(&["check"], &[]), (0, "environment: ok, 0 settings\n".into(), String::new()));
        let one = run(&["check"], &[("COSWHY__LISTEN", "127.0.0.1:1")]);
        assert_eq!(one.1, "environment: ok, 1 setting\n");
    }

    #[test]
    fn check_ends_with_2_and_every_mistake_on_standard_error() {
        let env = [("COSWHY_LOG__FORMAT", "x"), ("COSWHY_RUNTIME__THREADS", "0")];
        let (code, out, err) = run(&["check"], &env);
        assert_eq!((code, out.as_str()), (2, ""));
        assert_eq!(
            err,
            "error: COSWHY_LOG__FORMAT: log.format: found \"x\", expected json or pretty\n\
             error: COSWHY_RUNTIME__THREADS: runtime.threads: found \"0\", expected a whole number from 1 to 1024\n"
        );
        assert_eq!(run(&["check", "no/such/file.toml"], &[]).0, 2);
        assert_eq!(run(&["check"], &[("COSWHY_DIAGNOSIS__RULES__0", "no/such/rules")]).0, 2);
    }

    #[test]
    fn check_finds_a_ca_that_no_client_would_trust() {
        let own = rcgen::generate_simple_self_signed(["x.test".to_owned()]).unwrap();
        let file = |content: String| {
            let path = std::env::temp_dir().join(format!("coswhy-check-{}.pem", ulid::Ulid::generate()));
            std::fs::write(&path, content).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let (cert, key) = (file(own.cert.pem()), file(own.signing_key.serialize_pem()));
        let env = [("COSWHY_INTERCEPT__CA_CERT", cert.as_str()), ("COSWHY_INTERCEPT__CA_KEY", key.as_str())];
        let (code, out, err) = run(&["check"], &env);
        assert_eq!((code, out.as_str()), (2, ""));
        let place = format!("error: COSWHY_INTERCEPT__CA_CERT: intercept.ca_cert: {cert}: ");
        assert!(err.starts_with(&place) && err.lines().count() == 1, "{err}");
        [cert, key].iter().for_each(|path| std::fs::remove_file(path).unwrap());
    }

    #[test]
    fn warnings_do_not_fail_a_check() {
        let (code, _, err) = run(&["check"], &[("COSWHY_ADMIN__METRICS", "open")]);
        assert_eq!(code, 0);
        assert_eq!(
            err,
            "warning: COSWHY_ADMIN__METRICS: admin.metrics: has no effect, for there is no admin.token\n"
        );
    }

    #[test]
    fn show_takes_the_flags_of_serve_and_hides_the_token() {
        let flags = ["show", "--config", "config/coswhy.toml", "--listen", "127.0.0.1:7"];
        let (code, out, _) = run(&flags, &[("COSWHY_ADMIN__TOKEN", "hunter2hunter2")]);
        assert_eq!(code, 0);
        assert!(out.starts_with("listen = \"127.0.0.1:7\"                       # --listen\n"), "{out}");
        assert!(out.contains("token = \"…\"") && out.contains("# COSWHY_ADMIN__TOKEN\n"), "{out}");
        assert!(!out.contains("hunter2"));
    }

    #[test]
    fn schema_is_json() {
        let (code, out, _) = run(&["schema"], &[]);
        assert_eq!(code, 0);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap(), crate::config::json_schema());
    }
}
