//! `coswhy rules`: what is in the catalogue, one rule whole, and whether rule files load.

use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::language::Lang;
use crate::config::settings::Language;
use crate::diagnosis::Engine;
use crate::diagnosis::causes::{self, Cause};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List every rule: its id, confidence, cause and title
    List {
        /// Rule files, or directories of them, beside the built-in rules
        #[arg(long, value_name = "FILE")]
        rules: Vec<PathBuf>,
    },
    /// Show all that is known of a cause: what it means, how it is told, the checklist, what to do
    Show {
        /// A cause, or the id of one of its rules
        id: String,
        /// The language of the words
        #[arg(long, value_enum, default_value_t = Lang::En)]
        lang: Lang,
        /// Rule files, or directories of them, beside the built-in rules
        #[arg(long, value_name = "FILE")]
        rules: Vec<PathBuf>,
    },
    /// Load rule files as the server would; exit code 2 if something is wrong
    Check {
        /// Rule files, or directories of them
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

/// Runs the command on the process's own standard streams.
#[must_use]
pub fn run(args: Args) -> ExitCode {
    match execute(args, &mut io::stdout().lock(), &mut io::stderr().lock()) {
        Ok(code) => code.into(),
        // Who reads has read enough: `coswhy rules list | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn execute(args: Args, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    let files = match &args.command {
        Command::List { rules } | Command::Show { rules, .. } => rules,
        Command::Check { files } => files,
    };
    let engine = match engine(files) {
        Ok(engine) => engine,
        Err(errors) => {
            errors.lines().try_for_each(|line| writeln!(err, "error: {line}"))?;
            return Ok(2);
        }
    };
    match args.command {
        Command::List { .. } => list(&engine, out).map(|()| 0),
        Command::Show { id, lang, .. } => show(&engine, &id, lang.language(), out, err),
        Command::Check { .. } => {
            let own = engine.rules().iter().filter(|rule| rule.origin.user).count();
            writeln!(out, "{own} rules, all right").map(|()| 0)
        }
    }
}

/// The rules of the settings, as they were read.
#[derive(Debug)]
pub struct Rules {
    files: Vec<(String, String)>,
    pub engine: Arc<Engine>,
}

impl Rules {
    /// The built-in rules and those in `paths`; those read before, where the files are the same.
    ///
    /// # Errors
    /// What is wrong with the files, a line each.
    pub fn load(paths: &[PathBuf], before: Option<&Self>) -> Result<Self, String> {
        let files = read(paths)?;
        let engine = match before.filter(|before| before.files == files) {
            Some(same) => Arc::clone(&same.engine),
            None => Arc::new(Engine::load(&files).map_err(|errors| errors.to_string())?),
        };
        Ok(Self { files, engine })
    }
}

/// The built-in rules and those in `paths`.
///
/// # Errors
/// What is wrong with the files, a line each.
pub fn engine(paths: &[PathBuf]) -> Result<Engine, String> {
    Engine::load(&read(paths)?).map_err(|errors| errors.to_string())
}

/// A rule file is some kilobytes; what is larger was named by mistake.
const LARGEST: u64 = 1024 * 1024;

/// Path and text of rule files; a directory stands for its `*.toml` files, in the order of their names.
///
/// # Errors
/// A file or directory that can't be read, with its name.
fn read(paths: &[PathBuf]) -> Result<Vec<(String, String)>, String> {
    let mut files = Vec::new();
    for path in paths {
        let said = |error: io::Error| format!("{}: {error}", path.display());
        if path.is_dir() {
            for file in in_directory(path).map_err(said)? {
                files.push(text_of(&file)?);
            }
        } else {
            files.push(text_of(path)?);
        }
    }
    Ok(files)
}

fn in_directory(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn text_of(path: &Path) -> Result<(String, String), String> {
    let name = path.display().to_string();
    let said = |error: io::Error| format!("{name}: {error}");
    let mut text = String::new();
    std::fs::File::open(path).map_err(said)?.take(LARGEST + 1).read_to_string(&mut text).map_err(said)?;
    if text.len() as u64 > LARGEST {
        return Err(format!("{name}: larger than 1 MiB: this is no rule file"));
    }
    Ok((name, text))
}

fn list(engine: &Engine, out: &mut dyn Write) -> io::Result<()> {
    let width = engine.rules().iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in engine.rules() {
        let mark = if rule.origin.user { "*" } else { " " };
        let (id, confidence) = (&rule.id, rule.confidence.as_str());
        let title = rule.title.en.source();
        writeln!(out, "{mark} {id:width$}  {confidence:8}  {title}")?;
    }
    Ok(())
}

fn show(
    engine: &Engine,
    id: &str,
    language: Language,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let causes = causes::all(engine.rules());
    let one = || engine.rules().iter().find(|rule| &*rule.id == id).map(|rule| Cause::of(rule));
    let Some(cause) = causes.into_iter().find(|cause| cause.name == id).or_else(one) else {
        let nearest = crate::diagnosis::facts::nearest_of(id, engine.rules().iter().map(|rule| &*rule.id));
        let hint = nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        writeln!(err, "error: no rule is called `{id}`{hint}")?;
        return Ok(1);
    };
    for rule in &cause.rules {
        let owner = if rule.origin.user { "yours" } else { "built in" };
        writeln!(out, "{}  ({owner}, {}:{})", rule.id, rule.origin.file, rule.origin.line)?;
    }
    write!(out, "\n{}", causes::page(&cause, language))?;
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(command: Command) -> (u8, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = execute(Args { command }, &mut out, &mut err).unwrap();
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn list_names_every_rule() {
        let (code, out, _) = ran(Command::List { rules: Vec::new() });
        assert_eq!(code, 0);
        assert!(out.contains("signature-expired"), "{out}");
    }

    #[test]
    fn show_prints_one_rule_and_names_the_nearest() {
        let (code, out, _) =
            ran(Command::Show { id: "signature-expired".into(), lang: Lang::En, rules: Vec::new() });
        assert_eq!(code, 0);
        assert!(out.contains("Request has expired") || out.contains("request has expired"), "{out}");
        let (code, _, err) =
            ran(Command::Show { id: "signature-expird".into(), lang: Lang::En, rules: Vec::new() });
        assert_eq!(code, 1);
        assert!(err.contains("did you mean `signature-expired"), "{err}");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let (code, _, err) = ran(Command::Check { files: vec!["no/such.toml".into()] });
        assert_eq!(code, 2);
        assert!(err.starts_with("error: no/such.toml: "), "{err}");
    }
}
