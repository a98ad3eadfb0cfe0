//! Server-Timing: COS's time and coswhy's own, for a browser's developer tools.

use std::time::Instant;

use crate::harness::{DENIED, Proxy, Response, Upstream, get, millis, refusal};

const ALWAYS: &str = "forward.server_timing = true";

/// A field's metrics, each a name and its milliseconds.
fn metrics(field: &str) -> Vec<(&str, f64)> {
    let metric = |text: &'_ str| -> Option<(usize, f64)> {
        let (name, rest) = text.trim().split_once(';')?;
        let (description, duration) = rest.split_once(';')?;
        assert_eq!(description.strip_prefix("desc=")?.trim_matches('"').to_lowercase(), name);
        Some((name.len(), duration.strip_prefix("dur=")?.parse().ok()?))
    };
    let read = |text| {
        let (length, duration) = metric(text).unwrap_or_else(|| panic!("{field}"));
        (&text.trim()[..length], duration)
    };
    field.split(',').map(read).collect()
}

fn names(answer: &Response) -> Vec<Vec<&str>> {
    let fields = answer.head.all("server-timing");
    fields.into_iter().map(|field| metrics(field).into_iter().map(|(name, _)| name).collect()).collect()
}

#[test]
fn an_explained_answer_says_whose_time_it_was() {
    let upstream = Upstream::by(|_| {
        std::thread::sleep(millis(120));
        refusal(DENIED)
    });
    let proxy = Proxy::before(&upstream, "");
    let began = Instant::now();
    let answer = proxy.exchange(get("/key", ""));
    let whole = began.elapsed().as_secs_f64() * 1000.0;
    let field = answer.get("server-timing").unwrap();
    let [("cos", cos), ("coswhy", own)] = metrics(field)[..] else { panic!("{field}") };
    assert!(cos >= 120.0 && own > 0.0 && cos + own <= whole, "{field} of {whole}");
    let line = proxy.log_line();
    assert!((line["upstream_ms"].as_f64().unwrap() - cos).abs() < 0.002, "{field} {line}");
}

#[test]
fn others_say_so_where_it_is_wanted() {
    let upstream = Upstream::answering("HTTP/1.1 304 Not Modified\r\n\r\n");
    for (settings, expected) in [("", vec![]), (ALWAYS, vec![vec!["cos", "coswhy"]])] {
        let proxy = Proxy::before(&upstream, settings);
        assert_eq!(names(&proxy.exchange(get("/key", ""))), expected);
    }
}

#[test]
fn what_the_upstream_says_itself_stays() {
    let own = "cdn-cache;desc=HIT, edge;dur=1";
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nServer-Timing: {own}\r\nTiming-Allow-Origin: https://a.example\r\n\r\nok"
    );
    let upstream = Upstream::answering(answer);
    let answer = Proxy::before(&upstream, ALWAYS).exchange(get("/key", ""));
    let fields = answer.head.all("server-timing");
    assert_eq!(fields[0], own);
    assert_eq!(metrics(fields[1]).len(), 2);
    assert_eq!(answer.head.all("timing-allow-origin"), ["https://a.example"]);
}

#[test]
fn an_answer_of_coswhy_itself_has_its_own_time_alone() {
    let proxy = Proxy::start(ALWAYS);
    let answer = proxy.exchange("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
    assert_eq!((answer.status, names(&answer)), (421, vec![vec!["coswhy"]]));
}
