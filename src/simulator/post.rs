//! POST Object: the form verified by its policy, then its file stored.
//!
//! Source: <https://www.tencentcloud.com/document/product/436/14690>, and the vendor's page on what goes wrong with it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use serde_json::Value;

use super::access;
use super::form::{File, Form};
use super::keys::Key;
use super::refusal::Refusal;
use super::reply::{self, Answer};
use super::request::Request;
use super::store::{Acl, Object, Store};
use super::verify::{self, Identity};
use super::xml::Document;
use crate::cos::auth::{Auth, Scheme};
use crate::cos::{signature, sigv2, sigv4, time};

pub(super) fn object(request: &Request, store: &Store, keys: &[Key], body: &Bytes, now: i64) -> Answer {
    let kind = request.header("content-type").unwrap_or_default();
    let malformed = "The body of your POST request is not well-formed multipart/form-data.";
    let form = Form::parse(kind, body).ok_or_else(|| Refusal::new(400, "MalformedPOSTRequest", malformed))?;
    let Some(file) = &form.file else {
        let message = "POST requires exactly one file upload per request.";
        return Err(Refusal::new(400, "IncorrectNumberOfFilesInPostRequest", message));
    };
    let key = form.field("key").ok_or_else(|| Refusal::argument("The form has no field key."))?;
    let key = key.replace("${filename}", &file.name);
    let identity = identify(request, &form, file, keys, now)?;

    let mut buckets = store.lock();
    let bucket = buckets.get_mut(request.bucket()).ok_or_else(Refusal::no_bucket)?;
    let mut actions = vec!["name/cos:PostObject"];
    let acl = form.field("acl").or_else(|| form.field("x-cos-acl"));
    if acl.is_some() {
        actions.push("name/cos:PutObjectACL");
    }
    let allowed = actions
        .iter()
        .all(|action| access::may(&identity, action, &key) || access::public(Some(bucket), action, &key));
    if !allowed {
        return Err(access::refused(&identity));
    }
    let mut object = Object::new(file.data.clone(), now);
    object.acl = acl.and_then(Acl::named);
    let kind =
        form.field("content-type").or(file.content_type.as_deref()).unwrap_or("application/octet-stream");
    if let Ok(kind) = HeaderValue::from_str(kind) {
        object.headers.push((http::header::CONTENT_TYPE, kind));
    }
    let answer = answer(request, &form, &key, &object.etag);
    bucket.objects.insert(key, object);
    Ok(answer)
}

fn answer(request: &Request, form: &Form, key: &str, etag: &str) -> http::Response<reply::Body> {
    let location = format!("http://{}/{key}", request.host);
    if let Some(url) = form.field("success_action_redirect").or_else(|| form.field("redirect")) {
        let mut response = reply::empty(StatusCode::SEE_OTHER);
        reply::set(&mut response, "location", url);
        return response;
    }
    let mut response = match form.field("success_action_status") {
        Some("200") => reply::empty(StatusCode::OK),
        Some("201") => {
            let mut document = Document::new();
            document.nest("PostResponse", |result| {
                result.leaf("Location", &location);
                result.leaf("Bucket", request.bucket());
                result.leaf("Key", key);
                result.leaf("ETag", etag);
            });
            let mut response = reply::xml(document);
            *response.status_mut() = StatusCode::CREATED;
            response
        }
        _ => reply::empty(StatusCode::NO_CONTENT),
    };
    reply::set(&mut response, "etag", etag);
    reply::set(&mut response, "location", &location);
    response
}

