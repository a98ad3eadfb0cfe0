//! What a finding comes to: an exchange, of which the answer's body may have to be written anew.

use bytes::Bytes;

use super::Finding;
use crate::diagnosis::{Exchange, RequestEvidence, ResponseEvidence};
use crate::evidence::clients::invented;
use crate::evidence::request_id;
use crate::evidence::token::Name;

/// Whether `body` is an error of COS or of an S3 server.
pub(in crate::evidence) fn is_error_body(body: &[u8]) -> bool {
    let head = String::from_utf8_lossy(body.get(..body.len().min(2048)).unwrap_or(body)).into_owned();
    head.contains("<Error")
        || head.contains("<Code>") && head.contains("<Message>")
        || head.contains("You do not have permission")
        || head.starts_with('{') && head.replace(' ', "").contains("\"code\":-")
}

impl Finding {
    /// What the diagnosis works on.
    pub(in crate::evidence) fn into_exchange(mut self) -> Exchange {
        if self.host.is_none()
            && self.target.is_none()
            && let Some(mention) = self.mention.take()
            // An endpoint out of a configuration is no request's URL.
            && (mention.has_bucket() || mention.target != "/")
        {
            self.put_address(mention);
        }
        let method = self.text(Name::Method).map(str::to_owned);
        let body = self.response_body(method.as_deref());
        let mut response = self.response.clone();
        if let Some(id) = self.text(Name::RequestId)
            && body.as_ref().is_none_or(Bytes::is_empty)
            && self.response.map.is_empty()
        {
            let name = if request_id::is_cos(id) { "x-cos-request-id" } else { "x-amz-request-id" };
            response.push(name, id);
        }
        let status = self.status.or(self.code_number);
        let client_text = self.console.or(self.said);
        Exchange {
            request: RequestEvidence {
                method,
                scheme: self.scheme,
                host: self.host,
                target: self.target,
                headers: self.request,
                form: self.form,
            },
            response: ResponseEvidence { status, headers: response, body },
            client_text,
            proxy: self.proxy,
            lasted: None,
            told: self.told,
        }
    }

    /// The body as it came; or written anew from the parts that a program printed of it; or known to be empty.
    fn response_body(&self, method: Option<&str>) -> Option<Bytes> {
        if let Some(body) = &self.body {
            return Some(body.clone());
        }
        let head = method == Some("HEAD");
        let code = self.text(Name::Code);
        let message = self.text(Name::Message).or_else(|| self.text(Name::LabelledMessage));
        if code.is_some() && !head || message.is_some() && !self.no_body && !head {
            return Some(Bytes::from(self.error_xml(code, message)));
        }
        let empty = self.response.get("content-length").text() == Some("0");
        (self.no_body || head || empty).then(Bytes::new)
    }

    /// The error body that the printed parts came from, as far as they were printed.
    fn error_xml(&self, code: Option<&str>, message: Option<&str>) -> String {
        let mut xml = String::from("<Error>");
        let mut element = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                xml.push_str(&format!("<{name}>{value}</{name}>"));
            }
        };
        element("Code", code);
        element("Message", message.filter(|m| !invented::message(m)));
        element("Resource", self.text(Name::Resource));
        element("RequestId", self.text(Name::RequestId));
        element("TraceId", self.text(Name::TraceId));
        element("HostId", self.text(Name::HostId));
        element("ServerTime", self.text(Name::ServerTime));
        element("StringToSign", self.text(Name::StringToSign));
        element("FormatString", self.text(Name::FormatString));
        xml.push_str("</Error>");
        xml
    }
}
