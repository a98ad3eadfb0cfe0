//! The upstream: does to each request what its number says, in COS's form where it answers at all.

use std::net::TcpStream;
use std::time::Duration;

use crate::harness::{DENIED, Head, Upstream, Wire, millis, refusal};
use crate::plan::{Answer, Client, Plan, body, received};

/// Longer than coswhy waits.
const FOR_EVER: Duration = Duration::from_secs(20);

pub(crate) fn start() -> Upstream {
    Upstream::start(|mut wire, _, _| while serve(&mut wire) {})
}

/// One request; whether the connection is still good.
fn serve(wire: &mut Wire<TcpStream>) -> bool {
    let Some(head) = wire.read_head() else { return false };
    let target = head.first.split(' ').nth(1).unwrap_or_default();
    let Some((kind, number)) = target.trim_start_matches('/').split_once('/') else { return false };
    let Ok(number) = number.parse() else { return false };
    if kind == "calm" {
        return calm(wire, number);
    }
    let plan = Plan::of(number);
    if plan.answer == Answer::DeniedEarly {
        let _ = wire.try_send(refusal(DENIED));
        return false;
    }
    let upload = upload(wire, &head);
    let content = match upload {
        Upload::None => body(number, plan.length),
        Upload::Whole(bytes) => received(&bytes).into_bytes(),
        Upload::Broken => return false,
    };
    answer(wire, plan, &content)
}

/// What every client gets at the start and at the end: a whole answer after a while.
fn calm(wire: &mut Wire<TcpStream>, number: usize) -> bool {
    if number.is_multiple_of(3) {
        std::thread::sleep(millis(30));
    }
    wire.try_send(sized(&body(number, 500))).is_ok()
}

enum Upload {
    None,
    Whole(Vec<u8>),
    Broken,
}

fn upload(wire: &mut Wire<TcpStream>, head: &Head) -> Upload {
    if head.chunked() {
        let body = wire.read_chunked();
        return if body.complete { Upload::Whole(body.data) } else { Upload::Broken };
    }
    match head.content_length() {
        None => Upload::None,
        Some(length) => {
            let data = wire.read_up_to(length);
            if data.len() == length { Upload::Whole(data) } else { Upload::Broken }
        }
    }
}

fn answer(wire: &mut Wire<TcpStream>, plan: Plan, content: &[u8]) -> bool {
    let whole =
        if plan.client == Client::Head { head_of(content.len()).into_bytes() } else { sized(content) };
    let half = whole.len().saturating_sub(content.len() / 2);
    match plan.answer {
        Answer::Whole => wire.try_send(whole).is_ok(),
        Answer::Chunked => wire.try_send(chunked(content, true)).is_ok(),
        Answer::Slow => {
            let piece = whole.len().div_ceil(4);
            whole.chunks(piece).all(|piece| {
                std::thread::sleep(millis(5));
                wire.try_send(piece).is_ok()
            })
        }
        Answer::ThenClosed => {
            let _ = wire.try_send(whole);
            false
        }
        Answer::Truncated => {
            let _ = wire.try_send(&whole[..half]);
            false
        }
        Answer::TruncatedChunks => {
            let _ = wire.try_send(chunked(content, false));
            false
        }
        Answer::Reset => reset(wire),
        Answer::ResetLater => {
            let _ = wire.try_send(&whole[..half]);
            // A reset takes along what was not read yet, so that coswhy would see no head at all.
            std::thread::sleep(millis(20));
            reset(wire)
        }
        Answer::Garbage => {
            let _ = wire.try_send("SSH-2.0-OpenSSH_9.2\r\nHTTP/1.1 200 OK\r\n\r\n");
            false
        }
        Answer::Stalled => {
            wire.ends_within(FOR_EVER);
            false
        }
        Answer::StalledLater => {
            let _ = wire.try_send(&whole[..half]);
            wire.ends_within(FOR_EVER);
            false
        }
        Answer::Denied if plan.client == Client::Head => wire
            .try_send(
                "HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nContent-Length: 300\r\n\r\n",
            )
            .is_ok(),
        Answer::Denied | Answer::DeniedEarly => wire.try_send(refusal(DENIED)).is_ok(),
    }
}

fn reset(wire: &mut Wire<TcpStream>) -> bool {
    wire.try_clone().reset();
    false
}

fn head_of(length: usize) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nx-cos-request-id: NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=\r\n\r\n"
    )
}

fn sized(content: &[u8]) -> Vec<u8> {
    [head_of(content.len()).as_bytes(), content].concat()
}

fn chunked(content: &[u8], to_its_end: bool) -> Vec<u8> {
    let mut answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for piece in content.chunks(10_000) {
        answer.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        answer.extend_from_slice(piece);
        answer.extend_from_slice(b"\r\n");
    }
    if to_its_end {
        answer.extend_from_slice(b"0\r\n\r\n");
    }
    answer
}
