//! One error body in the many shapes that a clipboard gives it: each says the same.

use coswhy::cos::error::ErrorBody;
use coswhy::diagnosis::Engine;
use coswhy::evidence::read;
use ulid::Ulid;

const BODY: &str = "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>AccessDenied</Code>\n\t<Message>You are denied by bucket referer rule</Message>\n\t<Resource>demo-1250000000.cos.ap-guangzhou.myqcloud.com/a.png</Resource>\n\t<RequestId>NjliYzVjYTBfYTM0MjBiMDlfMWE0N18xYzIyZDcw</RequestId>\n\t<TraceId>OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAx</TraceId>\n</Error>\n";

const ID: &str = "NjliYzVjYTBfYTM0MjBiMDlfMWE0N18xYzIyZDcw";

/// What is read of `text` as code, message and RequestId, and the cause.
fn said(text: &str) -> Vec<(String, String, String, String)> {
    let engine = Engine::builtin().unwrap();
    let found = read("clipboard", text.as_bytes()).unwrap_or_default();
    let one = |evidence: &coswhy::evidence::Evidence| {
        let body = evidence.exchange.response.body.clone().unwrap_or_default();
        let body = ErrorBody::parse(&body).unwrap_or_default();
        let text = |value: Option<&str>| value.unwrap_or("").to_owned();
        let cause = engine.diagnose(&evidence.exchange, Ulid::nil()).cause.to_string();
        (text(body.code.as_deref()), text(body.message.as_deref()), text(body.request_id.as_deref()), cause)
    };
    found.iter().map(one).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn shapes() -> Vec<(&'static str, String)> {
    let fragment = BODY.split_once("<Error>\n").unwrap().1.replace("</Error>\n", "");
    let go = json(BODY).replace('<', "\\u003c").replace('>', "\\u003e");
    let wrapped: String = BODY
        .chars()
        .enumerate()
        .flat_map(
            |(at, c)| if at > 60 && at % 47 == 0 && c.is_alphabetic() { vec!['\n', c] } else { vec![c] },
        )
        .collect();
    vec![
        ("as it came", BODY.to_owned()),
        ("with carriage returns", BODY.replace('\n', "\r\n")),
        ("on one line", BODY.replace(['\n', '\t'], "")),
        ("with blanks for line breaks", BODY.replace(['\n', '\t'], " ")),
        ("without its root", fragment),
        ("between prose", format!("上传的时候报错了，返回内容：{BODY}，请问是什么原因？\n谢谢。")),
        ("in a fence", format!("It says:\n```xml\n{BODY}```\nWhat now?\n")),
        ("in a list", format!("1. open the page\n2. see `{}`\n", BODY.replace(['\n', '\t'], ""))),
        ("quoted in a mail", BODY.lines().map(|line| format!("> {line}\n")).collect()),
        ("escaped for a page", escaped(BODY)),
        ("escaped twice", escaped(&escaped(BODY))),
        ("in a log as JSON", format!("{{\"level\":\"error\",\"body\":{}}}", json(BODY))),
        ("in JSON within JSON", format!("{{\"log\":{}}}", json(&format!("{{\"body\":{}}}", json(BODY))))),
        ("as Go writes JSON", format!("{{\"body\":{go}}}")),
        ("with slashes escaped", json(BODY).replace('/', "\\/")),
        ("as bytes of Python", format!("b\"{}\"", BODY.replace('\n', "\\n").replace('\t', "\\t"))),
        ("in pieces", format!("data: '{}'", BODY.replace('\'', "\"").replace('\n', "\\n' +\n      '"))),
        ("with hard blanks", BODY.replace('\t', "\u{a0}\u{a0}").replace(" ", "\u{a0}")),
        ("with marks that nobody sees", BODY.replace('>', ">\u{200b}")),
        ("in colours", format!("\u{1b}[31m{}\u{1b}[0m", BODY.replace("<Code>", "<Code>\u{1b}[1m"))),
        ("in full-width brackets", BODY.replace('<', "＜").replace('>', "＞")),
        ("read from a picture", BODY.replace("</", "< /").replace("<M", "< M")),
        ("in a narrow window", wrapped),
        ("indented", BODY.lines().map(|line| format!("        {line}\n")).collect()),
        (
            "with a logger's name before each line",
            BODY.lines().map(|line| format!("app-1  | {line}\n")).collect(),
        ),
        ("cut behind the id", BODY.split("\n\t<TraceId>").next().unwrap().to_owned()),
    ]
}

#[test]
fn a_body_says_the_same_in_every_shape() {
    let mut wrong = Vec::new();
    for (shape, text) in shapes() {
        let expected = vec![(
            "AccessDenied".to_owned(),
            "You are denied by bucket referer rule".to_owned(),
            ID.to_owned(),
            "referer-denied".to_owned(),
        )];
        let found = said(&text);
        if found != expected {
            wrong.push(format!("{shape}: {found:?}\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What people put in place of what they don't want to show is no evidence; an AppId of nines is none of that.
#[test]
fn masked_values_are_not_evidence() {
    for mask in ["***", "XXX", "xxxx", "****", "<masked>", "[redacted]", "隐藏", "xxx-xxx"] {
        let text = BODY
            .replace(ID, mask)
            .replace("demo-1250000000.cos.ap-guangzhou.myqcloud.com/a.png", mask)
            .replace("OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAx", mask);
        let found = read("clipboard", text.as_bytes()).unwrap();
        let body = ErrorBody::parse(found[0].exchange.response.body.as_deref().unwrap_or_default())
            .unwrap_or_default();
        assert_eq!(body.code.as_deref(), Some("AccessDenied"), "{mask}");
        assert_eq!((body.resource.as_deref(), body.request_id.as_deref()), (None, None), "{mask}");
        assert_eq!(body.trace_id.as_deref(), None, "{mask}");
    }
    let found = read("clipboard", BODY.as_bytes()).unwrap();
    let body =
        ErrorBody::parse(found[0].exchange.response.body.as_deref().unwrap_or_default()).unwrap_or_default();
    assert_eq!(body.resource.as_deref(), Some("demo-1250000000.cos.ap-guangzhou.myqcloud.com/a.png"));
}

#[test]
fn a_masked_signature_is_still_a_signature() {
    let signed = |value: &str| {
        format!(
            "> PUT /a.txt HTTP/1.1\n> Host: demo-1250000000.cos.ap-guangzhou.myqcloud.com\n> Authorization: {value}\n> \n< HTTP/1.1 403 Forbidden\n< Server: tencent-cos\n< x-cos-request-id: {ID}\n< \n<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>\n"
        )
    };
    for value in [
        "********",
        "XXXX",
        "q-sign-algorithm=sha1&q-ak=AKID****&q-sign-time=****&q-key-time=****&q-header-list=host&q-url-param-list=&q-signature=****",
        "AWS4-HMAC-SHA256 Credential=***/20260319/ap-guangzhou/s3/aws4_request, SignedHeaders=host, Signature=***",
    ] {
        assert_eq!(said(&signed(value))[0].3, "permission-denied", "{value}");
    }
}

#[test]
fn several_failures_in_one_text_are_several() {
    let other = BODY
        .replace("You are denied by bucket referer rule", "Request has expired")
        .replace(ID, "NjliYzVjYTFfYTM0MjBiMDlfMWE0N18xYzIyZDcx");
    let found = said(&format!("first\n{BODY}\nsecond\n{other}\nand the first again:\n{BODY}"));
    let causes: Vec<&str> = found.iter().map(|(_, _, _, cause)| cause.as_str()).collect();
    assert_eq!(causes, ["referer-denied", "signature-expired"]);
}
