//! `/groups`.

use std::time::{Duration, Instant};

use coswhy::config::settings::Admin;
use serde_json::Value;

use super::listener::Listener;

fn buckets(page: &Value) -> Vec<&str> {
    page["groups"].as_array().unwrap().iter().map(|group| group["bucket"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn nothing_failed_is_an_empty_list() {
    let listener = Listener::start().await;
    assert_eq!(listener.get("/groups").await.json(), serde_json::json!({"groups": [], "next": null}));
}

#[tokio::test]
async fn each_failure_is_counted_and_the_one_that_came_last_is_first() {
    let listener = Listener::start().await;
    let mut newest = None;
    for bucket in ["a-1250000000", "b-1250000000", "a-1250000000", "a-1250000000"] {
        newest = Some(listener.refuse(bucket, "k"));
    }
    let page = listener.get("/groups").await.json();
    assert_eq!(buckets(&page), ["a-1250000000", "b-1250000000"]);
    let group = &page["groups"][0];
    assert_eq!((&group["count"], &group["kept"]), (&3.into(), &3.into()));
    assert_eq!(group["newest"], newest.unwrap().to_string());
    assert_eq!((&group["method"], &group["status"]), (&"GET".into(), &403.into()));
    let instant = |name: &str| group[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(instant("first_seen") <= instant("last_seen"));
    let counts = group["timeline"]["counts"].as_array().unwrap();
    assert_eq!(counts.len(), 60);
    assert_eq!(counts.iter().map(|count| count.as_u64().unwrap()).sum::<u64>(), 3);
    assert_eq!(group["timeline"]["step_seconds"], 60);
    assert!(group["timeline"]["from"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    assert_eq!(group["rate_per_minute"], 0.6);
    for text in ["fingerprint", "cause", "title", "confidence", "summary"] {
        assert!(group[text].as_str().is_some_and(|text| !text.is_empty()), "{text} in {group}");
    }
}

#[tokio::test]
async fn filters_and_pages() {
    let listener = Listener::start().await;
    for bucket in ["a-1250000000", "b-1250000000", "c-1250000000"] {
        listener.refuse(bucket, "k");
    }
    let first = listener.get("/groups?limit=2").await.json();
    assert_eq!(buckets(&first), ["c-1250000000", "b-1250000000"]);
    let next = first["next"].as_str().unwrap();
    // One that comes again goes to the front; the pages that follow do not show another twice.
    listener.refuse("b-1250000000", "k");
    let second = listener.get(&format!("/groups?limit=2&next={next}")).await.json();
    assert_eq!(buckets(&second), ["a-1250000000"]);
    assert!(second["next"].is_null());
    let one = listener.get("/groups?bucket=b-1250000000&since=1h").await.json();
    assert_eq!(buckets(&one), ["b-1250000000"]);
    for none in ["cause=other", "key_id=AKIDabcdefghijklwxyz", "since=9000-01-01T00:00:00Z"] {
        assert!(buckets(&listener.get(&format!("/groups?{none}")).await.json()).is_empty(), "{none}");
    }
    for query in ["group=fingerprint", "limit=0", "next=x", "colour=red"] {
        listener.get(&format!("/groups?{query}")).await.assert_problem(400);
    }
}

#[tokio::test]
async fn ten_thousand_failures_do_not_slow_the_list() {
    let listener = Listener::with(Admin { ring: 10_000, ..Admin::default() }).await;
    for number in 0..10_000 {
        listener.refuse(&format!("b{}-1250000000", number % 300), "k");
    }
    let began = Instant::now();
    let page = listener.get("/groups?limit=1000").await.json();
    let took = began.elapsed();
    assert_eq!(page["groups"].as_array().unwrap().len(), 300);
    assert_eq!(page["groups"][0]["kept"], 34);
    println!("listed in {took:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
}
