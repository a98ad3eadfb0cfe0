//! `coswhy explain`: the causes of failures that people have on paper, without any request.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ulid::Ulid;

use super::config::{Sources, report};
use super::language::Lang;
use super::rules;
use crate::config::settings::Settings;
use crate::config::{ConfigError, Keys, Loaded};
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
    /// The language of the explanation; without it, the settings' `diagnosis.language`
    #[arg(long, value_enum)]
    lang: Option<Lang>,
    /// A settings file, for its rules, keys and language; the environment counts with or without it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command on the process's own standard streams.
#[must_use]
pub fn run(args: Args) -> ExitCode {
    let color = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let (out, err) = (&mut io::stdout().lock(), &mut io::stderr().lock());
    let sources = Sources { config: args.config.clone(), ..Sources::default() };
    match execute(&args, sources.load(), &mut io::stdin().lock(), out, err, color) {
        Ok(code) => code.into(),
        // Who reads has read enough: `coswhy explain x.har | head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn execute(
    args: &Args,
    loaded: Result<Loaded, ConfigError>,
    stdin: &mut dyn Read,
    out: &mut dyn Write,
    err: &mut dyn Write,
    color: bool,
) -> io::Result<u8> {
    let settings = match loaded {
        Ok(loaded) => loaded.settings,
        Err(error) => {
            report(&error, err)?;
            return Ok(2);
        }
    };
    let expert = match Expert::new(&settings) {
        Ok(expert) => expert,
        Err(says) => {
            says.lines().try_for_each(|line| writeln!(err, "error: {line}"))?;
            return Ok(2);
        }
    };
    let language = args.lang.map_or(settings.diagnosis.language, Lang::language);
    let standard_input = [PathBuf::from("-")];
    let files = if args.files.is_empty() { &standard_input } else { args.files.as_slice() };
    let mut page = Page { out, first: true, style: text::Style { color, language } };
    let mut code = 0;
    for file in files {
        match read(file, stdin) {
            Ok(found) => {
                for evidence in &found {
                    page.put(&expert, evidence, args.format)?;
                }
            }
            Err(error) => {
                writeln!(err, "error: {}", error.in_words(language))?;
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

/// What a diagnosis needs beside the evidence.
struct Expert {
    engine: Engine,
    keys: Keys,
}

impl Expert {
    fn new(settings: &Settings) -> Result<Self, String> {
        Ok(Self { engine: rules::engine(&settings.diagnosis.rules)?, keys: Keys::new(&settings.keys)? })
    }
}

struct Page<'a> {
    out: &'a mut dyn Write,
    first: bool,
    style: text::Style,
}

impl Page<'_> {
    fn put(&mut self, expert: &Expert, evidence: &Evidence, format: Format) -> io::Result<()> {
        let diagnosis = expert.engine.diagnose_with(&evidence.exchange, &expert.keys, Ulid::generate());
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
                writeln!(self.out, "{}", evidence.source.in_words(self.style.language))?;
                write!(self.out, "{}", text::render(&explanation, self.style))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Args, execute};
    use crate::config::{self, Overrides};

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    /// Exit code, standard output, standard error.
    fn run(words: &[&str], input: &str) -> (u8, String, String) {
        let line = Line::try_parse_from(std::iter::once(&"explain").chain(words)).unwrap();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let loaded = config::load(line.args.config.as_deref(), std::iter::empty(), &Overrides::default());
        let code = execute(&line.args, loaded, &mut input.as_bytes(), &mut out, &mut err, false).unwrap();
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
    fn chinese_is_chinese_all_over() {
        let (code, out, _) = run(&["--lang", "zh"], TWO);
        assert_eq!(code, 0);
        assert!(out.starts_with("标准输入:1，错误响应体\n"), "{out}");
        for heading in ["COS 返回：", "证据", "检查清单", "处理方法", "（可能）"] {
            assert!(out.contains(heading), "{heading} is not in {out}");
        }
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
    fn settings_lend_their_rules_and_language() {
        let directory = std::env::temp_dir().join(format!("coswhy-explain-{}", ulid::Ulid::generate()));
        std::fs::create_dir(&directory).unwrap();
        let (rule, config) = (directory.join("own.toml"), directory.join("coswhy.toml"));
        let own = "[[rule]]\nid = \"own\"\nwhen = 'error.code == \"AccessDenied\"'\nconfidence = \"certain\"\n\
                   [rule.en]\ntitle = \"Own\"\nsummary = \"Ours.\"\n[rule.zh]\ntitle = \"自有\"\nsummary = \"自有规则。\"\n";
        std::fs::write(&rule, own).unwrap();
        std::fs::write(&config, format!("[diagnosis]\nrules = [{rule:?}]\nlanguage = \"zh\"\n")).unwrap();
        let config = config.to_str().unwrap();
        let (code, out, err) = run(&["--config", config], TWO);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.contains("自有规则。"), "{out}");
        let (_, out, _) = run(&["--config", config, "--lang", "en"], TWO);
        assert!(out.contains("Ours."), "{out}");
        let (code, _, err) = run(&["--config", "no/such.toml"], TWO);
        assert!(code == 2 && err.contains("no/such.toml"), "{err}");
        std::fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn a_wrong_format_is_bad_usage() {
        assert!(Line::try_parse_from(["explain", "--format", "yaml"]).is_err());
    }
}
