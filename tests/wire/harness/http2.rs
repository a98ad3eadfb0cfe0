//! Clients of HTTP/2: one that keeps to the rules, and frames to break them with.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use h2::client::{Builder, ResponseFuture, SendRequest};
use h2::{RecvStream, SendStream};
use http::Request;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

use super::HOST;
use super::front::Front;

/// Runs a test's client, with a limit that only a hanging test meets.
pub(crate) fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(60), test).await.expect("it ends") })
}

/// A connection.
pub(crate) struct Http2 {
    sender: SendRequest<Bytes>,
    /// Ends when the connection does.
    pub(crate) connection: JoinHandle<Result<(), h2::Error>>,
}

impl Http2 {
    pub(crate) async fn open(front: &Front) -> Self {
        Self::with(front, Builder::new().initial_window_size(1 << 20).initial_connection_window_size(1 << 24))
            .await
    }

    pub(crate) async fn with(front: &Front, builder: &Builder) -> Self {
        let stream = TcpStream::connect(front.address).await.unwrap();
        Self::over(stream, front.authority.client(&["h2"]), builder).await
    }

    /// Over a connected socket.
    pub(crate) async fn over(stream: TcpStream, trusting: ClientConfig, builder: &Builder) -> Self {
        stream.set_nodelay(true).unwrap();
        let connector = TlsConnector::from(Arc::new(trusting));
        let stream = connector.connect(ServerName::try_from(HOST).unwrap(), stream).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (sender, connection) = builder.handshake(stream).await.unwrap();
        Self { sender, connection: tokio::spawn(connection) }
    }

    /// Sends a head; `None` as the body's stream where there is no body.
    pub(crate) async fn send(
        &mut self,
        request: Request<()>,
        body: bool,
    ) -> Result<(ResponseFuture, SendStream<Bytes>), h2::Error> {
        let mut ready = self.sender.clone().ready().await?;
        ready.send_request(request, !body)
    }

    /// A request without a body, and its answer.
    pub(crate) async fn ask(
        &mut self,
        request: Request<()>,
    ) -> Result<http::Response<RecvStream>, h2::Error> {
        self.send(request, false).await?.0.await
    }
}

/// A request for the tests' bucket.
pub(crate) fn asking(method: &str, target: &str) -> Request<()> {
    let uri = format!("https://{HOST}{target}");
    Request::builder().method(method).uri(uri).version(http::Version::HTTP_2).body(()).unwrap()
}

/// A body to its end, its window opened as it comes.
pub(crate) async fn read_all(mut body: RecvStream) -> Result<Vec<u8>, h2::Error> {
    let mut all = Vec::new();
    while let Some(data) = body.data().await {
        let data = data?;
        body.flow_control().release_capacity(data.len())?;
        all.extend_from_slice(&data);
    }
    Ok(all)
}

/// One frame (RFC 9113, section 4.1).
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut out = vec![length[1], length[2], length[3], kind, flags];
    out.extend_from_slice(&stream.to_be_bytes());
    out.extend_from_slice(payload);
    out
}
