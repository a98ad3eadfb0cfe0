//! What an exchange shows, as typed facts by name. Conditions and texts of rules read nothing else.
//!
//! A fact that the input does not show is unknown (`None`), never "no".

mod archive;
mod auth;
mod client;
mod clock;
mod cors;
mod cors_console;
mod cos;
mod document;
mod error;
mod key;
mod path;
mod permission;
mod post;
mod print;
mod proxy;
mod recent;
mod referer;
mod request;
mod response;
mod signature;
mod table;
mod told;
mod value;
mod words;

pub(crate) use cors::is_blocked;
pub use document::markdown;
pub use path::FactPath;
pub(crate) use print::{duration, people, raw, shortened};
pub use table::{Fact, Get, Kind, Source, all, find, nearest, nearest_of};
pub use value::{Entry, MapView, Type, Value};

use super::exchange::Exchange;
use crate::config::Keys;

/// Everything known of one exchange. It holds no body, and nothing of the connection's buffers.
#[derive(Debug, Default)]
pub struct Facts {
    pub(crate) error: error::Facts,
    pub(crate) request: request::Facts,
    pub(crate) response: response::Facts,
    pub(crate) auth: auth::Facts,
    pub(crate) clock: clock::Facts,
    pub(crate) cos: cos::Facts,
    pub(crate) post: post::Facts,
    pub(crate) client: client::Facts,
    pub(crate) proxy: proxy::Facts,
    pub(crate) signature: signature::Facts,
    pub(crate) permission: permission::Facts,
    pub(crate) recent: recent::Facts,
    pub(crate) cors: cors::Facts,
    pub(crate) archive: archive::Facts,
    pub(crate) told: told::Facts,
}

impl Facts {
    #[must_use]
    pub fn of(exchange: &Exchange) -> Self {
        Self::with_keys(exchange, &Keys::default())
    }

    /// The same, with SecretKeys to try what the client signed.
    #[must_use]
    pub fn with_keys(exchange: &Exchange, keys: &Keys) -> Self {
        let error = error::Facts::of(&exchange.response);
        let request = request::Facts::of(&exchange.request);
        let response = response::Facts::of(&exchange.response, &error);
        let credentials = auth::Facts::credentials(&exchange.request, &request);
        let clock = clock::Facts::of(&error, &response, &credentials, &request, exchange.lasted);
        let auth = auth::Facts::of(credentials, &exchange.request, &request, &clock);
        let client = client::Facts::of(exchange);
        let proxy = proxy::Facts::of(exchange.proxy.as_ref());
        let cos = cos::Facts::of(&request, &proxy, &error);
        let post = post::Facts::of(&error, &request);
        let signature = signature::Facts::default();
        let permission = permission::Facts::default();
        let cors = cors::Facts::default();
        let archive = archive::Facts::default();
        let recent = recent::Facts::of(exchange.proxy.as_ref().and_then(|proxy| proxy.recent.as_ref()));
        let mut facts = Self {
            error,
            request,
            response,
            auth,
            clock,
            cos,
            post,
            client,
            proxy,
            signature,
            permission,
            cors,
            archive,
            recent,
            told: told::Facts::of(exchange.told.as_ref()),
        };
        facts.signature = signature::Facts::with_keys(keys, exchange, &facts);
        facts
    }
    /// The bytes that they take beside themselves, roughly: what a request may make large.
    pub(crate) fn weight(&self) -> usize {
        self.request.weight() + self.response.headers.weight() + self.error.body.weight()
    }
}
