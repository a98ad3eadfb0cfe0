//! What an operator sees: the log, the metrics, the ring of recent diagnoses.
//!
//! The proxy hands one [`Record`] for each request to the [`Observer`], which never blocks and makes no system
//! call of its own: a line is built and appended to a bounded buffer that a thread writes out.

pub mod entry;
mod fingerprint;
mod groups;
pub mod log;
pub mod metrics;
mod observer;
pub mod program;
pub mod record;
pub mod ring;
pub(crate) mod since;
mod store;
mod timeline;
pub mod trace;
mod traces;

pub use groups::{Failure, Group};
pub use log::Sink;
pub(crate) use log::clock::timestamp;
pub use metrics::Metrics;
pub use observer::{Guard, Observer};
pub use program::{LogLevel, init_tracing};
pub use record::{AnswerBody, Outcome, Record, Sent};
pub use ring::Ring;
pub use timeline::Timeline;
pub use traces::check as check_traces;
