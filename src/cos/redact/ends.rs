//! Where values end, found once for all the names that stand inside one another's values.
//!
//! A target can hold `sign=` ten thousand times, and each value reaches to the end of it: what a search has gone
//! through without an end is not gone through again for the next name.

use std::ops::Range;

use super::find::{is_name_byte, is_quote};
use super::layers::Layers;

/// What ends a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// The quote that opened it, with or without a backslash before it.
    Quote {
        byte: u8,
        escaped: bool,
    },
    /// The next element of XML, itself perhaps escaped.
    Tag,
    /// The end of the line, or this quote.
    Line {
        or: Option<u8>,
    },
    /// The next parameter of a target.
    Parameter,
    /// What ends a word in any text.
    Word,
    Slash,
    /// Whatever a name cannot hold.
    NameEnd,
}

/// The ends in one text.
#[derive(Debug)]
pub(super) struct Ends<'t> {
    text: &'t Layers,
    /// For each kind of end at each depth the last stretch that was gone through: it ends at the first end in it.
    gone: Vec<(Until, u8, Range<usize>)>,
}

impl<'t> Ends<'t> {
    pub(super) const fn new(text: &'t Layers) -> Self {
        Self { text, gone: Vec::new() }
    }

    /// The first end at or behind `from` that is encoded no more deeply than `depth`; else the text's end.
    pub(super) fn first(&mut self, from: usize, until: Until, depth: u8) -> usize {
        let gone = self.gone.iter().position(|(of, at_depth, _)| *of == until && *at_depth == depth);
        let known = gone.and_then(|index| self.gone.get_mut(index));
        if let Some((_, _, gone)) = &known
            && (gone.start..=gone.end).contains(&from)
        {
            return gone.end;
        }
        let mut at = from;
        while let Some(unit) = self.text.units.get(at)
            && (unit.depth > depth || !until.is(self.text, at, unit.byte))
        {
            at += 1;
        }
        match known {
            Some((_, _, gone)) => *gone = from..at,
            None => self.gone.push((until, depth, from..at)),
        }
        at
    }
}

impl Until {
    fn is(self, text: &Layers, at: usize, byte: u8) -> bool {
        let is_space = || byte.is_ascii_whitespace() && text.depth(at) == 0;
        match self {
            Self::Quote { byte: quote, escaped } => {
                byte == quote && (at.checked_sub(1).and_then(|i| text.byte(i)) == Some(b'\\')) == escaped
            }
            Self::Tag => byte == b'<' || text.lower_at(at, b"&lt;"),
            Self::Line { or } => matches!(byte, b'\r' | b'\n') || Some(byte) == or,
            Self::Parameter => byte == b'&' || is_space(),
            Self::Word => is_quote(byte) || matches!(byte, b'&' | b'<' | b'>' | b'\\') || is_space(),
            Self::Slash => byte == b'/',
            Self::NameEnd => !is_name_byte(byte),
        }
    }
}
