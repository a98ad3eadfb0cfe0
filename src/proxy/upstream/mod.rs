//! The station that talks to COS: dials, pools, sends, streams back; knows no diagnosis.

mod dial;
mod download;
mod exchange;
mod eyeballs;
mod fault;
mod names;
mod origin;
mod outgoing_proxy;
mod pool;
mod reach;
mod resolve;
mod route;
mod socket;
mod tls;
mod upload;

pub(crate) use dial::Dialer;
pub(crate) use download::Download;
pub(crate) use exchange::{Answer, Outgoing, send};
pub(crate) use origin::{Origin, Origins};
pub(crate) use pool::Pool;
pub(crate) use upload::Upload;
