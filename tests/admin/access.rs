//! The Host check and the token.

use coswhy::config::Secret;
use coswhy::config::settings::{Admin, MetricsAccess};

use super::listener::Listener;

const GUARDED: [&str; 6] =
    ["/rules", "/metrics", "/diagnoses", "/diagnoses/01JDK0000000000000000000AB", "/groups", "/events"];
/// What the page is made of: it asks for the token, so it needs none itself.
const PAGE: [&str; 3] = ["/", "/inspector/main.js", "/openapi.json"];
const FOR_ALL: [&str; 2] = ["/healthz", "/readyz"];

#[tokio::test]
async fn a_page_whose_name_was_rebound_reads_nothing() {
    let listener = Listener::start().await;
    let port = listener.address.port();
    for host in [
        "Host: evil.example\r\n".to_owned(),
        format!("Host: evil.example:{port}\r\n"),
        format!("Host: localhost.evil.example:{port}\r\n"),
        format!("Host: localhost:{port}\r\nHost: localhost:{port}\r\n"),
        "Host: \r\n".to_owned(),
        String::new(),
    ] {
        for target in GUARDED.into_iter().chain(PAGE) {
            let answer = listener.ask("GET", target, &host).await;
            answer.assert_problem(421);
        }
        for target in FOR_ALL {
            assert_eq!(listener.ask("GET", target, &host).await.status, 200, "{target} {host}");
        }
    }
    let host = format!("Host: localhost:{port}\r\n");
    listener.ask("GET", "http://evil.example/diagnoses", &host).await.assert_problem(421);
}

#[tokio::test]
async fn its_own_names_lead_in() {
    let settings = Admin { public_url: Some("https://Why.Example.com/".into()), ..Admin::default() };
    let listener = Listener::with(settings).await;
    let port = listener.address.port();
    for host in [
        format!("localhost:{port}"),
        format!("127.0.0.1:{port}"),
        format!("[::1]:{port}"),
        "LocalHost".into(),
        "why.example.com".into(),
    ] {
        let answer = listener.ask("GET", "/diagnoses", &format!("Host: {host}\r\n")).await;
        assert_eq!(answer.status, 200, "{host}");
    }
}

fn with_token(metrics: MetricsAccess) -> Admin {
    Admin { token: Some(Secret::new("open sesame".into())), metrics, ..Admin::default() }
}

#[tokio::test]
async fn a_token_is_asked_for_where_one_is_set() {
    let listener = Listener::with(with_token(MetricsAccess::Token)).await;
    let host = format!("Host: {}\r\n", listener.address);
    let with = |value: &str| format!("{host}Authorization: {value}\r\n");
    for target in GUARDED.into_iter().chain(["/nothing"]) {
        for fields in
            [host.clone(), with("Bearer open"), with("open sesame"), with("Basic open sesame"), with("")]
        {
            let answer = listener.ask("GET", target, &fields).await;
            answer.assert_problem(401);
            assert_eq!(answer.field("www-authenticate"), Some("Bearer realm=\"coswhy\""));
        }
    }
    listener.send("/explain", "", b"x").await.assert_problem(401);
    listener.send("/explain", "Authorization: Bearer open sesame\r\n", b"x").await.assert_problem(422);
    for target in ["/", "/metrics", "/diagnoses"] {
        for value in ["Bearer open sesame", "bearer open sesame"] {
            assert_eq!(listener.ask("GET", target, &with(value)).await.status, 200, "{target}");
        }
    }
    for target in FOR_ALL {
        assert_eq!(listener.ask("GET", target, "").await.status, 200);
    }
    for target in PAGE {
        assert_eq!(listener.ask("GET", target, &host).await.status, 200);
    }
}

#[tokio::test]
async fn a_token_does_not_excuse_a_strange_host() {
    let listener = Listener::with(with_token(MetricsAccess::Open)).await;
    let fields = "Host: evil.example\r\nAuthorization: Bearer open sesame\r\n";
    listener.ask("GET", "/diagnoses", fields).await.assert_problem(421);
    listener.ask("GET", "/metrics", fields).await.assert_problem(421);
}

#[tokio::test]
async fn open_metrics_need_no_token() {
    let listener = Listener::with(with_token(MetricsAccess::Open)).await;
    assert_eq!(listener.get("/metrics").await.status, 200);
    assert_eq!(listener.get("/diagnoses").await.status, 401);
}
