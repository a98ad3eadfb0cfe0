//! The log: one line for every request and for each event of the program itself, as JSON or for a terminal.

pub(super) mod clock;
mod event;
pub(super) mod format;
pub(super) mod json;
pub(super) mod number;
mod pretty;
pub(super) mod text;

mod sink;
mod writer;
mod writer_thread;

pub(super) use event::{Event, Value};
pub use format::{Format, Level};
pub use sink::Sink;
pub use writer::{Counts, Writer};
