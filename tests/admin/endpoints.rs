//! Health, metrics, methods, and what every answer carries.

use super::listener::Listener;

#[tokio::test]
async fn readiness_ends_when_draining_begins_and_health_does_not() {
    let listener = Listener::start().await;
    assert_eq!(listener.get("/healthz").await.status, 200);
    assert_eq!(listener.get("/readyz").await.status, 200);
    listener.drain();
    assert_eq!(listener.get("/healthz").await.status, 200);
    assert_eq!(listener.get("/readyz").await.status, 503);
}

#[tokio::test]
async fn metrics_are_openmetrics_text() {
    let listener = Listener::start().await;
    listener.refuse("b-1250000000", "k");
    let answer = listener.get("/metrics").await;
    assert_eq!(answer.status, 200);
    assert!(answer.field("content-type").unwrap().starts_with("application/openmetrics-text"));
    assert!(answer.body.contains("coswhy_diagnoses_total{cause="), "{}", answer.body);
}

#[tokio::test]
async fn who_reads_only_the_older_text_gets_that() {
    let listener = Listener::start().await;
    let both = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
    for (accept, kind) in [
        ("text/plain;version=0.0.4", "text/plain; version=0.0.4; charset=utf-8"),
        (both, "application/openmetrics-text; version=1.0.0; charset=utf-8"),
        ("*/*", "application/openmetrics-text; version=1.0.0; charset=utf-8"),
    ] {
        let fields = format!("Host: {}\r\nAccept: {accept}\r\n", listener.address);
        let answer = listener.ask("GET", "/metrics", &fields).await;
        assert_eq!(answer.field("content-type"), Some(kind), "{accept}");
        assert_eq!(answer.body.ends_with("# EOF\n"), kind.starts_with("application"), "{accept}");
        assert!(answer.body.contains("coswhy_in_flight 0"), "{}", answer.body);
    }
}

#[tokio::test]
async fn every_answer_forbids_storing_and_guessing() {
    let listener = Listener::start().await;
    for target in ["/", "/healthz", "/readyz", "/metrics", "/diagnoses", "/diagnoses/x", "/nothing"] {
        let answer = listener.get(target).await;
        assert_eq!(answer.field("cache-control"), Some("no-store"), "{target}");
        assert_eq!(answer.field("x-content-type-options"), Some("nosniff"), "{target}");
        assert_eq!(answer.field("access-control-allow-origin"), None, "{target}");
    }
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let listener = Listener::start().await;
    let host = format!("Host: {}\r\n", listener.address);
    let id = listener.refuse("b-1250000000", "k");
    let one = format!("/diagnoses/{id}");
    for target in [
        "/",
        "/healthz",
        "/readyz",
        "/metrics",
        "/diagnoses",
        &one,
        "/groups",
        "/rules",
        "/openapi.json",
        "/inspector/main.js",
        "/explain",
        "/nothing",
        "/diagnoses?colour=red",
    ] {
        let (get, head) = (listener.get(target).await, listener.ask("HEAD", target, &host).await);
        assert_eq!(head.status, get.status, "{target}");
        // Each scrape has figures of its own.
        if target != "/metrics" {
            assert_eq!(head.field("content-length"), get.field("content-length"), "{target}");
        }
        assert_eq!(head.field("content-type"), get.field("content-type"), "{target}");
        assert_eq!(head.body, "", "{target}");
    }
    assert_eq!(listener.ask("HEAD", "/events", &host).await.status, 200);
}

#[tokio::test]
async fn other_methods_and_paths_are_refused() {
    let listener = Listener::start().await;
    let host = format!("Host: {}\r\n", listener.address);
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let answer = listener.ask(method, "/diagnoses", &host).await;
        answer.assert_problem(405);
        assert_eq!(answer.field("allow"), Some("GET, HEAD"));
    }
    for target in ["/nothing", "/diagnoses/", "/healthz/", "/Diagnoses", "//"] {
        listener.get(target).await.assert_problem(404);
    }
}

#[tokio::test]
async fn the_root_lists_what_there_is() {
    let listener = Listener::start().await;
    let answer = listener.get("/").await;
    for endpoint in ["/healthz", "/readyz", "/metrics", "/diagnoses", "/events"] {
        assert!(answer.body.contains(endpoint), "{}", answer.body);
    }
}

#[tokio::test]
async fn it_stops_when_told_to() {
    let mut listener = Listener::start().await;
    let idle = listener.connect().await;
    listener.stop.take().unwrap().send(()).unwrap();
    tokio::time::timeout(super::listener::PATIENCE, &mut listener.served).await.unwrap().unwrap();
    drop(idle);
    assert!(tokio::net::TcpStream::connect(listener.address).await.is_err());
}
