use super::*;

const WHOLE: &str = "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>AccessDenied</Code>\n\t<Message>Request has expired</Message>\n\t<ServerTime>2019-04-09T03:39:20Z</ServerTime>\n\t<Resource>b-1250000000.cos.ap-x.myqcloud.com/a+b&amp;c</Resource>\n\t<RequestId>NWNhYzEz</RequestId>\n\t<TraceId>OGVm</TraceId>\n</Error>\n\n";

fn code_and_message(body: &str) -> (Option<String>, Option<String>) {
    let error = ErrorBody::parse(body.as_bytes()).unwrap_or_default();
    (error.code, error.message)
}

fn some(code: &str, message: &str) -> (Option<String>, Option<String>) {
    (Some(code.to_owned()), Some(message.to_owned()))
}

#[test]
fn every_element_of_a_body_is_read() {
    let error = ErrorBody::parse(WHOLE.as_bytes()).unwrap();
    assert_eq!(error.code.as_deref(), Some("AccessDenied"));
    assert_eq!(error.server_time.as_deref(), Some("2019-04-09T03:39:20Z"));
    assert_eq!(error.resource.as_deref(), Some("b-1250000000.cos.ap-x.myqcloud.com/a+b&c"));
    assert_eq!(error.request_id.as_deref(), Some("NWNhYzEz"));
    assert_eq!(error.trace_id.as_deref(), Some("OGVm"));
    assert_eq!(error.form, Form::Xml);
}

#[test]
fn signed_strings_keep_their_line_feeds_and_are_unescaped() {
    let body = "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>sha1\n1;2\nabc\n</StringToSign>\
                <FormatString>get\n/a\nb=1&amp;c=2\nhost=h\n</FormatString></Error>";
    let error = ErrorBody::parse(body.as_bytes()).unwrap();
    assert_eq!(error.string_to_sign.as_deref(), Some("sha1\n1;2\nabc\n"));
    assert_eq!(error.format_string.as_deref(), Some("get\n/a\nb=1&c=2\nhost=h\n"));
}

#[test]
fn unknown_elements_are_kept_beside() {
    let error = ErrorBody::parse(b"<Error><Code>A</Code><Bucket>b</Bucket><X/></Error>").unwrap();
    assert_eq!(error.extra("Bucket"), Some("b"));
}

#[test]
fn fragments_prose_and_cut_tails_are_read_as_far_as_they_go() {
    let want = some("AccessDenied", "Access Denied.");
    for body in [
        "<Code>AccessDenied</Code>\n<Message>Access Denied.</Message>",
        "Error: 403 & <html? response:\n<Error><Message>Access Denied.</Message><Code>AccessDenied</Code></Error> trailing & junk",
        "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message><Resource>b/k<RequestI",
        "</Foo><Code><![CDATA[AccessDenied]]></Code><Message> Access Denied. </Message></Error>",
        "\u{feff}<Error><Code>AccessDenied</Code><Message>Access Denied.</Message><X><Y>z</Y></X></Error>",
    ] {
        assert_eq!(code_and_message(body), want, "{body}");
    }
}

#[test]
fn json_of_vector_buckets_and_of_the_retired_api() {
    let body = r#"{"code":"AccessDenied","message":"no","requestid":"NWNh"}"#;
    let error = ErrorBody::parse(body.as_bytes()).unwrap();
    assert_eq!((error.code.as_deref(), error.request_id.as_deref()), (Some("AccessDenied"), Some("NWNh")));
    assert_eq!(error.form, Form::Json);
    let body = r#"{"code":-96,"message":"ERROR_PROXY_AUTH_EXPIRED","request_id":"NWNh"}"#;
    let error = ErrorBody::parse(body.as_bytes()).unwrap();
    assert_eq!((error.code.as_deref(), error.form), (Some("-96"), Form::LegacyJson));
}

#[test]
fn the_html_of_website_hosts_is_a_list() {
    let body = "<html><head><title>451</title></head><body><h1>451</h1><ul><li>Code: UnavailableForLegalReasons</li>\
                <li>Message: a &amp; b</li><li>Key: x:y</li><li>RequestId: NWNh</li></ul></body></html>";
    let error = ErrorBody::parse(body.as_bytes()).unwrap();
    assert_eq!(error.code.as_deref(), Some("UnavailableForLegalReasons"));
    assert_eq!(error.message.as_deref(), Some("a & b"));
    assert_eq!((error.extra("Key"), error.form), (Some("x:y"), Form::Html));
}

#[test]
fn what_is_not_an_error_of_cos_is_none() {
    for body in [
        "",
        "403",
        "<html><body>403 Forbidden<hr>nginx</body></html>",
        "{}",
        "[1]",
        r#"{"code":403,"message":"no"}"#,
        "<ListBucketResult><Name>b</Name></ListBucketResult>",
        "Access Denied.",
        "<Error></Error>",
        "{\"code\":",
    ] {
        assert_eq!(ErrorBody::parse(body.as_bytes()), None, "{body}");
    }
}
