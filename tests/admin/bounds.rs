//! What one who can reach the listener can take of it.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::listener::{Listener, PATIENCE};

/// All places are taken by connections that say nothing, or never come to an end; they are given to who comes next.
#[tokio::test]
async fn who_says_nothing_gives_its_place_up() {
    let listener = Listener::start().await;
    let mut held = Vec::new();
    for number in 0..200 {
        let mut stream = listener.connect().await;
        if number % 2 == 0 {
            stream.write_all(b"GET /metrics HTTP/1.1\r\nX: ").await.unwrap();
        }
        held.push(stream);
    }
    // Less than the time after which any silent connection is closed.
    let soon = Duration::from_secs(4);
    let answer = timeout(soon, listener.get("/healthz")).await.expect("the oldest gives way");
    assert_eq!(answer.status, 200);
    for mut stream in held {
        let mut rest = Vec::new();
        timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("it is closed").ok();
    }
}

#[tokio::test]
async fn a_head_without_end_is_cut_off() {
    let listener = Listener::start().await;
    let mut stream = listener.connect().await;
    let fields = "X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".repeat(100);
    let mut written = 0;
    let sending = async {
        stream.write_all(b"GET / HTTP/1.1\r\n").await?;
        while written < 8 << 20 {
            stream.write_all(fields.as_bytes()).await?;
            written += fields.len();
        }
        std::io::Result::Ok(())
    };
    let sent = timeout(PATIENCE, sending).await.expect("it ends");
    assert!(sent.is_err(), "{written} bytes were taken");
}
