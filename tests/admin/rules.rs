//! `/rules`.

use super::listener::Listener;

#[tokio::test]
async fn every_rule_is_listed_with_its_page() {
    let listener = Listener::start().await;
    let list = listener.get("/rules").await.json();
    let rules = list["rules"].as_array().unwrap();
    assert!(rules.len() > 50, "{}", rules.len());
    let rule = rules.iter().find(|rule| rule["id"] == "signature-expired").unwrap();
    assert_eq!(rule["cause"], "signature-expired");
    assert_eq!((&rule["confidence"], &rule["source"]), (&"certain".into(), &"built-in".into()));
    assert_eq!(rule["title"], "The signature has expired");
    for rule in rules {
        let page = rule["causes_page"].as_str().unwrap();
        assert!(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(page).exists(), "{page}");
    }
    let chinese = listener.get("/rules?lang=zh").await.json();
    assert!(!chinese["rules"][0]["title"].as_str().unwrap().is_ascii());
    listener.get("/rules?cause=x").await.assert_problem(400);
}
