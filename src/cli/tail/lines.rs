//! Bytes as they come, cut into lines.

use std::io;

/// A longer line is none of the log's; of it this much is kept.
const LONGEST: usize = 1024 * 1024;

/// What came after the last line feed.
#[derive(Debug, Default)]
pub(super) struct Lines {
    rest: Vec<u8>,
}

impl Lines {
    /// Takes bytes and gives `each` the lines that they end, without their line feeds.
    pub(super) fn push(
        &mut self,
        mut bytes: &[u8],
        mut each: impl FnMut(Vec<u8>) -> io::Result<()>,
    ) -> io::Result<()> {
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at(end);
            self.keep(line);
            bytes = rest.split_first().map_or(&[], |(_, rest)| rest);
            each(std::mem::take(&mut self.rest))?;
        }
        self.keep(bytes);
        Ok(())
    }

    /// Gives `each` the line that has no end, where there is one.
    pub(super) fn finish(&mut self, mut each: impl FnMut(Vec<u8>) -> io::Result<()>) -> io::Result<()> {
        if self.rest.is_empty() { Ok(()) } else { each(std::mem::take(&mut self.rest)) }
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST.saturating_sub(self.rest.len());
        self.rest.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(pieces: &[&[u8]]) -> Vec<String> {
        let (mut lines, mut found) = (Lines::default(), Vec::new());
        let mut each = |line: Vec<u8>| {
            found.push(String::from_utf8(line).unwrap());
            Ok(())
        };
        for piece in pieces {
            lines.push(piece, &mut each).unwrap();
        }
        lines.finish(each).unwrap();
        found
    }

    #[test]
    fn lines_are_whole_however_they_come() {
        assert_eq!(cut(&[b"a", b"b\nc\n\nd"]), ["ab", "c", "", "d"]);
        assert_eq!(cut(&[b"a\n"]), ["a"]);
    }

    #[test]
    fn a_line_without_end_is_kept_in_part() {
        let long = vec![b'x'; 2 * LONGEST];
        let found = cut(&[&long, &long, b"\nshort\n"]);
        assert_eq!(found[0].len(), LONGEST);
        assert_eq!(found[1], "short");
    }
}
