//! What becomes of a request, by its number alone: the client and the upstream each look it up, so that neither has to
//! tell the other, and a number that failed can be tried again.

use std::sync::LazyLock;

/// Bytes of noise; no length of a buffer divides it.
const PRIME: usize = 100_003;

/// What the upstream does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Whole,
    Chunked,
    /// In pieces, with time between.
    Slow,
    /// Closes its connection afterwards without having said so.
    ThenClosed,
    /// Half of the body, then the end of the connection.
    Truncated,
    TruncatedChunks,
    /// A reset in place of an answer.
    Reset,
    /// A reset in the middle of the body.
    ResetLater,
    /// What is not HTTP.
    Garbage,
    /// Nothing, for ever.
    Stalled,
    /// Half of the body, then nothing, for ever.
    StalledLater,
    Denied,
    /// A refusal before the upload was read, and the end of the connection.
    DeniedEarly,
}

/// What the client does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Client {
    Get,
    Head,
    Put,
    PutChunked,
    /// Goes away within its head, its upload, before the answer, within it.
    LeavesInHead,
    LeavesInUpload,
    LeavesUnanswered,
    LeavesInAnswer,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) client: Client,
    pub(crate) answer: Answer,
    /// Of the answer's body, and of the upload.
    pub(crate) length: usize,
}

impl Plan {
    pub(crate) fn of(number: usize) -> Self {
        let random = mixed(number as u64);
        let (client, answer) = match random % 1000 {
            0..10 => (Client::Get, Answer::Truncated),
            10..20 => (Client::Get, Answer::TruncatedChunks),
            20..35 => (Client::Get, Answer::Reset),
            35..45 => (Client::Get, Answer::ResetLater),
            45..60 => (Client::Get, Answer::Garbage),
            60..63 => (Client::Get, Answer::Stalled),
            63..66 => (Client::Get, Answer::StalledLater),
            66..100 => (Client::Get, Answer::ThenClosed),
            100..115 => (Client::Get, Answer::Slow),
            115..215 => (Client::Get, Answer::Denied),
            215..225 => (Client::Put, Answer::DeniedEarly),
            225..265 => (Client::Put, Answer::Whole),
            265..285 => (Client::PutChunked, Answer::Whole),
            285..305 => (Client::Head, Answer::Whole),
            305..315 => (Client::Head, Answer::Denied),
            315..325 => (Client::LeavesInHead, Answer::Whole),
            325..335 => (Client::LeavesInUpload, Answer::Whole),
            335..345 => (Client::LeavesUnanswered, Answer::Slow),
            345..355 => (Client::LeavesInAnswer, Answer::Whole),
            355..420 => (Client::Get, Answer::Chunked),
            _ => (Client::Get, Answer::Whole),
        };
        let spread = (random >> 32) as usize;
        let length = match (spread % 1000, client, answer) {
            (_, Client::LeavesInAnswer, _) => 400_000,
            (_, _, Answer::DeniedEarly) => 1 << 20,
            (0, ..) => 2_000_000,
            (1..20, ..) => 200_000,
            // What ends in the middle has a middle.
            _ => 2 + spread % 3000,
        };
        Self { client, answer, length }
    }
}

/// SplitMix64: numbers that follow each other give values that do not.
pub(crate) fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The body that belongs to a number, so that one answer taken for another is seen: a stretch of what does not repeat for
/// long, from a place of the number's own.
pub(crate) fn body(number: usize, length: usize) -> Vec<u8> {
    static NOISE: LazyLock<Vec<u8>> = LazyLock::new(|| (0..PRIME).map(|at| mixed(at as u64) as u8).collect());
    let mut body = number.to_le_bytes()[..length.min(8)].to_vec();
    let mut from = mixed(number as u64) as usize % PRIME;
    while body.len() < length {
        let to = PRIME.min(from + length - body.len());
        body.extend_from_slice(&NOISE[from..to]);
        from = 0;
    }
    body
}

/// What an upload is answered with: the upstream's word for what came.
pub(crate) fn received(bytes: &[u8]) -> String {
    let word = |chunk: &[u8]| chunk.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
    let sum = bytes.chunks(8).fold(0, |sum, chunk| mixed(sum ^ word(chunk)));
    format!("{} bytes, {sum:016x}", bytes.len())
}
