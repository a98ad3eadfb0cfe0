//! What an operator sees: the log, the metrics, the ring of recent diagnoses.

pub mod record;
pub use record::{Outcome, Record};
