//! What can go wrong with an upstream, as RFC 9209, section 2.3, tells such errors apart, and what to do then.

use std::net::SocketAddr;

use http::StatusCode;

use super::outgoing_proxy::OutgoingProxy;
use crate::observe::Outcome;
use crate::proxy::reply::Fault;

/// Why there is no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Dns,
    Prohibited,
    Loopback(SocketAddr),
    Loop,
    Refused,
    Unavailable,
    /// This process may open no more.
    OutOfFiles,
    Timeout,
    Terminated,
    TlsCertificate,
    TlsAlert,
    TlsProtocol,
    /// The outgoing proxy wants an authorization that it was not sent.
    ProxyUnauthorized,
    /// The outgoing proxy did not get there.
    ProxyFailed,
}

/// There is no connection, and why.
#[derive(Debug)]
pub(super) struct DialError {
    why: Why,
    says: String,
    /// The setting that is behind it, where that is not the reason's usual one.
    look_at: Option<String>,
}

impl DialError {
    pub(super) fn new(why: Why, says: String) -> Self {
        Self { why, says, look_at: None }
    }

    /// What a person should look at, instead of the reason's usual advice.
    pub(super) fn look_at(self, what: &str) -> Self {
        Self { look_at: Some(what.to_owned()), ..self }
    }

    /// It happened on the way to the outgoing proxy.
    pub(super) fn before(self, proxy: &OutgoingProxy) -> Self {
        let says = format!("the outgoing proxy {} cannot be used: {}", proxy.address(), self.says);
        Self { says, ..self }.look_at(proxy.named_by)
    }

    pub(super) fn why(&self) -> Why {
        self.why
    }
}

impl From<DialError> for Fault {
    fn from(error: DialError) -> Self {
        let (kind, outcome, advice) = match error.why {
            Why::Dns => (
                "dns_error",
                Outcome::UpstreamUnreachable,
                "Check the region in the address, and this machine's DNS.",
            ),
            Why::Prohibited | Why::Loopback(_) => (
                "destination_ip_prohibited",
                Outcome::UpstreamUnreachable,
                "Check this machine's DNS and hosts file.",
            ),
            Why::Loop => ("proxy_loop_detected", Outcome::Loop, ""),
            Why::Refused => (
                "connection_refused",
                Outcome::UpstreamUnreachable,
                "Nothing listens there, or a firewall refuses.",
            ),
            Why::Unavailable => {
                ("destination_unavailable", Outcome::UpstreamUnreachable, "Check this machine's network.")
            }
            Why::OutOfFiles => (
                "connection_limit_reached",
                Outcome::UpstreamUnreachable,
                "This process has too many open files: raise its limit, or lower listener.max_connections.",
            ),
            Why::Timeout => (
                "connection_timeout",
                Outcome::UpstreamUnreachable,
                "A firewall may be dropping the packets; or raise upstream.connect_timeout.",
            ),
            Why::Terminated => (
                "connection_terminated",
                Outcome::UpstreamUnreachable,
                "The other side broke the connection off.",
            ),
            Why::TlsCertificate => (
                "tls_certificate_error",
                Outcome::UpstreamTls,
                "Something between this machine and COS may be intercepting TLS; a private CA goes into \
                 upstream.ca_file, or into its route's.",
            ),
            Why::TlsAlert => ("tls_alert_received", Outcome::UpstreamTls, ""),
            Why::TlsProtocol => (
                "tls_protocol_error",
                Outcome::UpstreamTls,
                "Does the port speak TLS? An origin that does not is written http://HOST.",
            ),
            Why::ProxyUnauthorized => ("proxy_configuration_error", Outcome::UpstreamUnreachable, ""),
            Why::ProxyFailed => ("destination_unavailable", Outcome::UpstreamUnreachable, ""),
        };
        let code = match outcome {
            Outcome::Loop => "CoswhyLoop",
            Outcome::UpstreamTls => "CoswhyUpstreamTls",
            _ => "CoswhyUpstreamUnreachable",
        };
        let advice = error.look_at.map_or_else(|| advice.to_owned(), |what| format!("Look at {what}."));
        let says = format!("This proxy could not reach COS: {}. {advice}", error.says);
        Self::new(StatusCode::BAD_GATEWAY, code, kind, outcome, says.trim_end())
    }
}

/// The upstream said nothing for too long.
pub(super) fn silent(waited_for: &str, setting: &str) -> Fault {
    Fault::new(
        StatusCode::GATEWAY_TIMEOUT,
        "CoswhyUpstreamTimeout",
        "http_response_timeout",
        Outcome::UpstreamTimeout,
        format!(
            "COS did not {waited_for} in time. Try again; if the operation really takes that long, raise {setting}."
        ),
    )
}

/// The upstream broke off before its answer, or answered what is not HTTP.
pub(super) fn broken(error: &hyper::Error) -> Fault {
    let kind = if error.is_parse() || error.is_parse_too_large() {
        "http_protocol_error"
    } else if error.is_incomplete_message() {
        "http_response_incomplete"
    } else {
        "connection_terminated"
    };
    Fault::new(
        StatusCode::BAD_GATEWAY,
        "CoswhyUpstreamFailed",
        kind,
        Outcome::UpstreamFailed,
        format!("The connection to COS failed before its answer was there ({error}). Try again."),
    )
}

/// The upstream switches protocols, which nobody asked it to: Upgrade does not travel through this proxy.
pub(super) fn uninvited() -> Fault {
    Fault::new(
        StatusCode::BAD_GATEWAY,
        "CoswhyUpstreamFailed",
        "http_protocol_error",
        Outcome::UpstreamFailed,
        "COS answered 101 (Switching Protocols), which was not asked for.",
    )
}
