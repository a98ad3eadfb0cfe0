//! The log: one line for every request and for each event of the program itself, as JSON or for a terminal.

pub(crate) mod clock;
mod event;
pub(crate) mod format;
pub(super) mod json;
pub(super) mod number;
pub(crate) mod pretty;
pub(crate) mod text;

mod sink;
mod writer;
mod writer_thread;

pub(crate) use event::{Event, Value};
pub use format::{Format, Level};
pub(crate) use number::push_millis;
pub use sink::Sink;
pub use writer::{Counts, Writer};
