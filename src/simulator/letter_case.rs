//! The letter case in which COS writes field names: SDKs look some of them up by their exact spelling.
//!
//! hyper writes a name in another case than lower only if it has read it so, and keeps what it read in an extension
//! of the message. So a head with COS's spellings is read once, and its extensions go along with every answer.

use std::io;

use bytes::Bytes;
use http::Extensions;
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

/// Every field that is not written in lower case (COS's own, `x-cos-…`, are).
const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Type: x\r\nConnection: close\r\nDate: x\r\n\
    Server: x\r\nETag: x\r\nLast-Modified: x\r\nAccept-Ranges: x\r\nContent-Range: x\r\nLocation: x\r\n\
    Cache-Control: x\r\nContent-Disposition: x\r\nContent-Encoding: x\r\nContent-Language: x\r\nExpires: x\r\n\
    Access-Control-Allow-Origin: x\r\nAccess-Control-Allow-Credentials: x\r\nAccess-Control-Allow-Methods: x\r\n\
    Access-Control-Allow-Headers: x\r\nAccess-Control-Expose-Headers: x\r\nAccess-Control-Max-Age: x\r\n\r\n";

/// The extensions of an answer that is written in COS's letter case.
pub(super) async fn of_cos() -> io::Result<Extensions> {
    let (near, mut far) = duplex(4096);
    let mut client = http1::Builder::new();
    client.preserve_header_case(true);
    let (mut sender, connection) = client.handshake(TokioIo::new(near)).await.map_err(io::Error::other)?;
    let server = async {
        let mut request = [0; 256];
        let _ = far.read(&mut request).await?;
        far.write_all(HEAD).await
    };
    let request = http::Request::new(Empty::<Bytes>::new());
    let connection = async { connection.await.map_err(io::Error::other) };
    let response = async { sender.send_request(request).await.map_err(io::Error::other) };
    let (response, ..) = tokio::join!(response, server, connection);
    Ok(std::mem::take(response?.extensions_mut()))
}
