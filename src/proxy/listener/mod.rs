//! The first station: accepts connections and keeps them to their limits and timeouts; knows no COS.

mod accept;
mod connection;
mod entrance;
mod rejection;
mod socket;
pub(crate) mod watch;
mod worker;

pub(crate) use accept::Acceptor;
pub(crate) use connection::serve;
pub(crate) use entrance::Entrance;
pub(crate) use worker::{Worker, WorkerHandle};
