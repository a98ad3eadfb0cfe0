//! What a refusal costs, from its head and body to the finished header and JSON; and its parts by themselves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::hint::black_box;

use coswhy::config::settings::{Key, Language};
use coswhy::config::{Keys, Secret};
use coswhy::cos::auth::Auth;
use coswhy::cos::error::ErrorBody;
use coswhy::cos::signature::{self, VerifyInput};
use coswhy::diagnosis::facts::Facts;
use coswhy::diagnosis::report::{problem, xml};
use coswhy::diagnosis::{Engine, Exchange, Fields, RequestEvidence, ResponseEvidence};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use http::{HeaderMap, HeaderName, HeaderValue};
use ulid::Ulid;

/// The server's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const HOST: &str = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";
/// Its first field is 2019-04-09T03:39:20Z.
const REQUEST_ID: &str = "NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=";
const NOW: i64 = 1_554_781_160;
const SECRET_ID: &str = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE";
const SECRET_KEY: &str = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE";

/// How a request of the bench is signed.
#[derive(Clone, Copy)]
enum Signed {
    No,
    /// From an hour ago to this many seconds from now.
    Until(i64),
}

/// Cause, status, code, message, signature: as COS sends them.
const REFUSALS: &[(&str, u16, &str, &str, Signed)] = &[
    ("anonymous-access-denied", 403, "AccessDenied", "Access Denied.", Signed::No),
    ("permission-denied", 403, "AccessDenied", "Access Denied.", Signed::Until(600)),
    (
        "cors-not-allowed",
        403,
        "AccessForbidden",
        "CORSResponse: This CORS request is not allowed.",
        Signed::No,
    ),
    ("referer-denied", 403, "AccessDenied", "You are denied by bucket referer rule", Signed::No),
    (
        "secret-id-unknown",
        403,
        "InvalidAccessKeyId",
        "The Access Key Id you provided does not exist in our records",
        Signed::Until(600),
    ),
    (
        "object-archived",
        403,
        "InvalidObjectState",
        "The operation is not valid for the object storage class.",
        Signed::Until(600),
    ),
    (
        "clock-skew",
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the server's time is too large.",
        Signed::Until(9_000),
    ),
    ("signature-expired", 403, "AccessDenied", "Request has expired", Signed::Until(-1_830)),
    (
        "signature-mismatch",
        403,
        "SignatureDoesNotMatch",
        "The Signature you specified is invalid.",
        Signed::Until(600),
    ),
    (
        "path-style-forbidden",
        403,
        "PathStyleDomainForbidden",
        "The bucket you are attempting to access must be addressed using COS virtual-styled domain.",
        Signed::Until(600),
    ),
    (
        "account-in-arrears",
        451,
        "UnavailableForLegalReasons",
        "Due to your account is arrears, it is unavailable until you recharge.",
        Signed::Until(600),
    ),
];

fn fields(list: &[(&str, &str)]) -> HeaderMap {
    let parse = |(name, value): &(&str, &str)| {
        (HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap())
    };
    list.iter().map(parse).collect()
}

fn body(code: &str, message: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>{code}</Code>\n\t<Message>{message}</Message>\n\
         \t<Resource>{HOST}/photos/a b.jpg</Resource>\n\t<RequestId>{REQUEST_ID}</RequestId>\n\
         \t<TraceId>OGVmYzZiMmQzYjA2OWNhODk0NTRkMTBiOWVmMDAxODc0OWRkZjk0ZDM1NmI1M2E2MTRlY2MzZDhmNmI5MWI1OTBjYzE2Mj\
         AxN2M1MzJiOTdkZjMxMDVlYTZjN2FiMmI0ZTQ5NDBkM2E0YWE0OWQ0ZDMxMzc2YzhhNGE4ODk1MjM=</TraceId>\n</Error>\n"
    )
}

fn exchange(status: u16, code: &str, message: &str, signed: Signed) -> Exchange {
    let mut sent =
        fields(&[("host", HOST), ("user-agent", "cos-go-sdk-v5/0.7.75"), ("accept-encoding", "gzip")]);
    if let Signed::Until(end) = signed {
        let time = format!("{};{}", NOW - 3600, NOW + end);
        let value = signature::authorization(SECRET_ID, &time, ("host", ""), &"c6cc5131".repeat(5));
        sent.insert("authorization", HeaderValue::try_from(value).unwrap());
    }
    let received = fields(&[
        ("content-type", "application/xml"),
        ("date", "Tue, 09 Apr 2019 03:39:20 GMT"),
        ("server", "tencent-cos"),
        ("x-cos-request-id", REQUEST_ID),
    ]);
    Exchange {
        request: RequestEvidence {
            method: Some("GET".into()),
            scheme: Some("https".into()),
            host: Some(HOST.into()),
            target: Some("/photos/a%20b.jpg".into()),
            headers: Fields::all(sent),
            form: None,
        },
        response: ResponseEvidence {
            status: Some(status),
            headers: Fields::all(received),
            body: Some(body(code, message).into()),
        },
        ..Exchange::default()
    }
}

