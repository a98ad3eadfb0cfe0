//! From what is known of one exchange to the cause of its failure: Exchange -> Facts -> rules -> Diagnosis.
//!
//! Nothing here does I/O or reads a clock.

pub mod causes;
pub mod engine;
pub mod exchange;
pub mod expression;
pub mod facts;
mod forensics;
pub mod recent;
pub mod report;
pub mod rules;
pub mod told;
pub mod verdict;
mod warning;

pub use engine::Engine;
pub use exchange::{
    Exchange, Field, Fields, ProxyEvidence, ProxySigning, RequestEvidence, ResponseEvidence, Seen,
};
pub use recent::{Recent, RecentExchange, folder};
pub use told::{KeyKind, Told, ToldAcl, ToldKey, ToldSigning, ToldWay};
pub use verdict::{Confidence, Diagnosis};
pub use warning::{Success, Warning};
