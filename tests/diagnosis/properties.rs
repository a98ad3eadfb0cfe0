//! What holds for every exchange whatever: no panic, well-formed reports, no secret in any of them.

use std::sync::LazyLock;

use coswhy::config::settings::Language;
use coswhy::diagnosis::expression::Condition;
use coswhy::diagnosis::report::{problem, text, xml};
use coswhy::diagnosis::{
    Engine, Exchange, Fields, ProxyEvidence, ProxySigning, RequestEvidence, ResponseEvidence, Seen,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;

use crate::exchanges;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builtin().unwrap());

const SIGNATURE: &str = "f00dfeedf00dfeedf00dfeedf00dfeedf00dfeed";
const TOKEN: &str = "tokenSECRETtokenSECRETtokenSECRETtoken";
const CUSTOMER_KEY: &str = "Y3VzdG9tZXJLRVljdXN0b21lcktFWQ==";
const COOKIE: &str = "cookieSECRETcookieSECRET";
const SECRET_ID: &str = "AKIDSECRETSECRETSECRETSECRETSECRETxy";

fn authorization() -> String {
    format!(
        "q-sign-algorithm=sha1&q-ak={SECRET_ID}&q-sign-time=1554777560;1554781160&q-key-time=1554777560;1554781160\
         &q-header-list=host&q-url-param-list=&q-signature={SIGNATURE}"
    )
}

fn header() -> impl Strategy<Value = (String, String)> {
    let names = prop::sample::select(vec![
        "host",
        "origin",
        "referer",
        "date",
        "content-type",
        "content-md5",
        "range",
        "x-cos-acl",
        "server",
        "via",
        "x-cos-request-id",
        "x-amz-request-id",
        "x-cos-storage-class",
        "user-agent",
        "authorization",
        "cookie",
        "x-cos-security-token",
        "x-cos-server-side-encryption-customer-key",
        "sec-fetch-mode",
    ]);
    names.prop_flat_map(|name| {
        let value = match name {
            "authorization" => Just(authorization()).boxed(),
            "cookie" => Just(format!("a={COOKIE}")).boxed(),
            "x-cos-security-token" => Just(TOKEN.to_owned()).boxed(),
            "x-cos-server-side-encryption-customer-key" => Just(CUSTOMER_KEY.to_owned()).boxed(),
            _ => {
                prop_oneof!["[ -~]{0,40}", "\\PC{0,300}", Just(format!("https://h/?q-signature={SIGNATURE}"))]
                    .boxed()
            }
        };
        (Just(name.to_owned()), value)
    })
}

fn fields() -> impl Strategy<Value = Fields> {
    let seen = prop::sample::select(vec![Seen::All, Seen::AllButCredentials, Seen::Some]);
    (prop::collection::vec(header(), 0..8), seen).prop_map(|(headers, seen)| {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                map.append(name, value);
            }
        }
        Fields { map, seen }
    })
}

fn code() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "AccessDenied",
            "AccessForbidden",
            "InvalidAccessKeyId",
            "InvalidObjectState",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "NoSuchKey",
            "NoSuchBucket",
            "InvalidArgument",
        ])
        .prop_map(str::to_owned),
        "[A-Za-z]{0,24}",
    ]
}

fn message() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "Access Denied.",
            "Request has expired",
            "You are denied by bucket referer rule",
            "InvalidObjectState",
            "Condition key key doesn't match the value x",
            "The Signature you specified is invalid.",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,600}",
        Just(format!("q-ak={SECRET_ID}&q-signature={SIGNATURE}&x-cos-security-token={TOKEN}")),
    ]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let error = (code(), message(), "\\PC{0,200}", any::<bool>()).prop_map(|(code, message, resource, tabs)| {
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let (tab, end) = if tabs { ("\t", "\n") } else { ("", "") };
        format!(
            "<?xml version='1.0' encoding='utf-8' ?>\n<Error>{end}{tab}<Code>{}</Code>{end}{tab}<Message>{}</Message>{end}{tab}\
             <Resource>{}</Resource>{end}{tab}<FormatString>get\n/a\nx-cos-security-token={TOKEN}\nhost=h\n</FormatString>{end}\
             {tab}<RequestId>NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=</RequestId>{end}</Error>",
            escape(&code),
            escape(&message),
            escape(&resource),
        )
        .into_bytes()
    });
    prop_oneof![4 => error, 1 => prop::collection::vec(any::<u8>(), 0..400), 1 => Just(Vec::new())]
}

fn target() -> impl Strategy<Value = String> {
    prop_oneof![
        "/[ -~]{0,60}",
        "/\\PC{0,200}",
        Just(format!("/a?q-ak={SECRET_ID}&q-signature={SIGNATURE}&x-cos-security-token={TOKEN}")),
        Just(format!("/a?sign={}", authorization().replace('&', "%26").replace('=', "%3D"))),
    ]
}

fn form() -> impl Strategy<Value = Vec<(String, String)>> {
    let field = prop_oneof![
        ("[a-zA-Z-]{0,12}", "\\PC{0,40}"),
        Just(("q-signature".to_owned(), SIGNATURE.to_owned())),
        Just(("x-cos-security-token".to_owned(), TOKEN.to_owned())),
        Just(("key".to_owned(), "a'; touch /tmp/x; '".to_owned())),
    ];
    prop::collection::vec(field, 0..5)
}

