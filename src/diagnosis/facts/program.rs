//! `client.*` and `proxy.*`: what the programs on both sides of coswhy did, or said.

use super::table::{Fact, Get, Kind, Source};
use crate::diagnosis::exchange::Exchange;

#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub client_text: Option<String>,
    pub host_sent: Option<String>,
    pub target_sent: Option<String>,
}

impl Facts {
    pub(super) fn of(exchange: &Exchange) -> Self {
        let proxy = exchange.proxy.as_ref();
        Self {
            client_text: exchange.client_text.clone(),
            host_sent: proxy.and_then(|p| p.host_sent.clone()),
            target_sent: proxy.and_then(|p| p.target_sent.clone()),
        }
    }
}

pub(super) const FACTS: &[Fact] = &[
    Fact::new(
        "client.text",
        Get::Text(|f| f.program.client_text.as_deref()),
        Kind::Free,
        Source::Client,
        "what the client's program said: an exception, a line of the browser's console",
        "客户端程序的报错文本",
    ),
    Fact::new(
        "proxy.host_sent",
        Get::Text(|f| f.program.host_sent.as_deref()),
        Kind::Plain,
        Source::Proxy,
        "the Host that coswhy sent to COS, where it is not the client's",
        "coswhy 发往 COS 的 Host（与客户端不同时）",
    ),
    Fact::new(
        "proxy.target_sent",
        Get::Text(|f| f.program.target_sent.as_deref()),
        Kind::Target,
        Source::Proxy,
        "the path and query that coswhy sent to COS, where they are not the client's",
        "coswhy 发往 COS 的路径（与客户端不同时）",
    ),
];
