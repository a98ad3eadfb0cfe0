//! `coswhy man` and `coswhy completions`: what packages install beside the program, made from its own command line.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::arguments::Arguments;

/// What the command line does not know of, in man(7)'s language.
const FURTHER: &str = include_str!("further.man");

#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// Write the pages of all commands here; without it, coswhy(1) goes to standard output
    #[arg(value_name = "DIRECTORY")]
    directory: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell that shall complete coswhy's command line
    shell: Shell,
}

/// Prints or writes man pages.
#[must_use]
pub fn man(args: ManArgs) -> ExitCode {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    finish(match args.directory {
        Some(directory) => fs::create_dir_all(&directory).and_then(|()| write_all(&command, &directory)),
        None => render(&command, &mut io::stdout().lock()),
    })
}

/// Prints the completions of a shell.
#[must_use]
pub fn completions(args: CompletionsArgs) -> ExitCode {
    // In memory first: clap_complete panics where it cannot write.
    let mut script = Vec::new();
    generate(args.shell, &mut Arguments::command(), "coswhy", &mut script);
    finish(io::stdout().write_all(&script))
}

fn finish(done: io::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Who reads has read enough: `coswhy man | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "coswhy: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A page a command: coswhy.1, coswhy-serve.1, coswhy-config-check.1, …
fn write_all(command: &Command, directory: &Path) -> io::Result<()> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    render(command, &mut fs::File::create(directory.join(format!("{name}.1")))?)?;
    command
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name() != "help")
        .try_for_each(|command| write_all(command, directory))
}

fn render(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let page =
        Man::new(command.clone()).source(concat!("coswhy ", env!("CARGO_PKG_VERSION"))).manual("coswhy");
    let mut text = Vec::new();
    page.render(&mut text)?;
    if command.get_name() == "coswhy" {
        text.extend_from_slice(FURTHER.as_bytes());
    }
    out.write_all(&text)
}
