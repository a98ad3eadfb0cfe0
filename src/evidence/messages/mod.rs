//! Whole HTTP messages, as curl and other tools print them, and curl's own ways of showing them.

pub(super) mod curl;
pub(super) mod curl_trace;
pub(super) mod http_text;
