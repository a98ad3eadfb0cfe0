//! Watches the frames of an HTTP/2 connection go by (RFC 9113, section 4.1), to know since when a head is under way: hyper
//! keeps no time for one that never ends, and it belongs to no stream yet.

/// The client's first words, before any frame.
const PREFACE: usize = 24;
const FRAME_HEAD: usize = 9;
const HEADERS: u8 = 1;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;

/// Where in the frames the bytes have got to.
#[derive(Debug)]
pub(super) struct Heads {
    /// Bytes to be passed over: of the preface, or of a frame's payload.
    skip: usize,
    frame_head: [u8; FRAME_HEAD],
    /// How much of `frame_head` has come.
    got: usize,
    /// A head has begun, and its last frame has not come whole.
    open: bool,
    /// The frame in hand is the head's last.
    last: bool,
}

impl Heads {
    pub(super) fn new() -> Self {
        Self { skip: PREFACE, frame_head: [0; FRAME_HEAD], got: 0, open: false, last: false }
    }

    /// Takes what has been read; whether a head is under way after it.
    pub(super) fn take(&mut self, mut bytes: &[u8]) -> bool {
        loop {
            let passed = self.skip.min(bytes.len());
            self.skip -= passed;
            bytes = bytes.get(passed..).unwrap_or_default();
            if self.skip > 0 {
                return self.open;
            }
            if self.last {
                (self.open, self.last) = (false, false);
            }
            let Some((first, rest)) = bytes.split_first() else { return self.open };
            bytes = rest;
            if let Some(place) = self.frame_head.get_mut(self.got) {
                *place = *first;
            }
            self.got += 1;
            if self.got == FRAME_HEAD {
                self.got = 0;
                let [a, b, c, kind, flags, ..] = self.frame_head;
                self.skip = usize::from(a) << 16 | usize::from(b) << 8 | usize::from(c);
                if kind == HEADERS || kind == CONTINUATION {
                    self.open = true;
                    self.last = flags & END_HEADERS != 0;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
        let mut out = vec![0, 0, payload.len() as u8, kind, flags, 0, 0, 0, 1];
        out.extend_from_slice(payload);
        out
    }

    #[test]
    fn a_head_is_under_way_from_its_first_frame_to_the_end_of_its_last() {
        let (settings, ping) = (frame(4, 0, &[]), frame(6, 0, &[0; 8]));
        let (begin, more, end) =
            (frame(HEADERS, 1, b"abc"), frame(CONTINUATION, 0, b"d"), frame(CONTINUATION, 4, b"ef"));
        let whole = frame(HEADERS, 5, b"abc");
        for step in [1, 2, 7, 1000] {
            let mut heads = Heads::new();
            let mut feed = |bytes: &[u8]| bytes.chunks(step).map(|chunk| heads.take(chunk)).last().unwrap();
            assert!(!feed(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
            assert!(!feed(&settings) && !feed(&ping) && !feed(&whole));
            assert!(feed(&begin) && feed(&more) && !feed(&end) && !feed(&ping));
            let (part, rest) = whole.split_at(10);
            assert!(feed(part) && !feed(rest));
            assert!(!feed(&[ping.clone(), whole.clone(), settings.clone()].concat()));
            assert!(feed(&[whole.clone(), begin.clone()].concat()));
        }
    }
}
