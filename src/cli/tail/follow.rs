//! A file that grows, is rotated, is truncated, or is not there yet.
//!
//! It is looked at four times a second: that needs nothing of the system, and works on every file system.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::PathBuf;
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::Duration;

use super::lines::Lines;
use super::news::{News, hand_over};

const PAUSE: Duration = Duration::from_millis(250);
/// Read at a time.
const BLOCK: usize = 64 * 1024;

/// Where in the file to begin.
#[derive(Debug, Clone, Copy)]
pub(super) enum Start {
    Begin,
    /// With so many whole lines from the end.
    Last(u64),
}

/// What has become of the path since it was opened.
enum Change {
    None,
    /// It is shorter than what was read (copytruncate).
    Truncated,
    /// Another file has its name (rename and create).
    Replaced(File),
}

pub(super) struct Follower {
    path: PathBuf,
    sender: SyncSender<News>,
    lines: Lines,
}

impl Follower {
    pub(super) fn new(path: PathBuf, sender: SyncSender<News>) -> Self {
        Self { path, sender, lines: Lines::default() }
    }

    /// Reads to the end and, where `follow` is set, on from there until nobody takes the lines.
    pub(super) fn run(mut self, start: Start, follow: bool) -> io::Result<()> {
        let mut file = self.open(start, follow)?;
        loop {
            self.drain(&mut file)?;
            if !follow {
                return self.finish();
            }
            thread::sleep(PAUSE);
            match self.change(&mut file)? {
                Change::None => {}
                Change::Truncated => {
                    self.finish()?;
                    file.rewind()?;
                }
                Change::Replaced(new) => {
                    // What was written to the old one before the new one came.
                    self.drain(&mut file)?;
                    self.finish()?;
                    file = new;
                }
            }
        }
    }

    /// Opens the file; waits for one that is not there yet, and begins with its first line then.
    fn open(&self, start: Start, wait: bool) -> io::Result<File> {
        let mut waited = false;
        loop {
            match File::open(&self.path) {
                Ok(mut file) => {
                    if let (Start::Last(lines), false) = (start, waited) {
                        skip_to_last(&mut file, lines)?;
                    }
                    return Ok(file);
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound && wait => {}
                Err(error) => return Err(error),
            }
            if !std::mem::replace(&mut waited, true) {
                let notice = format!("{} is not there yet; waiting for it", self.path.display());
                let _ = self.sender.send(News::Notice(notice));
            }
            thread::sleep(PAUSE);
        }
    }

    fn drain(&mut self, file: &mut File) -> io::Result<()> {
        let mut buffer = vec![0; BLOCK];
        loop {
            let read = match file.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            if read == 0 {
                return Ok(());
            }
            let bytes = buffer.get(..read).unwrap_or_default();
            self.lines.push(bytes, |line| hand_over(&self.sender, line))?;
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.lines.finish(|line| hand_over(&self.sender, line))
    }

    fn change(&self, file: &mut File) -> io::Result<Change> {
        let opened = file.metadata()?;
        if opened.is_file() && opened.len() < file.stream_position()? {
            return Ok(Change::Truncated);
        }
        // Moved away and nothing in its place: what writes to it may go on for a while.
        let Ok(named) = std::fs::metadata(&self.path) else { return Ok(Change::None) };
        if (named.dev(), named.ino()) == (opened.dev(), opened.ino()) {
            return Ok(Change::None);
        }
        // An empty one may have been made before the writer was told, and the old one goes on until then.
        match File::open(&self.path) {
            Ok(new) if new.metadata()?.len() > 0 => Ok(Change::Replaced(new)),
            _ => Ok(Change::None),
        }
    }
}

/// Leaves `file` where its last `lines` whole lines begin.
fn skip_to_last(file: &mut File, lines: u64) -> io::Result<()> {
    if !file.metadata()?.is_file() {
        return Ok(());
    }
    let mut end = file.metadata()?.len();
    // The first line feed from the end closes the last whole line; the one that is wanted is before them all.
    let mut left = lines;
    let mut block = vec![0; BLOCK];
    while end > 0 {
        let start = end.saturating_sub(BLOCK as u64);
        let length = usize::try_from(end - start).unwrap_or(BLOCK);
        let bytes = block.get_mut(..length).unwrap_or_default();
        file.read_exact_at(bytes, start)?;
        for at in memchr::memrchr_iter(b'\n', bytes) {
            if left == 0 {
                return file.seek(SeekFrom::Start(start + at as u64 + 1)).map(|_| ());
            }
            left -= 1;
        }
        end = start;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_found() {
        let path = std::env::temp_dir().join(format!("coswhy-tail-{}", ulid::Ulid::generate()));
        let rest = |text: &str, lines| {
            std::fs::write(&path, text).unwrap();
            let mut file = File::open(&path).unwrap();
            skip_to_last(&mut file, lines).unwrap();
            let mut rest = String::new();
            file.read_to_string(&mut rest).unwrap();
            rest
        };
        assert_eq!(rest("a\nb\nc\n", 2), "b\nc\n");
        assert_eq!(rest("a\nb\nc\n", 0), "");
        assert_eq!(rest("a\nb\nc\n", 9), "a\nb\nc\n");
        assert_eq!(rest("a\nb\npart", 1), "b\npart");
        assert_eq!(rest("part", 0), "part");
        let long = format!("{}\n", "x".repeat(3 * BLOCK));
        assert_eq!(rest(&format!("first\n{long}{long}"), 2).len(), 2 * long.len());
        std::fs::remove_file(path).unwrap();
    }
}
