//! A tunnel through the proxy: CONNECT, and what it means when the proxy says no.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use bytes::Bytes;
use http::header::{HOST, HeaderMap, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION};
use http::{HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::super::fault::{DialError, Why};
use super::{OutgoingProxy, authority};

/// Asks the proxy at the other end of `stream` for a tunnel to `host`, `port`. What goes over the stream after
/// that goes to them.
pub(in super::super) async fn tunnel(
    proxy: &OutgoingProxy,
    stream: TcpStream,
    host: &str,
    port: u16,
) -> Result<TcpStream, DialError> {
    let broken = |says: &str| {
        let says = format!("the outgoing proxy {} did not answer CONNECT by HTTP: {says}", proxy.address());
        DialError::new(Why::Terminated, says).look_at(proxy.named_by)
    };
    let request = ask(proxy, host, port).ok_or_else(|| broken("the address cannot be asked for"))?;
    let (mut sender, mut connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| broken(&error.to_string()))?;
    let answer = {
        let mut answer = pin!(sender.send_request(request));
        let mut ended = false;
        poll_fn(|cx| {
            if let Poll::Ready(answer) = answer.as_mut().poll(cx) {
                return Poll::Ready(answer);
            }
            // A tunnel ends the HTTP on this connection, and so does an error, which the answer tells.
            ended = ended || connection.poll_without_shutdown(cx).is_ready();
            answer.as_mut().poll(cx)
        })
        .await
    };
    let answer = answer.map_err(|error| broken(&error.to_string()))?;
    if !answer.status().is_success() {
        return Err(refused(proxy, &authority(host, port), answer.status(), answer.headers()));
    }
    let parts = connection.into_parts();
    if parts.read_buf.is_empty() {
        Ok(parts.io.into_inner())
    } else {
        Err(broken("it sent more than an answer"))
    }
}

fn ask(proxy: &OutgoingProxy, host: &str, port: u16) -> Option<Request<Empty<Bytes>>> {
    let authority = authority(host, port);
    let mut request = Request::new(Empty::new());
    *request.method_mut() = Method::CONNECT;
    *request.uri_mut() = authority.parse::<Uri>().ok()?;
    request.headers_mut().insert(HOST, HeaderValue::try_from(authority).ok()?);
    if let Some(authorization) = &proxy.authorization {
        request.headers_mut().insert(PROXY_AUTHORIZATION, authorization.clone());
    }
    Some(request)
}

/// The proxy does not let a request to `to` pass.
pub(in super::super) fn refused(
    proxy: &OutgoingProxy,
    to: &str,
    status: StatusCode,
    headers: &HeaderMap,
) -> DialError {
    let address = proxy.address();
    if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        let schemes = schemes(headers);
        let says = if proxy.authorization.is_some() {
            format!(
                "the outgoing proxy {address} does not accept the authorization it was sent (407{schemes})"
            )
        } else {
            format!("the outgoing proxy {address} asks for authorization (407{schemes})")
        };
        let error = DialError::new(Why::ProxyUnauthorized, says);
        return if proxy.named_by == "upstream.proxy" {
            error.look_at("upstream.proxy_authorization")
        } else {
            error.look_at(&format!(
                "upstream.proxy_authorization, or the user and password in {}",
                proxy.named_by
            ))
        };
    }
    let why = match status.as_u16() {
        504 => Why::Timeout,
        500.. => Why::ProxyFailed,
        _ => Why::Refused,
    };
    let says = format!("the outgoing proxy {address} answered {status} when asked for {to}");
    DialError::new(why, says).look_at(&format!("that proxy's rules and log, and at {}", proxy.named_by))
}

/// The names of the authentication schemes that a 407 offers.
fn schemes(headers: &HeaderMap) -> String {
    let offered = headers.get_all(PROXY_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let token = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let names = offered.filter_map(|value| value.split([' ', ',']).next());
    names
        .filter(|name| name.len() <= 20 && name.bytes().all(token))
        .fold(String::new(), |all, name| all + ", " + name)
}
