//! The first station: accepts connections and keeps them to their limits and timeouts; knows no COS.

mod accept;
mod connection;
mod deadline;
mod entrance;
mod heads;
mod http2;
mod proxied;
mod rejection;
mod socket;
mod streams;
mod tls;
pub(crate) mod watch;
mod worker;

pub(crate) use accept::{Acceptor, Places};
pub(crate) use entrance::{Door, Entrance};
pub(crate) use tls::{Failure, Front, protocols, speak};
pub(crate) use worker::{Worker, WorkerHandle};
