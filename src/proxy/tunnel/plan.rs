//! What becomes of a CONNECT: a refusal, or a plan for the connection.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{StatusCode, Version, request};
use rustls::ServerConfig;
use tokio::net::TcpStream;

use crate::observe::Outcome;
use crate::proxy::address::ConnectName;
use crate::proxy::client::Client;
use crate::proxy::intercept::Unfit;
use crate::proxy::listener::Entrance;
use crate::proxy::reply::Fault;
use crate::proxy::ticket::Ticket;

/// What a connection becomes once its CONNECT is answered.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(super) name: ConnectName,
    pub(super) kind: Kind,
    /// The log line is written when it is known how the tunnel went.
    pub(super) ticket: Ticket,
}

#[derive(Debug)]
pub(super) enum Kind {
    Intercepted(Arc<ServerConfig>),
    /// A connection to the upstream, on which nothing has been said yet.
    Blind(TcpStream),
}

/// Decides on a CONNECT. A blind tunnel's upstream is dialled here, so that a failure is still answered by HTTP.
pub(crate) async fn open(client: &Client, head: &request::Parts, ticket: &mut Ticket) -> Result<Plan, Fault> {
    let shared = &client.shared;
    let name = shared.addresses.connect_name(head)?;
    let location = name.target().locate("");
    ticket.record.bucket = location.bucket;
    ticket.record.region = location.region;
    if head.version >= Version::HTTP_2 {
        return Err(name.refused("a tunnel is opened over HTTP/1.1 alone"));
    }
    if matches!(client.entrance, Entrance::Tunnel { .. }) {
        return Err(name.refused("it was asked for inside a tunnel"));
    }
    // Some clients say that they send nothing, by a Content-Length of 0.
    let sized = head.headers.get_all(CONTENT_LENGTH).iter().any(|length| length != "0");
    if sized || head.headers.contains_key(TRANSFER_ENCODING) {
        return Err(Fault::bad_request("A CONNECT request has no body (RFC 9110, section 9.3.6)."));
    }
    let kind = match &shared.interception {
        None => blind(client, head, &name, ticket).await?,
        Some(interception) => match interception.server(&name) {
            Ok(config) => Kind::Intercepted(config),
            Err(Unfit::Excluded) if shared.settings.intercept.tunnel_others => {
                blind(client, head, &name, ticket).await?
            }
            Err(Unfit::Excluded) => return Err(excluded(&name)),
            Err(Unfit::Expired) => return Err(unfit("the CA in intercept.ca_cert has expired")),
            Err(Unfit::Failed(says)) => return Err(unfit(&says)),
        },
    };
    ticket.record.status = Some(StatusCode::OK.as_u16());
    Ok(Plan { name, kind, ticket: ticket.hand_over() })
}

/// Nobody sees which bucket is asked for inside: only who could ask COS from this machine anyway may do that, or
/// anybody where any bucket is allowed.
async fn blind(
    client: &Client,
    head: &request::Parts,
    name: &ConnectName,
    ticket: &mut Ticket,
) -> Result<Kind, Fault> {
    let shared = &client.shared;
    if !listens_on_loopback(client) && !shared.addresses.allow_any_bucket() {
        return Err(name.refused(
            "inside https any bucket could be asked for, and not every bucket is allowed: with intercept.ca_cert \
             (`coswhy ca new` makes it) this proxy looks inside, upstream.allowed_buckets = [\"*\"] allows every \
             bucket",
        ));
    }
    shared.addresses.check_bucket(name.target(), head)?;
    let origin = shared.origins.origin(name.target(), "");
    if !origin.tls {
        return Err(name.refused(
            "requests for it go on by plain http, where the https inside a tunnel leads nowhere: with \
             intercept.ca_cert (`coswhy ca new` makes it) this proxy ends the https itself",
        ));
    }
    let started = Instant::now();
    let upstream = shared.dialer.raw(&origin).await?;
    ticket.record.upstream = Some(started.elapsed());
    Ok(Kind::Blind(upstream))
}

fn listens_on_loopback(client: &Client) -> bool {
    let settings = &client.shared.settings;
    let listen = match client.entrance {
        Entrance::Plain => Some(settings.listen),
        Entrance::Tls => settings.tls.listen,
        Entrance::Tunnel { .. } => None,
    };
    listen.as_ref().map(SocketAddr::ip).is_some_and(|ip| ip.to_canonical().is_loopback())
}

fn excluded(name: &ConnectName) -> Fault {
    name.refused(&format!(
        "the CA in intercept.ca_cert may not vouch for it, so no client would believe its certificate: make one with \
         `coswhy ca new DIR --domain {}`, or set intercept.tunnel_others to let such names through unseen",
        name.as_str()
    ))
}

fn unfit(says: &str) -> Fault {
    Fault::new(
        StatusCode::BAD_GATEWAY,
        "CoswhyInterceptionFailed",
        "proxy_configuration_error",
        Outcome::ClientTls,
        format!("This proxy could not make a certificate for the tunnel: {says}."),
    )
}
