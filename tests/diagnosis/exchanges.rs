//! Exchanges to diagnose.

use coswhy::diagnosis::{Exchange, Fields, RequestEvidence, ResponseEvidence};
use http::{HeaderMap, HeaderName, HeaderValue};
use ulid::Ulid;

/// 2019-04-09T03:39:20Z by its own clock.
pub(crate) const REQUEST_ID: &str = "NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=";
pub(crate) const SERVER_TIME: i64 = 1_554_781_160;
pub(crate) const SECRET_ID: &str = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
pub(crate) const HOST: &str = "photos-1250000000.cos.ap-guangzhou.myqcloud.com";

pub(crate) fn fields(list: &[(&str, &str)]) -> Fields {
    let mut map = HeaderMap::new();
    for (name, value) in list {
        map.append(HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap());
    }
    Fields::all(map)
}

pub(crate) fn body(code: &str, message: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>{code}</Code>\n\t<Message>{message}</Message>\n\t\
         <Resource>{HOST}/a b.jpg</Resource>\n\t<RequestId>{REQUEST_ID}</RequestId>\n\t<TraceId>OGVm</TraceId>\n</Error>\n"
    )
}

/// A GET of `/a%20b.jpg` that COS refused with 403.
pub(crate) fn refused(headers: &[(&str, &str)], code: &str, message: &str) -> Exchange {
    let mut sent = vec![("Host", HOST)];
    sent.extend_from_slice(headers);
    Exchange {
        request: RequestEvidence {
            method: Some("GET".into()),
            scheme: Some("https".into()),
            host: Some(HOST.into()),
            target: Some("/a%20b.jpg".into()),
            headers: fields(&sent),
            form: None,
        },
        response: ResponseEvidence {
            status: Some(403),
            headers: fields(&[
                ("Content-Type", "application/xml"),
                ("Date", "Tue, 09 Apr 2019 03:39:20 GMT"),
                ("Server", "tencent-cos"),
                ("x-cos-request-id", REQUEST_ID),
            ]),
            body: Some(body(code, message).into()),
        },
        ..Exchange::default()
    }
}

/// An Authorization value that is valid between two instants.
pub(crate) fn authorization(start: i64, end: i64) -> String {
    format!(
        "q-sign-algorithm=sha1&q-ak={SECRET_ID}&q-sign-time={start};{end}&q-key-time={start};{end}&q-header-list=host\
         &q-url-param-list=&q-signature=c6cc5131a16a0b43fc4e76a0faf2a79d84aa37f9"
    )
}

/// Signed an hour and a half before, for an hour.
pub(crate) fn expired() -> Exchange {
    let signed = authorization(SERVER_TIME - 5430, SERVER_TIME - 1830);
    refused(&[("Authorization", &signed)], "AccessDenied", "Request has expired")
}

pub(crate) fn id() -> Ulid {
    Ulid::from_string("01JDKZ6Y5C8X9B3N7T2QWERTY0").unwrap()
}
