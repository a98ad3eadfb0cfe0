//! A long text in pieces, so that reading it takes memory in proportion to a piece and not to the whole.
//!
//! Cut where no failure is likely to go on: at a blank line, else before a line that is not indented.

/// What a piece may have at most; hardly any text that people paste is cut.
const LARGEST: usize = 1024 * 1024;
/// The end of a piece in which a good place to cut is looked for.
const TAIL: usize = 64 * 1024;

/// The pieces of `text` with the places where they begin.
pub(in crate::evidence) fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let piece = rest.get(..cut(rest))?;
        let began = at;
        at += piece.len();
        Some((began, piece))
    })
}

/// Where the first piece of `text` ends.
fn cut(text: &str) -> usize {
    if text.len() <= LARGEST {
        return text.len();
    }
    let end = text.floor_char_boundary(LARGEST);
    let from = text.floor_char_boundary(end - TAIL);
    let Some(tail) = text.get(from..end) else { return end };
    let after = |place: Option<usize>, length: usize| place.map(|place| from + place + length);
    let line = || tail.rmatch_indices('\n').map(|(place, _)| place);
    let is_not_indented =
        |place: &usize| tail.as_bytes().get(place + 1).is_some_and(|first| !first.is_ascii_whitespace());
    after(tail.rfind("\n\n"), 2)
        .or_else(|| after(line().find(is_not_indented), 1))
        .or_else(|| after(line().next(), 1))
        .unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts(text: &str) -> Vec<&str> {
        let pieces: Vec<&str> = pieces(text)
            .map(|(at, piece)| {
                assert_eq!(text.get(at..at + piece.len()), Some(piece));
                piece
            })
            .collect();
        assert_eq!(pieces.concat(), text);
        pieces
    }

    #[test]
    fn what_is_short_is_one_piece() {
        assert_eq!(cuts("a\n\nb"), ["a\n\nb"]);
        assert!(cuts("").is_empty());
    }

    #[test]
    fn a_long_text_is_cut_where_something_new_begins() {
        let filler = "x".repeat(LARGEST - 100);
        let first = |text: &str| cuts(&format!("{filler}{text}{}", "y".repeat(200)))[0].len() - filler.len();
        assert_eq!(first("a\n\nb\nc"), 3);
        assert_eq!(first("a\nb\n  c\n"), 8);
        assert_eq!(first("a\nb\n  c\n  d"), 2);
        assert_eq!(first("a\n  b"), 2);
        assert_eq!(first("a b"), 100);
    }

    #[test]
    fn no_character_is_cut() {
        assert_eq!(cuts(&format!("a{}", "中".repeat(LARGEST))).len(), 4);
    }
}
