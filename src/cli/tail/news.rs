//! What the tail waits for: lines from a thread that reads, and the signal that ends it.

use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use tokio::signal::unix::{SignalKind, signal};

use super::follow::{Follower, Start};
use super::lines::Lines;

/// Lines that wait to be shown; a reader that is ahead by more waits for them.
const AHEAD: usize = 1024;

pub(super) enum News {
    /// Without its line feed.
    Line(Vec<u8>),
    /// For who is at the terminal.
    Notice(String),
    End(io::Result<()>),
}

/// The lines of a file, for as long as somebody wants them where `follow` is set.
pub(super) fn of_file(path: PathBuf, start: Start, follow: bool) -> io::Result<Receiver<News>> {
    begin(move |sender| Follower::new(path, sender).run(start, follow))
}

/// The lines of standard input, to its end.
pub(super) fn of_standard_input() -> io::Result<Receiver<News>> {
    begin(|sender| {
        let (mut lines, mut buffer) = (Lines::default(), vec![0; 64 * 1024]);
        let mut input = io::stdin().lock();
        loop {
            let read = match input.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            if read == 0 {
                break;
            }
            lines.push(buffer.get(..read).unwrap_or_default(), |line| hand_over(&sender, line))?;
        }
        lines.finish(|line| hand_over(&sender, line))
    })
}

/// Gives a line on; an error where nobody takes it any more.
pub(super) fn hand_over(sender: &SyncSender<News>, line: Vec<u8>) -> io::Result<()> {
    sender.send(News::Line(line)).map_err(|_| io::ErrorKind::BrokenPipe.into())
}

fn begin(
    read: impl FnOnce(SyncSender<News>) -> io::Result<()> + Send + 'static,
) -> io::Result<Receiver<News>> {
    let (sender, receiver) = sync_channel(AHEAD);
    let interrupted = sender.clone();
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if wait_for_the_end().is_ok() {
            let _ = interrupted.send(News::End(Ok(())));
        }
    })?;
    thread::Builder::new().name("reader".to_owned()).spawn(move || {
        let ended = read(sender.clone());
        let _ = sender.send(News::End(ended));
    })?;
    Ok(receiver)
}

/// Ctrl-C, or SIGTERM.
fn wait_for_the_end() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        Ok(())
    })
}
