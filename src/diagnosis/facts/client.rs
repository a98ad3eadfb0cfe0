//! `client.*`: what the client's program said.

use super::table::{Fact, Get, Kind, Source};
use crate::diagnosis::exchange::Exchange;

#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub text: Option<String>,
}

impl Facts {
    pub(super) fn of(exchange: &Exchange) -> Self {
        Self { text: exchange.client_text.clone() }
    }
}

pub(super) const FACTS: &[Fact] = &[Fact::new(
    "client.text",
    Get::Text(|f| f.client.text.as_deref()),
    Kind::Free,
    Source::Client,
    "what the client's program said: an exception, a line of the browser's console",
    "客户端程序的报错文本",
)];
