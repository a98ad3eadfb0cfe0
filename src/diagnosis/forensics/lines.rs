//! What a scheme hashes, line by line, and the trying of guesses of one line or two.

use super::guess::{Guess, Tries};

/// Of the first guesses of a kind, how many are combined with those of another.
const COMBINED: usize = 12;

/// The lines as they would be signed for the request as it was sent, and the test whether such a text is signed.
pub(super) struct Lines<'a> {
    lines: Vec<Vec<u8>>,
    is_signed: Test<'a>,
}

type Test<'a> = Box<dyn Fn(&[u8]) -> bool + 'a>;

impl<'a> Lines<'a> {
    pub(super) fn new(lines: Vec<Vec<u8>>, is_signed: impl Fn(&[u8]) -> bool + 'a) -> Self {
        Self { lines, is_signed: Box::new(is_signed) }
    }

    pub(super) fn text(&self) -> Vec<u8> {
        self.with(&[])
    }

    /// That the signature is right as it is.
    pub(super) fn none(&self, tries: &mut Tries) -> Option<Guess> {
        self.holds(&[], tries).then(Guess::none)
    }

    pub(super) fn one_of(&self, guesses: &[Guess], tries: &mut Tries) -> Option<Guess> {
        guesses.iter().find(|guess| self.holds(&[guess], tries)).map(|guess| self.found(&[guess]))
    }

    /// Two lines at once; the first is what is told of it.
    pub(super) fn two_of(&self, these: &[Guess], those: &[Guess], tries: &mut Tries) -> Option<Guess> {
        let those = || those.iter().take(COMBINED);
        let mut all = these.iter().take(COMBINED).flat_map(|one| those().map(move |other| (one, other)));
        all.find(|(one, other)| self.holds(&[one, other], tries))
            .map(|(one, other)| self.found(&[one, other]))
    }

    /// Several lines that change together; the first is what is told of it.
    pub(super) fn all_of(&self, guesses: &[&Guess], tries: &mut Tries) -> Option<Guess> {
        self.holds(guesses, tries).then(|| self.found(guesses))
    }

    fn found(&self, guesses: &[&Guess]) -> Guess {
        let first = guesses.first().map_or_else(Guess::none, |guess| (*guess).clone());
        Guess { text: self.with(guesses), ..first }
    }

    fn holds(&self, guesses: &[&Guess], tries: &mut Tries) -> bool {
        let text = self.with(guesses);
        tries.allow(text.len()) && (self.is_signed)(&text)
    }

    fn with(&self, guesses: &[&Guess]) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.lines.iter().map(|line| line.len() + 1).sum());
        for (number, line) in self.lines.iter().enumerate() {
            if number > 0 {
                out.push(b'\n');
            }
            let guess = guesses.iter().find(|guess| guess.line == number);
            out.extend_from_slice(guess.map_or(line, |guess| &guess.text));
        }
        out
    }
}
