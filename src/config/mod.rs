//! Typed settings: the file, then the environment, then flags.

mod secret;
pub mod settings;
pub mod units;

pub use secret::Secret;
pub use settings::Settings;
pub use units::{ByteSize, Span};