/// What the proxy does with a refusal, but for reading and writing: the header, and the body with the explanation.
fn whole(c: &mut Criterion) {
    let engine = Engine::builtin().unwrap();
    let mut group = c.benchmark_group("diagnose");
    for (cause, status, code, message, signed) in REFUSALS {
        let exchange = exchange(*status, code, message, *signed);
        let found = engine.diagnose(&exchange, Ulid::nil());
        assert_eq!(&*found.cause, *cause, "the bench measures another cause than it says");
        group.bench_function(*cause, |b| {
            b.iter(|| {
                let exchange = black_box(&exchange);
                let diagnosis = engine.diagnose(exchange, Ulid::nil());
                let header = diagnosis.header_value();
                let body = exchange.response.body.as_deref().unwrap();
                (header, xml::annotate(body, &diagnosis.explanation(Language::En)))
            });
        });
    }
    group.finish();
    let mut group = c.benchmark_group("diagnose, as JSON");
    for (cause, status, code, message, signed) in REFUSALS {
        let exchange = exchange(*status, code, message, *signed);
        group.bench_function(*cause, |b| {
            b.iter(|| {
                let diagnosis = engine.diagnose(black_box(&exchange), Ulid::nil());
                (diagnosis.header_value(), problem::json(&diagnosis.explanation(Language::En)))
            });
        });
    }
    group.finish();
}

/// A signature that differs: COS's string held against the request, and what was signed tried with the key.
fn forensics(c: &mut Criterion) {
    let engine = Engine::builtin().unwrap();
    let secret_key = Some(Secret::new(SECRET_KEY.into()));
    let held = Keys::new(&[Key { secret_id: SECRET_ID.into(), secret_key, ..Key::default() }]).unwrap();
    let long = format!("{HOST}/{}", "p".repeat(6000));
    let mut group = c.benchmark_group("forensics");
    for (name, keys, resource) in [
        ("FormatString compared", &Keys::default(), HOST),
        ("tried in vain", &held, HOST),
        ("tried in vain, 6 KB", &held, long.as_str()),
    ] {
        let mut exchange = exchange(
            403,
            "SignatureDoesNotMatch",
            "The Signature you specified is invalid.",
            Signed::Until(600),
        );
        let path = resource.strip_prefix(HOST).unwrap_or_default();
        exchange.request.target = Some(format!("/photos/a%20b.jpg{path}?partNumber=1&uploadId=a%2Fb"));
        let computed = format!("<FormatString>get\n/photos/a b.jpg{path}\n\nhost={HOST}\n</FormatString>");
        let told = body("SignatureDoesNotMatch", "The Signature you specified is invalid.")
            .replace("</Error>", &format!("{computed}</Error>"));
        exchange.response.body = Some(told.into());
        let found = engine.diagnose_with(&exchange, keys, Ulid::nil());
        assert_eq!(&*found.cause, "signature-secret-wrong", "the bench measures another cause than it says");
        group.bench_function(name, |b| {
            b.iter(|| {
                let exchange = black_box(&exchange);
                let diagnosis = engine.diagnose_with(exchange, keys, Ulid::nil());
                let body = exchange.response.body.as_deref().unwrap();
                (diagnosis.header_value(), xml::annotate(body, &diagnosis.explanation(Language::En)))
            });
        });
    }
    group.finish();
}

/// Every condition of the catalogue that could apply, over facts that are there.
fn rules(c: &mut Criterion) {
    let engine = Engine::builtin().unwrap();
    let mut group = c.benchmark_group("rules");
    for (cause, status, code, message, signed) in REFUSALS {
        let exchange = exchange(*status, code, message, *signed);
        let facts = Facts::of(&exchange);
        group.bench_function(*cause, |b| b.iter(|| engine.conclude(black_box(&facts))));
    }
    group.finish();
}

fn parts(c: &mut Criterion) {
    let text = body("AccessDenied", "Access Denied.");
    c.bench_function("parse/error body", |b| b.iter(|| ErrorBody::parse(black_box(text.as_bytes()))));

    let exchange = exchange(403, "AccessDenied", "Access Denied.", Signed::Until(600));
    c.bench_function("facts", |b| {
        b.iter_batched(|| exchange.clone(), |exchange| Facts::of(&exchange), BatchSize::SmallInput);
    });

    let engine = Engine::builtin().unwrap();
    let diagnosis = engine.diagnose(&exchange, Ulid::nil());
    c.bench_function("load the rules", |b| b.iter(|| Engine::builtin().unwrap()));
    c.bench_function("diagnose alone", |b| b.iter(|| engine.diagnose(black_box(&exchange), Ulid::nil())));
    c.bench_function("header", |b| b.iter(|| black_box(&diagnosis).header_value()));
    c.bench_function("explanation", |b| b.iter(|| black_box(&diagnosis).explanation(Language::En)));
    let explanation = diagnosis.explanation(Language::En);
    c.bench_function("json", |b| b.iter(|| problem::json(black_box(&explanation))));
    c.bench_function("xml", |b| {
        b.iter(|| xml::annotate(black_box(text.as_bytes()), black_box(&explanation)));
    });

    let headers = exchange.request.headers.map;
    let auth = Auth::from_request(&headers, None, None);
    let input = VerifyInput {
        method: "GET",
        target: "/photos/a%20b.jpg",
        headers: &headers,
        host: None,
        auth: &auth,
    };
    c.bench_function("verify/q-sign", |b| b.iter(|| signature::verify(black_box(&input), SECRET_KEY)));
}

criterion_group!(benches, whole, forensics, rules, parts);
criterion_main!(benches);
