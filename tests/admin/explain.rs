//! `POST /explain`.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::listener::{Listener, PATIENCE};

const XML: &str = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";

async fn explain(listener: &Listener, target: &str, body: &[u8]) -> super::listener::Answer {
    listener.send(target, "", body).await
}

#[tokio::test]
async fn an_error_body_is_explained_as_a_refusal_on_the_wire_is() {
    let listener = Listener::start().await;
    let answer = explain(&listener, "/explain", XML.as_bytes()).await;
    assert_eq!((answer.status, answer.field("content-type")), (200, Some("application/json")));
    let found = answer.json();
    assert_eq!((&found["failures"], &found["truncated"]), (&1.into(), &false.into()));
    assert_eq!(found["notes"], serde_json::json!([]));
    let one = &found["explanations"][0];
    assert_eq!(one["diagnosis"]["cause"], "signature-expired");
    assert_eq!(one["source"], "input:1, error body");
    assert!(one["title"].is_string() && one.get("exchange").is_none());
    assert_eq!(
        listener.get("/diagnoses").await.json()["diagnoses"],
        serde_json::json!([]),
        "nothing is stored"
    );
    let chinese = explain(&listener, "/explain?lang=zh", XML.as_bytes()).await.json();
    assert!(!chinese["explanations"][0]["title"].as_str().unwrap().is_ascii());
}

#[tokio::test]
async fn a_long_list_of_failures_is_cut_and_says_so() {
    let listener = Listener::start().await;
    let body: String =
        (0..250).map(|n| XML.replace("</Error>", &format!("<RequestId>{n}</RequestId></Error>\n"))).collect();
    let found = explain(&listener, "/explain", body.as_bytes()).await.json();
    assert_eq!((&found["failures"], &found["truncated"]), (&250.into(), &true.into()));
    assert_eq!(found["explanations"].as_array().unwrap().len(), 200);
    assert_eq!(found["notes"], serde_json::json!(["The first 200 of 250 failures are explained."]));

    let entry = r#"{"request":{"url":"http://a/"},"response":{"status":403}}"#;
    let har = format!(r#"{{"log":{{"entries":[{}]}}}}"#, vec![entry; 10_050].join(","));
    let found = explain(&listener, "/explain", har.as_bytes()).await.json();
    assert_eq!((&found["failures"], &found["truncated"]), (&10_000.into(), &true.into()));
    assert_eq!(
        found["notes"],
        serde_json::json!(["The first 200 of at least 10000 failures are explained."])
    );
}

#[tokio::test]
async fn what_is_nothing_of_the_kind_gets_the_readers_sentence() {
    let listener = Listener::start().await;
    for body in [&b""[..], b"hello", b"\xff\xfe\0", b"{\"log\": {\"entries\": [}"] {
        let answer = explain(&listener, "/explain", body).await;
        answer.assert_problem(422);
    }
    let sentence = explain(&listener, "/explain", b"hello").await.json()["detail"].to_string();
    assert!(sentence.contains("nothing in it was recognised") && sentence.contains("HAR"), "{sentence}");
    explain(&listener, "/explain?colour=red", XML.as_bytes()).await.assert_problem(400);
}

#[tokio::test]
async fn secrets_of_the_input_are_not_in_the_answer() {
    let listener = Listener::start().await;
    let body = format!(
        "> GET /a.jpg?x-cos-security-token=s3cret&q-signature=s3cret HTTP/1.1\n> Host: b-1250000000.cos.ap-beijing.myqcloud.com\n\
         > Cookie: s3cret\n>\n< HTTP/1.1 403 Forbidden\n< Content-Type: application/xml\n<\n{XML}\n"
    );
    let answer = explain(&listener, "/explain", body.as_bytes()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(!answer.body.contains("s3cret"), "{}", answer.body);
}

#[tokio::test]
async fn a_body_that_is_too_large_or_coded_is_refused() {
    let listener = Listener::start().await;
    let large = vec![b'x'; 20 * 1024 * 1024 + 1];
    explain(&listener, "/explain", &large).await.assert_problem(413);
    let chunked = listener.send_chunked("/explain", &large).await;
    chunked.assert_problem(413);
    // Who asks first need not send it.
    let head = "Content-Length: 99999999\r\nExpect: 100-continue\r\n";
    listener
        .ask("POST", "/explain", &format!("Host: {}\r\n{head}", listener.address))
        .await
        .assert_problem(413);
    let coded = listener.send("/explain", "Content-Encoding: gzip\r\n", XML.as_bytes()).await;
    coded.assert_problem(415);
    assert_eq!(coded.field("accept-encoding"), Some("identity"));
    assert_eq!(listener.send("/explain", "Content-Encoding: identity\r\n", XML.as_bytes()).await.status, 200);
}

#[tokio::test]
async fn two_are_read_at_a_time() {
    let listener = Listener::start().await;
    let head =
        format!("POST /explain HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n", listener.address, XML.len());
    let head = format!("{head}Expect: 100-continue\r\nConnection: close\r\n\r\n");
    let mut slow = Vec::new();
    for _ in 0..2 {
        let mut stream = listener.connect().await;
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut line = [0; 25];
        timeout(PATIENCE, stream.read_exact(&mut line)).await.unwrap().unwrap();
        assert!(line.starts_with(b"HTTP/1.1 100"), "it waits for the body");
        slow.push(stream);
    }
    let refused = explain(&listener, "/explain", XML.as_bytes()).await;
    refused.assert_problem(503);
    assert!(refused.field("retry-after").is_some());
    for mut stream in slow {
        stream.write_all(XML.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let mut tries = 0;
    while explain(&listener, "/explain", XML.as_bytes()).await.status == 503 {
        tries += 1;
        assert!(tries < 100, "the places come free");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn pages_of_other_origins_may_not_send() {
    let listener = Listener::start().await;
    let own = format!("Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\n", listener.address);
    assert_eq!(listener.send("/explain", &own, XML.as_bytes()).await.status, 200);
    for foreign in [
        "Origin: http://evil.example\r\n",
        "Origin: null\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
    ] {
        listener.send("/explain", foreign, XML.as_bytes()).await.assert_problem(403);
        listener.send("/diagnoses", foreign, b"").await.assert_problem(403);
    }
}

#[tokio::test]
async fn it_is_posted_to() {
    let listener = Listener::start().await;
    let answer = listener.get("/explain").await;
    answer.assert_problem(405);
    assert_eq!(answer.field("allow"), Some("POST"));
}