fn exchange() -> impl Strategy<Value = Exchange> {
    let host = prop_oneof![Just(exchanges::HOST.to_owned()), "[a-z0-9.:-]{0,40}", "\\PC{0,20}"];
    let method = prop::sample::select(vec!["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "X"])
        .prop_map(str::to_owned);
    let request = (
        prop::option::of(method),
        prop::option::of(host.clone()),
        prop::option::of(target()),
        fields(),
        prop::option::of(form()),
    )
        .prop_map(|(method, host, target, headers, form)| RequestEvidence {
            method,
            scheme: Some("https".into()),
            host,
            target,
            headers,
            form,
        });
    let response = (prop::option::of(100_u16..600), fields(), prop::option::of(body()))
        .prop_map(|(status, headers, body)| ResponseEvidence { status, headers, body: body.map(Into::into) });
    let signing = prop::option::of(prop::sample::select(ProxySigning::ALL.to_vec()));
    let named = || prop::option::of("[a-z0-9-]{0,30}");
    let parts =
        (prop::option::of(host), prop::option::of(target()), signing, any::<bool>(), named(), named());
    let proxy =
        parts.prop_map(|(host_sent, target_sent, signing, copies_from_own_address, bucket, region)| {
            ProxyEvidence {
                host_sent,
                target_sent,
                signing,
                copies_from_own_address,
                bucket,
                region,
                recent: None,
            }
        });
    let proxy = prop::option::of(proxy);
    (request, response, prop::option::of(message()), proxy).prop_map(
        |(request, response, client_text, proxy)| Exchange {
            request,
            response,
            client_text,
            proxy,
            lasted: None,
            told: None,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::default())]

    #[test]
    fn the_header_is_a_structured_field_that_says_the_same(exchange in exchange()) {
        let diagnosis = ENGINE.diagnose(&exchange, exchanges::id());
        let value = diagnosis.header_value();
        prop_assert!(value.len() <= 512, "{} bytes", value.len());
        let item: sfv::Item = sfv::Parser::new(value.as_bytes()).parse().unwrap();
        prop_assert_eq!(item.bare_item.as_token().unwrap().as_str(), &*diagnosis.cause);
        let param = |name: &str| item.params.get(name).unwrap().clone();
        let confidence = param("confidence");
        prop_assert_eq!(confidence.as_token().unwrap().as_str(), diagnosis.confidence.as_str());
        let id = param("id");
        prop_assert_eq!(id.as_string().unwrap().as_str(), diagnosis.id.to_string());
        let summary = param("summary");
        let summary = summary.as_string().unwrap().as_str();
        prop_assert!(summary.len() <= 200);
        let said = percent_encoding::percent_decode_str(summary).decode_utf8().unwrap().into_owned();
        let start = said.strip_suffix("...").unwrap_or(&said);
        prop_assert!(diagnosis.summary.starts_with(start), "{} / {}", diagnosis.summary, said);
    }

    #[test]
    fn an_annotated_body_keeps_every_other_byte(exchange in exchange()) {
        let diagnosis = ENGINE.diagnose(&exchange, exchanges::id());
        for language in [Language::En, Language::Zh] {
            let body = exchange.response.body.clone().unwrap_or_default();
            let Some(annotated) = xml::annotate(&body, &diagnosis.explanation(language)) else { continue };
            let text = String::from_utf8(annotated).unwrap();
            let (before, rest) = text.split_once("<Diagnosis>").unwrap();
            let (json, after) = rest.split_once("</Diagnosis>").unwrap();
            prop_assert!(json.len() <= 4096, "{} bytes", json.len());
            prop_assert!(!json.contains(['<', '>', '&', '\n']));
            let value: serde_json::Value = serde_json::from_str(json).unwrap();
            prop_assert_eq!(value["diagnosis"]["cause"].as_str(), Some(&*diagnosis.cause));
            let kept = match before.strip_suffix('\t') {
                Some(before) => format!("{before}{}", after.strip_prefix('\n').unwrap()),
                None => format!("{before}{after}"),
            };
            prop_assert_eq!(kept.as_bytes(), &*body);
            let mut reader = quick_xml::Reader::from_str(&text);
            while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        }
    }

    #[test]
    fn no_report_holds_a_secret(exchange in exchange()) {
        let diagnosis = ENGINE.diagnose(&exchange, exchanges::id());
        let mut outputs = vec![diagnosis.header_value().to_str().unwrap().to_owned(), diagnosis.summary.clone()];
        for language in [Language::En, Language::Zh] {
            let explanation = diagnosis.explanation(language);
            outputs.push(String::from_utf8(problem::json(&explanation)).unwrap());
            outputs.push(text::render(&explanation, text::Style { color: true, language }));
            let body = exchange.response.body.clone().unwrap_or_default();
            if let Some(annotated) = xml::annotate(&body, &explanation) {
                let text = String::from_utf8(annotated).unwrap();
                outputs.push(text.split_once("<Diagnosis>").unwrap().1.split_once("</Diagnosis>").unwrap().0.to_owned());
            }
        }
        for output in outputs {
            for secret in [SIGNATURE, TOKEN, CUSTOMER_KEY, COOKIE, SECRET_ID] {
                prop_assert!(!output.contains(secret), "{} in {}", secret, output);
            }
        }
    }

    #[test]
    fn a_condition_is_refused_or_compiled_but_never_panics(when in "\\PC{0,60}|[a-z.() \"'=&|!<>0-9\\[\\]]{0,60}") {
        if let Err(error) = Condition::new(&when) {
            prop_assert!(error.offset <= when.len() && !error.message.is_empty());
        }
    }
}
