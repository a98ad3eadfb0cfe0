//! Typed settings: the file, then the environment, then flags.

pub mod settings;
pub mod units;

pub use settings::Settings;
pub use units::{ByteSize, Span};
