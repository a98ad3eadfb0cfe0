//! A diagnosis in every form in which it leaves: header, JSON, XML, text.

pub mod exchange;
pub mod explanation;
pub mod header;
mod line;
pub mod own;
pub mod problem;
pub mod text;
mod trim;
mod words;
pub mod xml;

pub use explanation::{Explanation, Headline};
