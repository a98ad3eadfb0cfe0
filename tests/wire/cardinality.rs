//! Strangers choose hosts, buckets, keys, methods and fields, but not how much of the metrics there is.

use crate::harness::{DENIED, Proxy, Upstream, refusal};

fn series(proxy: &Proxy) -> usize {
    let text = proxy.ask_admin("/metrics").unwrap().text();
    text.lines().filter(|line| !line.starts_with('#')).count()
}

#[test]
fn strangers_do_not_grow_the_metrics() {
    let upstream = Upstream::answering(refusal(DENIED));
    let proxy = Proxy::before(&upstream, "");
    let ask = |numbers: std::ops::Range<usize>| {
        let mut wire = proxy.connect();
        for number in numbers {
            let bucket = format!("b{number}-{}", 1_250_000_000 + number);
            wire.send(format!(
                "M{number} /{number}?x={number} HTTP/1.1\r\nHost: {bucket}.cos.ap-x{number}.myqcloud.com\r\n\
                 User-Agent: agent/{number}\r\nOrigin: http://o{number}.example\r\n\
                 traceparent: 00-{number:032x}-00f067aa0ba902b7-01\r\n\r\n"
            ));
            assert_eq!(wire.read_response("GET").unwrap().status, 403);
        }
        series(&proxy)
    };
    ask(0..5);
    let some = ask(5..405);
    assert_eq!(ask(405..805), some);
    assert!(some < 2000, "{some} series");
}
