//! Connections from balancers that the settings name: their PROXY protocol header is taken off, and the client that it
//! tells of is whose connection it is from there on.

use std::io;
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;

use super::worker::Worker;
use super::{Door, Entrance, connection, rejection, tls};
use crate::config::any_has;
use crate::observe::Record;
use crate::proxy::client_address::proxy_header;
use crate::proxy::reply::Fault;

/// Looked at in one go: most headers are far shorter.
const GLANCE: usize = 512;

/// Serves a connection to one of the doors.
pub(super) async fn serve(
    mut stream: TcpStream,
    door: Door,
    mut peer: SocketAddr,
    worker: Arc<Worker>,
    drain: watch::Receiver<bool>,
) {
    let shared = worker.current.get();
    let settings = &shared.settings.listener;
    if any_has(&settings.proxy_protocol, peer.ip()) {
        match timeout(settings.header_timeout.0, header(&mut stream)).await {
            Ok(Ok(Came::Header(client))) => peer = client.unwrap_or(peer),
            Ok(Ok(Came::Nothing) | Err(_)) => return,
            Ok(Ok(Came::Malformed(why))) => {
                let fault = Fault::bad_request(format!(
                    "A connection from here begins with a PROXY protocol header (listener.proxy_protocol), and {why}."
                ));
                return refuse(stream, door, peer, &worker, fault).await;
            }
            Err(_) => {
                let fault = Fault::client_timeout("its PROXY protocol header");
                return refuse(stream, door, peer, &worker, fault).await;
            }
        }
    }
    // The connection may outlive these settings.
    drop(shared);
    match door {
        Door::Plain => connection::serve(stream, Entrance::Plain, peer, worker, drain).await,
        Door::Tls => tls::serve(stream, peer, worker, drain).await,
    }
}

/// What a connection began with.
enum Came {
    Header(Option<SocketAddr>),
    /// It was a look whether the port is open.
    Nothing,
    Malformed(String),
}

/// Takes the header, and no byte beyond it.
async fn header(stream: &mut TcpStream) -> io::Result<Came> {
    let mut seen = Vec::new();
    let mut glance = [0; GLANCE];
    loop {
        let came = stream.peek(&mut glance).await?;
        if came == 0 && seen.is_empty() {
            return Ok(Came::Nothing);
        }
        let before = seen.len();
        seen.extend_from_slice(glance.get(..came).unwrap_or_default());
        let (taken, client) = match proxy_header::parse(&seen) {
            Ok(Some(header)) => (header.length.saturating_sub(before), Some(header.client)),
            Ok(None) if came == 0 => return Ok(Came::Malformed("it breaks off".to_owned())),
            Ok(None) => (came, None),
            Err(error) => return Ok(Came::Malformed(error.to_string())),
        };
        stream.read_exact(glance.get_mut(..taken).unwrap_or_default()).await?;
        if let Some(client) = client {
            return Ok(Came::Header(client));
        }
    }
}

/// Says why by plain HTTP, where that is spoken, and closes.
async fn refuse(mut stream: TcpStream, door: Door, peer: SocketAddr, worker: &Worker, fault: Fault) {
    let answered = door == Door::Plain;
    if answered {
        let farewell = async {
            stream.write_all(&rejection::raw(&fault)).await?;
            stream.shutdown().await?;
            // Unread bytes would reset the connection before the answer is there.
            let mut unread = [0; GLANCE];
            while stream.read(&mut unread).await? > 0 {}
            io::Result::Ok(())
        };
        let _ = timeout(Duration::from_secs(2), farewell).await;
    } else if let Ok(stream) = stream.into_std() {
        let _ = stream.shutdown(Shutdown::Both);
    }
    worker.current.get().observer.record(Record {
        client: Some(peer),
        status: answered.then(|| fault.status.as_u16()),
        error: Some(fault.message),
        ..Record::new(fault.outcome)
    });
}
