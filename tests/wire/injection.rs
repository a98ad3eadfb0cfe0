//! What strangers write (keys, hosts, fields, COS's or another's error) makes no field, no answer and no log line of its own.

use crate::harness::{HOST, Proxy, Response, Upstream, get, refusal};

/// Every byte that could end a line or steer a terminal, as it may stand in a target, and behind it what it is after.
const TARGETS: [&str; 5] = [
    "/a%0d%0aSet-Cookie:%20x=1%0d%0a%0d%0aHTTP/1.1%20200%20OK",
    "/a%0aX-Cos-Diagnosis:%20forged",
    "/%e2%80%a8%e2%80%a9%c2%85%1b%5b31m?%00=%0d%0aSet-Cookie:%20x=1",
    "/%22;id=%22x%22;summary=%22forged%22",
    "/{\\r\\n}?response-content-disposition=%0d%0aSet-Cookie:%20x=1",
];

fn whole(answer: &Response) {
    assert!(!answer.head.has("set-cookie"), "{:?}", answer.head.fields);
    assert!(answer.head.all("x-cos-diagnosis").len() <= 1);
    let text = String::from_utf8_lossy(&answer.head.bytes).into_owned();
    for line in text.split("\r\n") {
        assert!(!line.contains(char::is_control), "{line:?}");
    }
}

/// The log has one line for each request, and no control character inside them.
fn lines(proxy: &Proxy, count: usize) {
    for line in proxy.log(count) {
        assert!(line["timestamp"].is_string() && line["level"] != "FORGED", "{line}");
    }
    let text = proxy.log_text();
    let stray = text.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(stray, None);
}

#[test]
fn encoded_line_ends_split_no_answer_and_no_log_line() {
    // As COS does it: the key as it was asked for comes back inside the error.
    let upstream = Upstream::by(|request| {
        refusal(format!(
            "<Error><Code>AccessDenied</Code><Message>no</Message><Resource>{}</Resource></Error>",
            request.target()
        ))
    });
    let proxy = Proxy::before(&upstream, "admin.public_url = \"http://127.0.0.1:1\"");
    let mut count = 0;
    for target in TARGETS {
        for fields in ["", "Accept: application/json\r\n"] {
            for request in [get(target, fields), get(target, fields).replace(HOST, "not.served.example")] {
                whole(&proxy.exchange(request));
                count += 1;
            }
        }
    }
    lines(&proxy, count);
}

#[test]
fn what_cos_or_another_says_does_not_break_the_field() {
    const TEXTS: [&str; 5] = [
        "x\r\nSet-Cookie: x=1\r\n\r\nHTTP/1.1 200 OK",
        "\";id=\"forged\";summary=\"",
        "\\\"\\",
        "\u{1b}[2J\u{9b}31m\u{0}\u{7f}\n{\"level\":\"FORGED\"}",
        "\u{4e2d}\u{6587}\u{202e}\u{2028}",
    ];
    let upstream = Upstream::by(move |request| {
        let text =
            request.target().trim_start_matches('/').parse::<usize>().map_or("", |number| TEXTS[number]);
        refusal(format!(
            "<Error><Code>{text}</Code><Message>{text}</Message><Resource>{text}</Resource></Error>"
        ))
    });
    let proxy = Proxy::before(&upstream, "");
    for number in 0..TEXTS.len() {
        let answer = proxy.exchange(get(&format!("/{number}"), ""));
        whole(&answer);
        let value = answer.get("x-cos-diagnosis").expect("diagnosed");
        assert!(value.len() <= 512 && value.bytes().all(|b| (0x20..0x7f).contains(&b)), "{value}");
        // an item with its three parameters, and no other (RFC 9651)
        let strings = value.replace("\\\\", "").replace("\\\"", "");
        assert_eq!(strings.matches('"').count(), 4, "{value}");
    }
    lines(&proxy, TEXTS.len());
}
