//! `certain` is a promise: nowhere on a bare code whose meaning is disputed or inferred, and never against evidence.

use coswhy::diagnosis::{Confidence, Engine, Exchange, ResponseEvidence};
use ulid::Ulid;

use crate::cases::error_body;

fn body_alone(code: &str, message: Option<&str>) -> Exchange {
    Exchange {
        response: ResponseEvidence {
            body: Some(error_body(code, message, "").into()),
            ..ResponseEvidence::default()
        },
        ..Exchange::default()
    }
}

/// Each of these stands for more than one cause, or for one that was only inferred from reports.
#[test]
fn a_bare_body_that_several_causes_share_is_never_certain() {
    let engine = Engine::builtin().unwrap();
    for (code, message) in [
        ("AccessDenied", None),
        ("AccessDenied", Some("Access Denied.")),
        ("AccessDenied", Some("Request has expired")),
        ("AccessDenied", Some("SignatureDoesNotMatch")),
        ("AccessDenied", Some("InvalidAccessKeyId")),
        ("AccessDenied", Some("Something new.")),
        ("SignatureDoesNotMatch", None),
        ("SignatureDoesNotMatch", Some("The Signature you specified is invalid.")),
        ("InvalidAccessKeyId", None),
        ("InvalidAccessKeyId", Some("The Access Key Id you provided does not exist in our records")),
        ("AccessDeniedException", None),
        ("MissingContentLength", None),
        ("NotImplemented", None),
        ("UnavailableForLegalReasons", None),
        ("UnavailableForLegalReasons", Some("The appid is unavailable for legal reasons")),
        ("UnavailableForLegalReasons", Some("The appid is unavailable due to content illegal.")),
        ("PaymentRequired", None),
        ("InvalidRequest", None),
        ("InvalidArgument", None),
        ("MethodNotAllowed", None),
        ("InvalidObjectState", None),
        ("NoSuchKey", Some("Failed to query the state of source object")),
    ] {
        let found = engine.diagnose(&body_alone(code, message), Ulid::nil());
        assert!(found.confidence < Confidence::Certain, "{code} {message:?}: {} is certain", found.cause);
        assert_ne!(&*found.cause, "unrecognised", "{code} {message:?}");
    }
}

/// COS says these in so many words, each for one cause alone.
#[test]
fn what_cos_says_in_so_many_words_is_certain() {
    let engine = Engine::builtin().unwrap();
    for (code, message, cause) in [
        ("AccessDenied", "You are denied by bucket referer rule", "referer-denied"),
        ("AccessForbidden", "CORSResponse: This CORS request is not allowed.", "cors-not-allowed"),
        ("AccessDenied", "RequestTimeTooSkewed", "clock-skew"),
        ("PathStyleDomainForbidden", "", "path-style-forbidden"),
        (
            "AccessDenied",
            "You post object request has been expired, expiration time: 1 but the time now : 2",
            "post-policy-expired",
        ),
        (
            "UnavailableForLegalReasons",
            "Due to your account is arrears, it is unavailable until you recharge.",
            "account-in-arrears",
        ),
    ] {
        let found = engine.diagnose(&body_alone(code, Some(message)), Ulid::nil());
        assert_eq!((&*found.cause, found.confidence), (cause, Confidence::Certain));
    }
}

#[test]
fn a_bare_body_does_not_make_a_request_anonymous() {
    let engine = Engine::builtin().unwrap();
    let found = engine.diagnose(&body_alone("AccessDenied", Some("Access Denied.")), Ulid::nil());
    assert_ne!(&*found.cause, "anonymous-access-denied");
}
