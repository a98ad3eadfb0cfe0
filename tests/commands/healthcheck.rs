//! `coswhy healthcheck` against listeners that are ready, not ready, silent and absent.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};

use super::{coswhy, text};

/// A listener that answers one request with this, or with nothing; and what it was asked.
fn answering(answer: &'static str) -> (SocketAddr, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        while !asked.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            asked.push(byte[0]);
        }
        stream.write_all(answer.as_bytes()).unwrap();
        text(&asked)
    });
    (address, asked)
}

fn check(address: SocketAddr) -> (Option<i32>, String) {
    let output = coswhy(&["healthcheck", "--admin", &address.to_string()], "");
    (output.status.code(), text(&output.stderr))
}

#[test]
fn ready_is_0() {
    let (address, asked) = answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(check(address), (Some(0), String::new()));
    assert!(asked.join().unwrap().starts_with("GET /readyz HTTP/1.1\r\nHost: localhost\r\n"));
}

#[test]
fn anything_else_is_1_and_said() {
    let (address, _) = answering("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");
    let said = format!("coswhy at {address} is not ready: HTTP/1.1 503 Service Unavailable\n");
    assert_eq!(check(address), (Some(1), said));
    let (address, _) = answering("");
    assert_eq!(check(address), (Some(1), format!("coswhy at {address} is not ready: \n")));
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (code, said) = check(nobody);
    assert_eq!(code, Some(1));
    assert!(said.starts_with(&format!("coswhy does not answer at {nobody}: ")), "{said}");
}

#[test]
fn the_settings_say_where() {
    let (address, asked) = answering("HTTP/1.1 200 OK\r\n\r\n");
    let file =
        std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("health-{}.toml", address.port()));
    std::fs::write(
        &file,
        format!("[admin]\nlisten = \"0.0.0.0:{}\"\ntoken = \"long-enough-a-token\"\n", address.port()),
    )
    .unwrap();
    let output = coswhy(&["healthcheck", "--config", file.to_str().unwrap()], "");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    asked.join().unwrap();
    std::fs::write(&file, "[admin]\nlisten = 1\n").unwrap();
    let output = coswhy(&["healthcheck", "--config", file.to_str().unwrap()], "");
    assert_eq!(output.status.code(), Some(2));
    std::fs::remove_file(file).unwrap();
}
