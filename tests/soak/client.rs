//! The clients: each request checked against what its number says must come of it.

use std::net::TcpStream;

use crate::harness::{HOST, Proxy, Response, Wire, get};
use crate::ledger::Ledger;
use crate::plan::{Answer, Client, Plan, body, received};

/// Asks for the number, on `wire` where there is one; the connection comes back where it may be used again.
pub(crate) fn ask(
    proxy: &Proxy,
    wire: Option<Wire<TcpStream>>,
    ledger: &Ledger,
    number: usize,
) -> Option<Wire<TcpStream>> {
    let mut wire = wire.unwrap_or_else(|| proxy.connect());
    let plan = Plan::of(number);
    let head = |method: &str, fields: &str| {
        format!("{method} /soak/{number} HTTP/1.1\r\nHost: {HOST}\r\n{fields}\r\n")
    };
    let upload = body(number, plan.length);
    let sized = || head("PUT", &format!("Content-Length: {}\r\n", upload.len()));
    let method = match plan.client {
        Client::Get => {
            wire.send(head("GET", ""));
            "GET"
        }
        Client::Head => {
            wire.send(head("HEAD", ""));
            "HEAD"
        }
        Client::Put => {
            wire.send(sized());
            // An answer may come, and the connection end, before all is sent.
            let _ = wire.try_send(&upload);
            "PUT"
        }
        Client::PutChunked => {
            wire.send(head("PUT", "Transfer-Encoding: chunked\r\n"));
            let _ = wire
                .try_send([format!("{:x}\r\n", upload.len()).as_bytes(), &upload, b"\r\n0\r\n\r\n"].concat());
            "PUT"
        }
        Client::LeavesInHead => {
            wire.send(format!("GET /soak/{number} HT"));
            return leave(wire, ledger, number);
        }
        Client::LeavesInUpload => {
            wire.send(sized());
            let _ = wire.try_send(&upload[..upload.len() / 2]);
            return leave(wire, ledger, number);
        }
        Client::LeavesUnanswered => {
            wire.send(head("GET", ""));
            return leave(wire, ledger, number);
        }
        Client::LeavesInAnswer => {
            wire.send(head("GET", ""));
            wire.discard(1);
            return leave(wire, ledger, number);
        }
    };
    let answer = wire
        .read_response(method)
        .unwrap_or_else(|| panic!("{number} ({plan:?}): no answer, the connection {:?}", wire.ended()));
    ledger.answered(number, answer.status);
    check(number, plan, &answer);
    let closes = answer.get("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    (answer.body.complete && !closes && plan.answer != Answer::DeniedEarly).then_some(wire)
}

/// Without time-wait: the ports are wanted again.
fn leave(wire: Wire<TcpStream>, ledger: &Ledger, number: usize) -> Option<Wire<TcpStream>> {
    ledger.left(number);
    wire.reset();
    None
}

fn check(number: usize, plan: Plan, answer: &Response) {
    let upload = matches!(plan.client, Client::Put | Client::PutChunked);
    // An upload whose connection the upstream closes at that instant is not sent again: nobody knows what became of it.
    if upload && answer.status == 502 {
        return;
    }
    let wanted = match plan.answer {
        Answer::Reset | Answer::Garbage => 502,
        Answer::Stalled => 504,
        Answer::Denied | Answer::DeniedEarly => 403,
        _ => 200,
    };
    assert_eq!(
        answer.status,
        wanted,
        "{number} ({plan:?}): {:?} {}",
        answer.head.fields,
        String::from_utf8_lossy(&answer.body.data)
    );
    if plan.client == Client::Head {
        assert!(wanted == 200 || answer.cause().is_some(), "{number}: a refusal without a diagnosis");
        return;
    }
    let content =
        if upload { received(&body(number, plan.length)).into_bytes() } else { body(number, plan.length) };
    let (data, complete) = (&answer.body.data, answer.body.complete);
    match plan.answer {
        Answer::Truncated | Answer::TruncatedChunks | Answer::ResetLater | Answer::StalledLater => {
            assert!(!complete, "{number} ({plan:?}): a part of the body passed for the whole");
            assert!(content.starts_with(data), "{number} ({plan:?}): another body");
        }
        Answer::Reset | Answer::Garbage | Answer::Stalled => {
            assert!(
                complete && answer.proxy_error().is_some(),
                "{number} ({plan:?}): {:?}",
                answer.head.fields
            );
        }
        Answer::Denied | Answer::DeniedEarly => {
            assert!(complete && answer.cause().is_some(), "{number} ({plan:?}): {:?}", answer.head.fields);
            assert!(answer.text().contains("<Diagnosis>"), "{number} ({plan:?}): {}", answer.text());
        }
        _ => assert!(complete && *data == content, "{number} ({plan:?}): another body"),
    }
}

/// Asks for what is always answered whole; `None` where the connection ended before its answer began.
pub(crate) fn ask_calmly(wire: &mut Wire<TcpStream>, ledger: &Ledger, number: usize) -> Option<Response> {
    wire.try_send(get(&format!("/calm/{number}"), "")).ok()?;
    let answer = wire.read_response("GET")?;
    ledger.answered(number, answer.status);
    assert_eq!(answer.status, 200, "{number}: {:?}", answer.head.fields);
    assert!(answer.body.complete && answer.body.data == body(number, 500), "{number}: another body");
    Some(answer)
}
