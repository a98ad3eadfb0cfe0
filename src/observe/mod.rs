//! What an operator sees: the log, the metrics, the ring of recent diagnoses.
//!
//! The proxy hands one [`Record`] for each request to the [`Observer`], which never blocks and makes no system
//! call of its own: a line is built and appended to a bounded buffer that a thread writes out.

mod fingerprint;
pub mod log;
pub mod metrics;
mod observer;
pub mod program;
pub mod record;
mod repeats;
pub mod ring;
pub mod trace;

pub use log::Sink;
pub use metrics::Metrics;
pub use observer::{Guard, Observer};
pub use program::init_tracing;
pub use record::{Outcome, Record};
pub use repeats::Failure;
pub use ring::Ring;
