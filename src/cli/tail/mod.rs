//! `coswhy tail`: the JSON log, followed and shown for people, what failed grouped at the end.
//!
//! ```text
//! follow, standard input -> lines -> envelope -> entry -> wanted -> show, groups
//! ```

mod entry;
mod envelope;
mod follow;
mod groups;
mod lines;
mod news;
mod show;
mod translate;
mod wanted;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::Receiver;
use std::time::SystemTime;

use self::follow::Start;
use self::groups::Groups;
use self::news::News;
use self::show::Show;
use self::translate::Translator;
use self::wanted::{Status, Wanted};
use super::language::Lang;
use crate::config::settings::Language;
use crate::observe::log::format::is_stdout_colourful;
use crate::observe::since;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The log's file (`log.file`); `-` or nothing: standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Begin with the last N lines of the file
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    lines: u64,
    /// Begin at the start of the file
    #[arg(long, conflicts_with = "lines")]
    from_start: bool,
    /// Only what is not older: a time back (15m), an instant (2026-11-24T02:00:00Z) or epoch seconds; reads the whole file
    #[arg(long, value_name = "TIME", value_parser = |text: &str| since::instant(text, SystemTime::now()))]
    since: Option<SystemTime>,
    /// Only this cause; more of them by commas
    #[arg(long, value_name = "CAUSE", value_delimiter = ',')]
    cause: Vec<String>,
    /// Only this bucket, or a glob such as *-1250000000; more of them by commas
    #[arg(long, value_name = "BUCKET", value_delimiter = ',')]
    bucket: Vec<String>,
    /// Only this status (403) or class (4xx); more of them by commas
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    status: Vec<Status>,
    /// Only what was diagnosed
    #[arg(long)]
    diagnosed: bool,
    /// Read to the end and show the groups alone
    #[arg(long)]
    summary: bool,
    /// Explain in this language what the log explains in its own
    #[arg(long, value_enum)]
    lang: Option<Lang>,
}

/// Runs the command on the process's own standard streams.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    let file = args.file.as_deref().filter(|file| *file != Path::new("-"));
    if file.is_none() && io::stdin().is_terminal() {
        eprintln!(
            "error: name the log's file, or pipe the log in: journalctl -fu coswhy -o cat | coswhy tail"
        );
        return ExitCode::from(2);
    }
    let news = match file {
        Some(file) => news::of_file(file.to_owned(), args.start(), !args.summary),
        None => news::of_standard_input(),
    };
    let shown = news
        .map_err(Failed::Reading)
        .and_then(|news| Tail::new(args).run(&news, &mut BufWriter::new(io::stdout().lock())));
    let (name, error) = match shown {
        Ok(()) => return ExitCode::SUCCESS,
        // Who reads has read enough: `coswhy tail --from-start log | head`.
        Err(Failed::Writing(error)) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Err(Failed::Writing(error)) => ("standard output".to_owned(), error),
        Err(Failed::Reading(error)) => {
            (file.map_or_else(|| "standard input".to_owned(), |file| file.display().to_string()), error)
        }
    };
    eprintln!("error: {name}: {error}");
    ExitCode::FAILURE
}

enum Failed {
    Reading(io::Error),
    Writing(io::Error),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Writing(error)
    }
}

impl Args {
    fn start(&self) -> Start {
        if self.from_start || self.summary || self.since.is_some() {
            Start::Begin
        } else {
            Start::Last(self.lines)
        }
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            causes: self.cause.clone(),
            buckets: self.bucket.clone(),
            statuses: self.status.clone(),
            diagnosed: self.diagnosed,
            since: self.since,
        }
    }
}

/// What is done with each line.
struct Tail {
    wanted: Wanted,
    /// `None`: the groups alone are wanted.
    show: Option<Show>,
    groups: Groups,
    language: Language,
    /// Where another language than the log's is asked for.
    translator: Option<Translator>,
}

impl Tail {
    fn new(args: &Args) -> Self {
        let language = args.lang.map(Lang::language);
        Self {
            wanted: args.wanted(),
            show: (!args.summary).then(|| Show { colour: is_stdout_colourful() }),
            groups: Groups::default(),
            language: language.unwrap_or_default(),
            translator: language.and_then(Translator::new),
        }
    }

    fn run(mut self, news: &Receiver<News>, out: &mut impl Write) -> Result<(), Failed> {
        while let Some(next) = next(news, out)? {
            match next {
                News::Line(line) => self.line(&String::from_utf8_lossy(&line), out)?,
                News::Notice(notice) => eprintln!("coswhy: {notice}"),
                News::End(result) => {
                    result.map_err(Failed::Reading)?;
                    break;
                }
            }
        }
        self.groups.write(out, self.language)?;
        Ok(out.flush()?)
    }

    fn line(&mut self, line: &str, out: &mut impl Write) -> io::Result<()> {
        let mut shown = Vec::new();
        match envelope::open(line) {
            Some((origin, entry)) if self.wanted.takes(&entry) => {
                let translator = self.translator.as_ref();
                self.groups.add(&entry, translator);
                if let Some(show) = &self.show {
                    show.entry(&mut shown, &entry, origin, translator);
                }
            }
            Some(_) => {}
            None => {
                self.groups.add_foreign(line);
                if let Some(show) = self.show.as_ref().filter(|_| self.wanted.is_everything()) {
                    show.foreign(&mut shown, line);
                }
            }
        }
        out.write_all(&shown)
    }
}

/// What comes next; before it is waited for, what was written is shown.
fn next(news: &Receiver<News>, out: &mut impl Write) -> io::Result<Option<News>> {
    if let Ok(news) = news.try_recv() {
        return Ok(Some(news));
    }
    out.flush()?;
    Ok(news.recv().ok())
}
