//! How it behaves on the wire: keep-alive, early refusals, faults, TLS.

use std::sync::Arc;
use std::time::Duration;

use coswhy::simulator::{Clock, Options, Simulator, Tls, tls};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{PrivateKeyDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{BUCKET, call, host, read, simulator};

#[tokio::test]
async fn a_connection_is_kept_and_may_be_pipelined() {
    let sim = simulator().await;
    let mut stream = TcpStream::connect(sim.http).await.unwrap();
    let twice =
        [call("GET", &host("public"), "/hello.txt").bytes(), call("GET", BUCKET, "/x").bytes()].concat();
    stream.write_all(&twice).await.unwrap();
    assert_eq!(read(&mut stream, false).await.unwrap().status, 200);
    assert_eq!(read(&mut stream, false).await.unwrap().status, 403);
    stream.write_all(&call("GET", &host("public"), "/hello.txt").bytes()).await.unwrap();
    assert_eq!(read(&mut stream, false).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_refused_upload_is_answered_after_its_head() {
    let sim = simulator().await;
    let mut stream = TcpStream::connect(sim.http).await.unwrap();
    let head = format!(
        "PUT /x HTTP/1.1\r\nHost: {BUCKET}\r\nContent-Length: 67108864\r\nExpect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let reply = timeout(Duration::from_secs(5), read(&mut stream, false)).await.unwrap().unwrap();
    assert_eq!(reply.status, 403);
}

#[tokio::test]
async fn a_client_that_writes_all_before_it_reads_still_gets_its_refusal() {
    let sim = simulator().await;
    for _ in 0..10 {
        let mut stream = TcpStream::connect(sim.http).await.unwrap();
        let bytes = call("PUT", BUCKET, "/x").body(vec![b'x'; 4 << 20]).bytes();
        stream.write_all(&bytes).await.unwrap();
        assert_eq!(read(&mut stream, false).await.unwrap().status, 403);
    }
}

#[tokio::test]
async fn a_welcome_upload_is_told_to_continue() {
    let sim = simulator().await;
    let mut stream = TcpStream::connect(sim.http).await.unwrap();
    let call = call("PUT", BUCKET, "/x").header("Expect", "100-continue").owned().body("hello");
    let bytes = call.bytes();
    let (head, body) = bytes.split_at(bytes.len() - 5);
    stream.write_all(head).await.unwrap();
    assert_eq!(read(&mut stream, false).await.unwrap().status, 100);
    stream.write_all(body).await.unwrap();
    assert_eq!(read(&mut stream, false).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_chunked_upload_is_stored() {
    let sim = simulator().await;
    let put = call("PUT", BUCKET, "/c")
        .header("Transfer-Encoding", "chunked")
        .owned()
        .body("3\r\nabc\r\n0\r\n\r\n");
    assert_eq!(put.send(sim.http).await.status, 200);
    assert_eq!(call("GET", BUCKET, "/c").owned().send(sim.http).await.text(), "abc");
}

#[tokio::test]
async fn faults_do_as_their_keys_say() {
    let sim = simulator().await;
    let open = async |key: &str| {
        let mut stream = TcpStream::connect(sim.http).await.unwrap();
        stream.write_all(&call("GET", &host("faults"), key).bytes()).await.unwrap();
        stream
    };
    let mut bytes = Vec::new();
    let _ = open("/close").await.read_to_end(&mut bytes).await;
    assert!(bytes.is_empty());
    let _ = open("/truncate").await.read_to_end(&mut bytes).await;
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("content-length: 1000") && text.ends_with(&"x".repeat(100)), "{text}");
    assert!(timeout(Duration::from_millis(200), read(&mut open("/silent").await, false)).await.is_err());
    assert_eq!(read(&mut open("/slowdown").await, false).await.unwrap().refusal().1, "SlowDown");
    let (mut late, mut bytes) = (open("/late/copy").await, Vec::new());
    while !bytes.ends_with(b"\r\n0\r\n\r\n") {
        assert!(late.read_buf(&mut bytes).await.unwrap() > 0);
    }
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("HTTP/1.1 200 ") && text.contains("\r\n1\r\n \r\n"), "{text}");
    assert!(text.contains("<Code>InternalError</Code>"), "{text}");
    assert_eq!(read(&mut open("/slow/hello").await, false).await.unwrap().status, 404);
}

#[tokio::test]
async fn it_serves_tls_and_stops() {
    let made = rcgen::generate_simple_self_signed(vec![BUCKET.to_owned()]).unwrap();
    let key = PrivateKeyDer::from_pem_slice(made.signing_key.serialize_pem().as_bytes()).unwrap();
    let config = tls::from_parts(vec![made.cert.der().clone()], key).unwrap();
    let listen = ([127, 0, 0, 1], 0).into();
    let options =
        Options { tls: Some(Tls { listen, config }), clock: Clock::at(1_600_000_000), ..Options::default() };
    let sim = Simulator::start(options).await.unwrap();

    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tcp = TcpStream::connect(sim.https.unwrap()).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(client));
    let mut stream = connector.connect(ServerName::try_from(BUCKET).unwrap(), tcp).await.unwrap();
    stream.write_all(&call("GET", BUCKET, "/hello.txt").bytes()).await.unwrap();
    let reply = read(&mut stream, false).await.unwrap();
    assert_eq!(reply.status, 403);
    assert!(reply.header("date").starts_with("Sun, 13 Sep 2020 12:26:4"), "{}", reply.header("date"));

    let http = sim.http;
    sim.stop().await;
    assert!(TcpStream::connect(http).await.is_err());
}

#[tokio::test]
async fn field_names_are_spelt_as_cos_spells_them() {
    let sim = simulator().await;
    let mut stream = TcpStream::connect(sim.http).await.unwrap();
    let get = call("GET", &host("public"), "/hello.txt").header("Connection", "close");
    stream.write_all(&get.bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let text = String::from_utf8(bytes).unwrap();
    for name in
        ["Content-Length", "Content-Type", "ETag", "Last-Modified", "Date", "Server", "x-cos-request-id"]
    {
        assert!(text.contains(&format!("\r\n{name}: ")), "{name} in {text}");
    }
}