fn identify(
    request: &Request,
    form: &Form,
    file: &File,
    keys: &[Key],
    now: i64,
) -> Result<Identity, Refusal> {
    let auth = Auth::from_request(&http::HeaderMap::new(), None, Some(&form.fields));
    if auth.scheme == Scheme::None {
        return verify::identify(request, keys, now);
    }
    let token = form.field("x-cos-security-token").or_else(|| form.field("x-amz-security-token"));
    let key = verify::key_of(&auth, keys, token)?;
    let encoded = form.field("policy").unwrap_or_default();
    let policy = STANDARD.decode(encoded.trim()).map_err(|_| invalid_policy("The policy is not base64."))?;
    check_policy(request, form, file, &policy, now)?;
    if auth.sign_time.is_some() {
        verify::in_time(&auth, now)?;
    }
    let good = match auth.scheme {
        Scheme::SigV4 => sigv4::verify_policy(encoded, &auth, &key.secret_key),
        Scheme::SigV2 => sigv2::verify_policy(encoded, &auth, &key.secret_key),
        Scheme::QSign | Scheme::None | Scheme::Unknown | Scheme::Masked => {
            signature::verify_policy(&policy, &auth, &key.secret_key)
        }
    };
    if good {
        return Ok(verify::identity(key));
    }
    Err(Refusal::signature(signature::policy_string_to_sign(&policy), String::new()))
}

fn invalid_policy(message: &str) -> Refusal {
    Refusal::new(400, "InvalidPolicyDocument", message)
}

/// Holds the form against what its policy promises.
fn check_policy(request: &Request, form: &Form, file: &File, policy: &[u8], now: i64) -> Result<(), Refusal> {
    let policy: Value =
        serde_json::from_slice(policy).map_err(|_| invalid_policy("The policy is not JSON."))?;
    let expiration = policy.get("expiration").and_then(Value::as_str).and_then(time::parse_iso8601);
    let expiration = expiration.ok_or_else(|| invalid_policy("The policy has no valid expiration."))?;
    if expiration < now {
        let message = format!(
            "You post object request has been expired, expiration time: {expiration} but the time now : {now}"
        );
        return Err(Refusal::new(403, "AccessDenied", message));
    }
    let conditions = policy.get("conditions").and_then(Value::as_array).filter(|list| !list.is_empty());
    let conditions = conditions.ok_or_else(|| {
        invalid_policy("You must provide condition if you specify a policy in post object request.")
    })?;
    conditions.iter().try_for_each(|condition| check_condition(request, form, file, condition))
}

fn check_condition(request: &Request, form: &Form, file: &File, condition: &Value) -> Result<(), Refusal> {
    let unclear = || invalid_policy("A condition of the policy has an unknown form.");
    let is_met = |name: &str, fits: &dyn Fn(&str) -> bool| {
        let value = match name {
            "bucket" => request.bucket(),
            name => form.field(name).unwrap_or_default(),
        };
        if fits(value) {
            return Ok(());
        }
        Err(Refusal::new(
            403,
            "AccessDenied",
            format!("Condition key {name} doesn't match the value {value}"),
        ))
    };
    if let Value::Object(pairs) = condition {
        return pairs.iter().try_for_each(|(name, want)| {
            let want = want.as_str().ok_or_else(unclear)?;
            is_met(name, &|value| value == want)
        });
    }
    let Some([operator, name, want]) = condition.as_array().map(Vec::as_slice) else { return Err(unclear()) };
    if operator.as_str() == Some("content-length-range") {
        let (least, most) = (name.as_u64().ok_or_else(unclear)?, want.as_u64().ok_or_else(unclear)?);
        let length = file.data.len() as u64;
        let message = format!("Condition key content-length-range doesn't match the value {length}");
        return match length {
            length if length < least => Err(Refusal::new(400, "EntityTooSmall", message)),
            length if length > most => Err(Refusal::new(400, "EntityTooLarge", message)),
            _ => Ok(()),
        };
    }
    let name = name.as_str().and_then(|name| name.strip_prefix('$')).ok_or_else(unclear)?;
    let want = want.as_str().ok_or_else(unclear)?;
    match operator.as_str() {
        Some("eq") => is_met(name, &|value| value == want),
        Some("starts-with") => is_met(name, &|value| value.starts_with(want)),
        _ => Err(unclear()),
    }
}
