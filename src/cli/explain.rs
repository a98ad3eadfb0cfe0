//! `coswhy explain`: the causes of failures that people have on paper, without any request.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ulid::Ulid;

use crate::config::settings::Language;
use crate::diagnosis::Engine;
use crate::diagnosis::report::{problem, text};
use crate::evidence::{self, Evidence, EvidenceError};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// An error body, curl's output, a HAR, an exception, a log; `-` or nothing: standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// For people, or one JSON explanation a line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The language of the explanation
    #[arg(long, value_enum, default_value_t = Lang::En)]
    lang: Lang,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Lang {
    En,
    Zh,
}

impl Lang {
    fn language(self) -> Language {
        match self {
            Self::En => Language::En,
            Self::Zh => Language::Zh,
        }
    }
}

/// Runs the command on the process's own standard streams.
#[must_use]
pub fn run(args: Args) -> ExitCode {
    let color = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let out = &mut io::stdout().lock();
    match execute(&args, &mut io::stdin().lock(), out, &mut io::stderr().lock(), color) {
        Ok(code) => code.into(),
        // Who reads has read enough: `coswhy explain x.har | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn execute(
    args: &Args,
    stdin: &mut dyn Read,
    out: &mut dyn Write,
    err: &mut dyn Write,
    color: bool,
) -> io::Result<u8> {
    let engine = match Engine::builtin() {
        Ok(engine) => engine,
        Err(errors) => {
            writeln!(err, "error: {errors}")?;
            return Ok(1);
        }
    };
    let standard_input = [PathBuf::from("-")];
    let files = if args.files.is_empty() { &standard_input } else { args.files.as_slice() };
    let mut page = Page { out, first: true, style: text::Style { color, language: args.lang.language() } };
    let mut code = 0;
    for file in files {
        match read(file, stdin) {
            Ok(found) => {
                for evidence in &found {
                    page.put(&engine, evidence, args.format)?;
                }
            }
            Err(error) => {
                writeln!(err, "error: {error}")?;
                code = 1;
            }
        }
    }
    Ok(code)
}

fn read(file: &Path, stdin: &mut dyn Read) -> Result<Vec<Evidence>, EvidenceError> {
    let name = file.display().to_string();
    if name == "-" {
        return evidence::read(&name, stdin);
    }
    match File::open(file) {
        Ok(opened) => evidence::read(&name, opened),
        Err(source) => Err(EvidenceError::Io { name, source }),
    }
}

struct Page<'a> {
    out: &'a mut dyn Write,
    first: bool,
    style: text::Style,
}

impl Page<'_> {
    fn put(&mut self, engine: &Engine, evidence: &Evidence, format: Format) -> io::Result<()> {
        let diagnosis = engine.diagnose(&evidence.exchange, Ulid::generate());
        let explanation = diagnosis.explanation(self.style.language);
        match format {
            Format::Json => {
                self.out.write_all(&problem::json(&explanation))?;
                writeln!(self.out)
            }
            Format::Text => {
                if !std::mem::replace(&mut self.first, false) {
                    writeln!(self.out)?;
                }
                writeln!(self.out, "{}", evidence.source)?;
                write!(self.out, "{}", text::render(&explanation, self.style))
            }
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
    fn run(words: &[&str], input: &str) -> (u8, String, String) {
        let line = Line::try_parse_from(std::iter::once(&"explain").chain(words)).unwrap();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = execute(&line.args, &mut input.as_bytes(), &mut out, &mut err, false).unwrap();
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    }

    const TWO: &str = "<Error><Code>AccessDenied</Code></Error>\n<Error><Code>NoSuchKey</Code></Error>\n";

    #[test]
    fn json_is_one_explanation_a_line() {
        for words in [&["--format", "json"][..], &["-", "--format", "json"]] {
            let (code, out, err) = run(words, TWO);
            assert_eq!((code, err.as_str()), (0, ""));
            assert_eq!(out.lines().count(), 2);
            for line in out.lines() {
                let value: serde_json::Value = serde_json::from_str(line).unwrap();
                assert!(value.pointer("/diagnosis/cause").is_some());
            }
        }
    }

    #[test]
    fn text_names_the_place_of_each() {
        let (code, out, _) = run(&[], TWO);
        assert_eq!(code, 0);
        assert!(out.starts_with("standard input:1, error body\n"), "{out}");
        assert!(out.contains("\n\nstandard input:2, error body\n"), "{out}");
    }

    #[test]
    fn a_file_that_is_not_there_is_named_and_the_others_are_explained() {
        let (code, out, err) = run(&["--format", "json", "no/such/file", "-"], TWO);
        assert_eq!(code, 1);
        assert_eq!(out.lines().count(), 2);
        assert!(err.starts_with("error: no/such/file: "), "{err}");
    }

    #[test]
    fn input_that_is_none_of_it_says_what_is_read() {
        let (code, out, err) = run(&[], "hello\n");
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.contains("curl -i") && err.contains("HAR"), "{err}");
    }

    #[test]
    fn a_wrong_format_is_bad_usage() {
        assert!(Line::try_parse_from(["explain", "--format", "yaml"]).is_err());
    }
}
