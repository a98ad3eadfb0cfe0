//! CONNECT (RFC 9110, section 9.3.6): a client's https through this proxy, looked into under the user's own CA, or
//! tunnelled blindly where that is allowed.
//!
//! The answer 200 ends HTTP on the client's connection; what the connection becomes waits as a `Plan` until then.

mod blind;
mod copy;
mod intercepted;
mod plan;
mod stream;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::watch;

pub(crate) use plan::{Plan, open};
pub(crate) use stream::Stream;

use self::plan::Kind;
use super::client::Client;

/// Serves a tunnel to its end.
///
/// In a box of a known type: what is inside an intercepted tunnel is served as the connection around it is.
pub(crate) fn run(
    plan: Plan,
    stream: Stream,
    client: Arc<Client>,
    drain: watch::Receiver<bool>,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    match plan.kind {
        Kind::Intercepted(config) => {
            Box::pin(intercepted::run(plan.name, config, plan.ticket, stream, client, drain))
        }
        Kind::Blind(upstream) => {
            let idle = blind::idle_limit(&client.shared.settings);
            Box::pin(blind::run(plan.ticket, stream, upstream, idle, drain))
        }
    }
}
