//! A text with its percent-encoding undone, each byte remembering where it came from and from how deep.

/// Clients encode twice, a link within a link three times; nothing honest goes deeper.
const DEEPEST: u8 = 5;

/// One decoded byte.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    pub(super) byte: u8,
    /// How many decodings it took.
    pub(super) depth: u8,
    start: usize,
    end: usize,
}

/// A text decoded to the ground.
#[derive(Debug)]
pub(super) struct Layers {
    pub(super) units: Vec<Unit>,
    /// The same bytes in lower case, to search names in.
    pub(super) lower: Vec<u8>,
}

impl Layers {
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.units.get(at).map(|unit| unit.byte)
    }

    pub(super) fn depth(&self, at: usize) -> u8 {
        self.units.get(at).map_or(0, |unit| unit.depth)
    }

    /// Where in the raw text the decoded byte at `at` begins (its end for `at` past the last).
    pub(super) fn raw_start(&self, at: usize) -> usize {
        match self.units.get(at) {
            Some(unit) => unit.start,
            None => self.units.last().map_or(0, |unit| unit.end),
        }
    }

    pub(super) fn text(&self, from: usize, to: usize) -> String {
        let bytes: Vec<u8> =
            self.units.get(from..to).unwrap_or_default().iter().map(|unit| unit.byte).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    pub(super) fn lower_at(&self, at: usize, expected: &[u8]) -> bool {
        self.lower.get(at..).is_some_and(|rest| rest.starts_with(expected))
    }
}

pub(super) fn decode(raw: &str) -> Layers {
    let mut units: Vec<Unit> =
        raw.bytes().enumerate().map(|(at, byte)| Unit { byte, depth: 0, start: at, end: at + 1 }).collect();
    for _ in 0..DEEPEST {
        match pass(&units) {
            Some(decoded) => units = decoded,
            None => break,
        }
    }
    let lower = units.iter().map(|unit| unit.byte.to_ascii_lowercase()).collect();
    Layers { units, lower }
}

/// One decoding; `None` where there was nothing to decode.
fn pass(units: &[Unit]) -> Option<Vec<Unit>> {
    units.iter().position(|unit| unit.byte == b'%')?;
    let mut out = Vec::with_capacity(units.len());
    let mut rest = units;
    while let Some((first, tail)) = rest.split_first() {
        if let Some(unit) = escape(rest) {
            out.push(unit);
            rest = rest.get(3..).unwrap_or_default();
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    (out.len() < units.len()).then_some(out)
}

fn escape(units: &[Unit]) -> Option<Unit> {
    let [percent, high, low, ..] = units else { return None };
    if percent.byte != b'%' {
        return None;
    }
    let digit = |unit: &Unit| char::from(unit.byte).to_digit(16);
    let byte = u8::try_from(digit(high)? * 16 + digit(low)?).ok()?;
    let depth = percent.depth.max(high.depth).max(low.depth) + 1;
    Some(Unit { byte, depth, start: percent.start, end: low.end })
}
