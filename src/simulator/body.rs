//! Reading a request's body: bounded, checked against Content-MD5, freed of S3's chunks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use md5::{Digest as _, Md5};

use super::refusal::Refusal;
use super::request::Request;

/// Everything is kept in memory.
const LARGEST: usize = 256 * 1024 * 1024;

/// What can be told from the head: asked before the body, so that a refused one never leaves the client.
pub(super) fn check_head(request: &Request) -> Result<(), Refusal> {
    let hash = request.header("x-amz-content-sha256").unwrap_or_default();
    if hash.starts_with("STREAMING-") && hash.ends_with("-TRAILER") {
        return Err(Refusal::chunked_trailer(hash));
    }
    if request.headers.contains_key("content-length") || request.headers.contains_key("transfer-encoding") {
        return Ok(());
    }
    match request.method {
        http::Method::PUT => {
            Err(Refusal::new(411, "MissingContentLength", "You must provide the Content-Length HTTP header."))
        }
        _ => Ok(()),
    }
}

/// The whole body.
pub(super) async fn read(request: &Request, body: Incoming) -> Result<Bytes, Refusal> {
    let cut = || Refusal::new(400, "IncompleteBody", "The request body terminated unexpectedly.");
    let collected = Limited::new(body, LARGEST).collect().await.map_err(|error| {
        if error.is::<http_body_util::LengthLimitError>() {
            Refusal::new(
                400,
                "EntityTooLarge",
                "Your proposed upload exceeds the maximum allowed object size.",
            )
        } else {
            cut()
        }
    })?;
    let mut bytes = collected.to_bytes();
    let hash = request.header("x-amz-content-sha256").unwrap_or_default();
    if hash.starts_with("STREAMING-AWS4-HMAC-SHA256-PAYLOAD") {
        bytes = unchunked(&bytes).ok_or_else(cut)?;
    }
    check_md5(request, &bytes)?;
    Ok(bytes)
}

fn check_md5(request: &Request, bytes: &[u8]) -> Result<(), Refusal> {
    let Some(claimed) = request.header("content-md5") else { return Ok(()) };
    match STANDARD.decode(claimed) {
        Ok(digest) if digest.len() == 16 => {
            if digest == Md5::digest(bytes).as_slice() {
                Ok(())
            } else {
                let message = "The Content-MD5 you specified did not match what we received.";
                Err(Refusal::new(400, "BadDigest", message))
            }
        }
        _ => Err(Refusal::new(400, "InvalidDigest", "The Content-MD5 you specified is not valid.")),
    }
}

/// `SIZE;chunk-signature=…` and the chunk, until one of size 0. The chunks' own signatures are not looked at.
fn unchunked(mut rest: &[u8]) -> Option<Bytes> {
    let mut out = BytesMut::with_capacity(rest.len());
    loop {
        let line_end = memchr::memmem::find(rest, b"\r\n")?;
        let line = std::str::from_utf8(rest.get(..line_end)?).ok()?;
        let size = usize::from_str_radix(line.split(';').next()?, 16).ok()?;
        let start = line_end + 2;
        if size == 0 {
            return Some(out.freeze());
        }
        out.extend_from_slice(rest.get(start..start.checked_add(size)?)?);
        rest = rest.get(start + size..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined() {
        let body =
            b"3;chunk-signature=00\r\nabc\r\n2;chunk-signature=00\r\nde\r\n0;chunk-signature=00\r\n\r\n";
        assert_eq!(unchunked(body).as_deref(), Some(b"abcde".as_slice()));
        assert_eq!(unchunked(b"5;x\r\nab"), None);
        assert_eq!(unchunked(b"ffffffffffffffff;x\r\nab"), None);
    }
}
