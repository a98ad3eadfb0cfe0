//! Errors of coswhy's own, in COS's shape: an SDK shows an XML `<Error>` and breaks on anything else.

use quick_xml::escape::escape;
use serde::Serialize;
use ulid::Ulid;

use crate::cos::redact;

#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    instance: String,
}

/// Content type and body of an answer that COS did not give. `code` begins with `Coswhy`; `resource` is what was
/// asked for, as sent.
#[must_use]
pub fn own_error(
    status: u16,
    code: &str,
    message: &str,
    resource: &str,
    id: Ulid,
    accept_json: bool,
) -> (&'static str, Vec<u8>) {
    let (message, resource) = (redact::text(message), redact::target(resource));
    if accept_json {
        let instance = format!("urn:ulid:{id}");
        // `about:blank` is RFC 9457's type for problems that are no more than their status; this one has a title.
        let problem = Problem { r#type: "about:blank", title: code, status, detail: &message, instance };
        return ("application/problem+json", serde_json::to_vec(&problem).unwrap_or_default());
    }
    let body = format!(
        "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>{}</Code>\n\t<Message>{}</Message>\n\t\
         <Resource>{}</Resource>\n\t<RequestId>{id}</RequestId>\n</Error>\n",
        escape(code),
        escape(&*message),
        escape(&*resource),
    );
    ("application/xml", body.into_bytes())
}
