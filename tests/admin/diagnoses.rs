//! `/diagnoses` and `/diagnoses/ID`.

use coswhy::config::settings::Admin;

use super::listener::Listener;

const FIELDS: [&str; 13] = [
    "id",
    "timestamp",
    "cause",
    "title",
    "confidence",
    "summary",
    "method",
    "bucket",
    "region",
    "key",
    "status",
    "fingerprint",
    "count",
];

fn keys(page: &serde_json::Value) -> Vec<String> {
    page["diagnoses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["key"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn an_empty_ring_is_an_empty_list() {
    let listener = Listener::start().await;
    let answer = listener.get("/diagnoses").await;
    assert_eq!(answer.field("content-type"), Some("application/json"));
    assert_eq!(answer.json(), serde_json::json!({"diagnoses": [], "next": null}));
}

#[tokio::test]
async fn each_has_the_fields_of_the_contract() {
    let listener = Listener::start().await;
    let id = listener.refuse("b-1250000000", "a\"b\n中");
    let page = listener.get("/diagnoses").await.json();
    let item = page["diagnoses"][0].as_object().unwrap();
    let mut found: Vec<_> = item.keys().map(String::as_str).collect();
    let mut expected = FIELDS.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(item["id"], id.to_string());
    assert_eq!(item["bucket"], "b-1250000000");
    assert_eq!(item["key"], "a\"b\n中");
    assert_eq!(item["status"], 403);
    assert!(item["timestamp"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
}

#[tokio::test]
async fn what_comes_again_is_counted_and_shown_once_where_that_is_asked_for() {
    let listener = Listener::start().await;
    for bucket in ["a-1250000000", "b-1250000000", "a-1250000000", "a-1250000000"] {
        listener.refuse(bucket, "k");
    }
    let counts = |page: &serde_json::Value| -> Vec<(String, u64)> {
        let items = page["diagnoses"].as_array().unwrap().iter();
        items
            .map(|item| (item["bucket"].as_str().unwrap().to_owned(), item["count"].as_u64().unwrap()))
            .collect()
    };
    let (a, b) = ("a-1250000000".to_owned(), "b-1250000000".to_owned());
    let all = listener.get("/diagnoses").await.json();
    assert_eq!(counts(&all), [(a.clone(), 3), (a.clone(), 2), (b.clone(), 1), (a.clone(), 1)]);
    let grouped = listener.get("/diagnoses?group=fingerprint").await.json();
    assert_eq!(counts(&grouped), [(a.clone(), 3), (b.clone(), 1)]);
    let first = listener.get("/diagnoses?group=fingerprint&limit=1").await.json();
    let next = first["next"].as_str().unwrap();
    let rest = listener.get(&format!("/diagnoses?group=fingerprint&limit=1&next={next}")).await.json();
    assert_eq!((counts(&first), counts(&rest)), (vec![(a.clone(), 3)], vec![(b, 1)]));
    let fingerprint = all["diagnoses"][0]["fingerprint"].as_str().unwrap();
    let one = listener.get(&format!("/diagnoses?fingerprint={fingerprint}")).await.json();
    assert_eq!(counts(&one), [(a.clone(), 3), (a.clone(), 2), (a, 1)]);
}

#[tokio::test]
async fn pages_go_from_new_to_old() {
    let listener = Listener::start().await;
    for i in 0..5 {
        listener.refuse("b-1250000000", &i.to_string());
    }
    let first = listener.get("/diagnoses?limit=2").await.json();
    assert_eq!(keys(&first), ["4", "3"]);
    let next = first["next"].as_str().unwrap();
    // A newcomer does not shift the pages that follow.
    listener.refuse("b-1250000000", "5");
    let second = listener.get(&format!("/diagnoses?limit=2&next={next}")).await.json();
    assert_eq!(keys(&second), ["2", "1"]);
    let next = second["next"].as_str().unwrap();
    let third = listener.get(&format!("/diagnoses?limit=2&next={next}")).await.json();
    assert_eq!(keys(&third), ["0"]);
    assert!(third["next"].is_null());
}

#[tokio::test]
async fn filters_select() {
    let listener = Listener::start().await;
    listener.refuse("a-1250000000", "1");
    listener.refuse("b-1250000000", "2");
    let count = async |query: &str| {
        let page = listener.get(&format!("/diagnoses?{query}")).await.json();
        page["diagnoses"].as_array().unwrap().len()
    };
    assert_eq!(count("bucket=a-1250000000").await, 1);
    assert_eq!(count("bucket=c-1250000000").await, 0);
    assert_eq!(count("cause=no-such-cause").await, 0);
    assert_eq!(count("key_id=AKIDabcdefghijklwxyz").await, 0);
    assert_eq!(count("since=1h").await, 2);
    assert_eq!(count("since=2026-01-01T00:00:00Z").await, 2);
    assert_eq!(count("since=9000-01-01T00:00:00Z").await, 0);
    assert_eq!(count("bucket=&cause=").await, 2);
}

#[tokio::test]
async fn a_query_that_is_not_understood_is_refused() {
    let listener = Listener::start().await;
    for query in
        ["limit=0", "limit=many", "since=yesterday", "next=%00", "lang=de", "colour=red", "cause=a&cause=b"]
    {
        listener.get(&format!("/diagnoses?{query}")).await.assert_problem(400);
    }
}

#[tokio::test]
async fn one_is_found_by_its_id_until_it_is_forgotten() {
    let listener = Listener::with(Admin { ring: 2, ..Admin::default() }).await;
    let old = listener.refuse("b-1250000000", "1");
    let whole = listener.get(&format!("/diagnoses/{old}")).await;
    assert_eq!(whole.status, 200);
    assert_eq!(whole.field("content-type"), Some("application/json"));
    let explanation = whole.json();
    assert_eq!(explanation["instance"], format!("urn:ulid:{old}"));
    for part in
        ["type", "title", "detail", "diagnosis", "cos", "request", "exchange", "fingerprint", "timestamp"]
    {
        assert!(explanation.get(part).is_some(), "{part}");
    }
    listener.refuse("b-1250000000", "2");
    listener.refuse("b-1250000000", "3");
    listener.get(&format!("/diagnoses/{old}")).await.assert_problem(404);
    for id in ["x", "..", "01JDK", "01JDK0000000000000000000AB", "%00"] {
        listener.get(&format!("/diagnoses/{id}")).await.assert_problem(404);
    }
}

#[tokio::test]
async fn the_exchange_is_shown_without_its_secrets() {
    let listener = Listener::start().await;
    let id = listener.refuse_signed("s3cret");
    let whole = listener.get(&format!("/diagnoses/{id}")).await;
    assert!(!whole.body.contains("s3cret"), "{}", whole.body);
    let whole = whole.json();
    assert_eq!(whole["count"], 1);
    assert_eq!(whole["fingerprint"].as_str().unwrap().len(), 16);
    let exchange = &whole["exchange"];
    assert_eq!(exchange["client"], "192.0.2.17:51234");
    let request = &exchange["request"];
    assert_eq!(request["method"], "GET");
    assert_eq!(request["target"], "/a.jpg?x-cos-security-token=REDACTED");
    assert_eq!(request["version"], "HTTP/1.1");
    assert_eq!(
        request["headers"][0],
        serde_json::json!(["host", "b-1250000000.cos.ap-beijing.myqcloud.com"])
    );
    assert_eq!(request["headers"][1], serde_json::json!(["cookie", "REDACTED"]));
    let response = &exchange["response"];
    assert_eq!((&response["status"], &response["body_truncated"]), (&403.into(), &true.into()));
    let body = response["body"].as_str().unwrap();
    assert!(body.starts_with("<Error><Code>AccessDenied</Code>") && body.len() < 9000, "{}", body.len());
    let received: jiff::Timestamp = exchange["times"]["received"].as_str().unwrap().parse().unwrap();
    let ended: jiff::Timestamp = whole["timestamp"].as_str().unwrap().parse().unwrap();
    assert_eq!(ended.duration_since(received).as_millis(), 1500);
    assert_eq!(
        (&exchange["times"]["upstream_ms"], &exchange["times"]["duration_ms"]),
        (&12.345.into(), &1500.0.into())
    );
}

#[tokio::test]
async fn the_explanation_comes_in_the_language_that_is_asked_for() {
    let listener = Listener::start().await;
    let id = listener.refuse_signed("s3cret");
    let title = async |target: &str, at: &str| {
        let answer = listener.get(target).await.json();
        answer.pointer(at).unwrap().as_str().unwrap().to_owned()
    };
    let is_chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..'\u{9fff}').contains(&letter));
    for (target, at) in [
        (format!("/diagnoses/{id}?"), "/title"),
        (format!("/diagnoses/{id}?"), "/diagnosis/summary"),
        ("/diagnoses?".into(), "/diagnoses/0/title"),
        ("/diagnoses?".into(), "/diagnoses/0/summary"),
        ("/groups?".into(), "/groups/0/title"),
        ("/groups?".into(), "/groups/0/summary"),
    ] {
        let (plain, en) = (title(&target, at).await, title(&format!("{target}lang=en"), at).await);
        assert_eq!(plain, en, "{target} {at}");
        assert!(!is_chinese(&en), "{target} {at}: {en}");
        let zh = title(&format!("{target}lang=zh"), at).await;
        assert!(is_chinese(&zh), "{target} {at}: {zh}");
    }
    listener.get(&format!("/diagnoses/{id}?lang=fr")).await.assert_problem(400);
    listener.get(&format!("/diagnoses/{id}?limit=1")).await.assert_problem(400);
}
