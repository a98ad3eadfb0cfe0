//! Header, JSON, XML and text of one diagnosis.

use coswhy::config::settings::Language;
use coswhy::diagnosis::{Engine, report};

use crate::exchanges::{self, expired};

#[test]
fn an_expired_signature_is_reported_in_every_form() {
    let engine = Engine::builtin().unwrap();
    let exchange = expired();
    let diagnosis = engine.diagnose(&exchange, exchanges::id());
    insta::assert_snapshot!("expired-header", diagnosis.header_value().to_str().unwrap());
    let explanation = diagnosis.explanation(Language::En);
    insta::assert_json_snapshot!("expired-json", explanation);
    let body = exchange.response.body.as_ref().unwrap();
    let annotated = report::xml::annotate(body, &explanation).unwrap();
    insta::assert_snapshot!("expired-xml", String::from_utf8(annotated).unwrap());
    insta::assert_json_snapshot!("expired-json-zh", diagnosis.explanation(Language::Zh));
}
