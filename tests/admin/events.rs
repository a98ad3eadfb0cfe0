//! `/events`.

use std::time::Duration;

use coswhy::config::settings::Admin;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::listener::{Listener, PATIENCE};

/// A reader of the stream, past its head.
struct Reader {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Reader {
    async fn open(listener: &Listener, fields: &str) -> Self {
        Self::open_at(listener, "/events", fields).await
    }

    async fn open_at(listener: &Listener, target: &str, fields: &str) -> Self {
        let mut stream = listener.connect().await;
        let head = format!("GET {target} HTTP/1.1\r\nHost: {}\r\n{fields}\r\n", listener.address);
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut reader = Self { stream: BufReader::new(stream), head: String::new() };
        loop {
            let line = reader.line().await;
            if line == "\r\n" {
                return reader;
            }
            reader.head.push_str(&line);
        }
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        timeout(PATIENCE, self.stream.read_line(&mut line)).await.unwrap().unwrap();
        line
    }

    /// The next line that begins with `prefix`, without it.
    async fn next(&mut self, prefix: &str) -> String {
        loop {
            let line = self.line().await;
            assert!(!line.is_empty(), "the stream ended");
            if let Some(rest) = line.strip_prefix(prefix) {
                return rest.trim_end().to_owned();
            }
        }
    }
}

#[tokio::test]
async fn a_diagnosis_arrives_as_it_happens() {
    let listener = Listener::start().await;
    let mut reader = Reader::open(&listener, "").await;
    assert!(reader.head.starts_with("HTTP/1.1 200"), "{}", reader.head);
    assert!(reader.head.to_ascii_lowercase().contains("content-type: text/event-stream\r\n"));
    reader.next(":").await;
    for key in ["one", "two\nlines"] {
        let id = listener.refuse("b-1250000000", key);
        assert_eq!(reader.next("id: ").await, id.to_string());
        assert_eq!(reader.next("event: ").await, "diagnosis");
        let item: serde_json::Value = serde_json::from_str(&reader.next("data: ").await).unwrap();
        assert_eq!(item["id"], id.to_string());
        assert_eq!(item["key"], key);
    }
}

#[tokio::test]
async fn who_comes_back_gets_what_it_missed() {
    let listener = Listener::start().await;
    let ids: Vec<_> = (0..4).map(|i| listener.refuse("b-1250000000", &i.to_string())).collect();
    let mut reader = Reader::open(&listener, &format!("Last-Event-ID: {}\r\n", ids[1])).await;
    assert_eq!(reader.next("id: ").await, ids[2].to_string());
    assert_eq!(reader.next("id: ").await, ids[3].to_string());
    let new = listener.refuse("b-1250000000", "new");
    assert_eq!(reader.next("id: ").await, new.to_string());
}

#[tokio::test]
async fn filters_and_language_hold_for_what_was_missed_and_what_comes() {
    let listener = Listener::start().await;
    let first = listener.refuse("a-1250000000", "0");
    let wanted = listener.refuse("b-1250000000", "1");
    listener.refuse("a-1250000000", "2");
    let fields = format!("Last-Event-ID: {first}\r\n");
    let mut reader = Reader::open_at(&listener, "/events?bucket=b-1250000000&lang=zh", &fields).await;
    assert_eq!(reader.next("id: ").await, wanted.to_string());
    listener.refuse("a-1250000000", "3");
    let wanted = listener.refuse("b-1250000000", "4");
    assert_eq!(reader.next("id: ").await, wanted.to_string());
    let item: serde_json::Value = serde_json::from_str(&reader.next("data: ").await).unwrap();
    assert!(!item["title"].as_str().unwrap().is_ascii(), "{item}");
    for query in ["limit=1", "next=1", "group=fingerprint", "bukket=b"] {
        listener.get(&format!("/events?{query}")).await.assert_problem(400);
    }
}

#[tokio::test]
async fn who_comes_back_too_late_is_told() {
    let listener = Listener::start().await;
    listener.refuse("b-1250000000", "1");
    let mut reader = Reader::open(&listener, "Last-Event-ID: 01JDK0000000000000000000AB\r\n").await;
    assert_eq!(reader.next("event: ").await, "lost");
    assert_eq!(reader.next("data: ").await, "null");
    let new = listener.refuse("b-1250000000", "new");
    assert_eq!(reader.next("id: ").await, new.to_string());
}

#[tokio::test]
async fn what_was_forgotten_since_the_last_event_is_told() {
    let listener = Listener::with(Admin { ring: 2, ..Admin::default() }).await;
    // It stays, for it is the newest of its failure; of the flood only the end does.
    let last = listener.refuse("a-1250000000", "0");
    let flood: Vec<_> = (0..5).map(|i| listener.refuse("b-1250000000", &i.to_string())).collect();
    let mut reader = Reader::open(&listener, &format!("Last-Event-ID: {last}\r\n")).await;
    assert_eq!(reader.next("event: ").await, "lost");
    assert_eq!(reader.next("id: ").await, flood[3].to_string());
    assert_eq!(reader.next("id: ").await, flood[4].to_string());
}

#[tokio::test]
async fn readers_are_limited_and_their_places_come_free() {
    let listener = Listener::start().await;
    let mut readers = Vec::new();
    for _ in 0..16 {
        readers.push(Reader::open(&listener, "").await);
    }
    let refused = listener.get("/events").await;
    refused.assert_problem(503);
    assert!(refused.field("retry-after").is_some());
    assert_eq!(listener.get("/healthz").await.status, 200);
    readers.pop();
    let mut reader = loop {
        let reader = Reader::open(&listener, "").await;
        if reader.head.starts_with("HTTP/1.1 200") {
            break reader;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    reader.next(":").await;
}

#[tokio::test]
async fn streams_end_when_the_listener_does() {
    let mut listener = Listener::start().await;
    let mut reader = Reader::open(&listener, "").await;
    listener.stop.take().unwrap().send(()).unwrap();
    let mut rest = Vec::new();
    timeout(PATIENCE, reader.stream.read_to_end(&mut rest)).await.unwrap().unwrap();
    assert!(rest.ends_with(b"0\r\n\r\n"), "a whole answer: {rest:?}");
    timeout(PATIENCE, &mut listener.served).await.unwrap().unwrap();
}
