//! A tunnel that ends here: TLS with the client under the user's CA, and the requests inside served as all others.

use std::io;
use std::sync::Arc;

use rustls::ServerConfig;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::Stream;
use crate::observe::Outcome;
use crate::proxy::address::ConnectName;
use crate::proxy::client::Client;
use crate::proxy::listener::{Entrance, Failure, speak};
use crate::proxy::reply::Fault;
use crate::proxy::ticket::Ticket;

pub(super) async fn run(
    name: ConnectName,
    config: Arc<ServerConfig>,
    mut ticket: Ticket,
    stream: Stream,
    client: Arc<Client>,
    drain: watch::Receiver<bool>,
) {
    let limit = client.shared.settings.listener.header_timeout.0;
    let stream = match timeout(limit, TlsAcceptor::from(config).accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return failed(&name, &client, ticket, &error),
        Err(_) => {
            ticket.end(Outcome::ClientTimeout);
            ticket.record.error = Some(Fault::client_timeout("its TLS handshake").message);
            return;
        }
    };
    client.shared.observer.metrics().handshakes.client.ok();
    ticket.end(Outcome::Intercepted);
    // Whom a proxy asked for with its CONNECT.
    let peer = ticket.record.client.unwrap_or(client.peer);
    drop(ticket);
    let entrance = Entrance::Tunnel { name: name.shared() };
    speak(stream, entrance, peer, Arc::clone(&client.worker), drain).await;
}

fn failed(name: &ConnectName, client: &Client, mut ticket: Ticket, error: &io::Error) {
    let shared = &client.shared;
    let name = name.as_str();
    shared.observer.metrics().handshakes.client.failed();
    ticket.end(Outcome::ClientTls);
    ticket.record.error = Some(match Failure::of(error) {
        Failure::Distrust => {
            let ca = shared.settings.intercept.ca_cert.as_deref().unwrap_or_else(|| "".as_ref()).display();
            if shared.interception.as_ref().is_some_and(|interception| interception.may_warn_of(name)) {
                tracing::warn!(
                    "{} does not trust the CA in {ca} and broke off its https to {name}. Tell it to: curl --cacert, \
                     REQUESTS_CA_BUNDLE, AWS_CA_BUNDLE, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, or a Java trust store; \
                     docs/https.md has each",
                    client.peer.ip()
                );
            }
            format!("The client does not trust the CA of intercept.ca_cert ({error}).")
        }
        Failure::Gone => {
            ticket.end(Outcome::ClientAborted);
            "The client closed the tunnel before its TLS began; if it always does, it may not trust the CA of \
             intercept.ca_cert."
                .to_owned()
        }
        Failure::Other => {
            format!("What the client sent through the tunnel is no TLS to go on with: {error}.")
        }
    });
}
