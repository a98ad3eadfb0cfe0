//! Typed settings: the file, then the environment, then flags.
//!
//! ```text
//! settings  the types, limits and defaults          schema     JSON Schema made of them
//! catalogue the list of settings, from the schema   kind       what one may hold
//! file, environment -> layers -> load               validate   how settings go together; names: their syntax
//! secret, secret_key, keys: what nobody is shown   files      the check that touches the system
//! units, network: values that have a syntax of their own
//! changes   what a reload can put in force
//! ```

mod catalogue;
mod changes;
mod environment;
mod file;
mod files;
mod glob;
mod keys;
mod kind;
mod layers;
mod load;
mod names;
mod nearest;
mod network;
mod problem;
mod schema;
mod secret;
mod secret_key;
pub mod settings;
mod show;
pub mod units;
mod validate;

pub use catalogue::{Catalogue, Setting};
pub use changes::Changes;
pub use environment::environment;
pub use files::{Pair, check_files, load_pair};
pub use glob::{is_bucket_like, is_like};
pub use keys::Keys;
pub use kind::{Field, Kind, Table};
pub use load::{Loaded, Overrides, load};
pub use names::{is_anybodys_domain, is_of_cos};
pub use network::{Network, any_has};
pub use problem::{ConfigError, Origin, Origins, Problem};
pub use schema::json_schema;
pub use secret::Secret;
pub use settings::Settings;
pub use show::show;
pub use units::{ByteSize, Span};
pub use validate::validate;
