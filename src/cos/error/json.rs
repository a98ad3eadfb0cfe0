//! The JSON forms: vector buckets, and the API that was retired.

use serde_json::{Map, Value};

use super::{ErrorBody, Form};

/// `named`: the answer's header says that it is COS's error.
pub(super) fn parse(text: &str, named: bool) -> Option<ErrorBody> {
    // `from_str` would refuse what follows the object in a pasted text
    let value = serde_json::Deserializer::from_str(text).into_iter::<Value>().next()?.ok()?;
    let Value::Object(fields) = value else { return None };
    let mut error = ErrorBody { form: Form::Json, ..ErrorBody::default() };
    for (name, value) in &fields {
        if let Some(value) = plain(value) {
            error.set(element(name), &value);
        }
    }
    if is_negative(&fields) && error.message.is_some() {
        error.form = Form::LegacyJson;
        return Some(error);
    }
    // any web service answers {"code", "message"}: it is COS's with its request id, or a code that is a word
    let word = fields.get("code").or_else(|| fields.get("Code")).is_some_and(Value::is_string);
    (error.message.is_some() && (word || named || error.request_id.is_some())).then_some(error)
}

fn is_negative(fields: &Map<String, Value>) -> bool {
    fields.get("code").and_then(Value::as_i64).is_some_and(|code| code < 0)
}

/// The XML element that a JSON name stands for.
fn element(name: &str) -> &str {
    match name {
        "code" => "Code",
        "message" => "Message",
        "resource" => "Resource",
        "requestid" | "requestId" | "request_id" => "RequestId",
        "traceid" | "traceId" | "trace_id" => "TraceId",
        "servertime" | "serverTime" | "server_time" => "ServerTime",
        other => other,
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
