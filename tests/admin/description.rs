//! `/openapi.json` says what there is. (That each answer is as it says, Schemathesis tests: tests/admin_api.)

use std::collections::BTreeSet;

use serde_json::Value;

use super::listener::Listener;

async fn described(listener: &Listener) -> Value {
    listener.get("/openapi.json").await.json()
}

fn paths(description: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = description["paths"].as_object().unwrap();
    paths.iter().map(|(path, item)| (path.replace("{id}", "ID").replace("{file}", "main.js"), item))
}

#[tokio::test]
async fn it_is_of_this_version_and_of_every_endpoint() {
    let listener = Listener::start().await;
    let description = described(&listener).await;
    assert_eq!(description["info"]["version"], env!("CARGO_PKG_VERSION"));
    let list = listener.get("/").await.body;
    let listed: BTreeSet<String> = list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|word| word.starts_with('/'))
        .map(str::to_owned)
        .collect();
    let described: BTreeSet<String> =
        paths(&description).map(|(path, _)| path).filter(|path| path != "/inspector/main.js").collect();
    assert_eq!(described, listed);
}

#[tokio::test]
async fn the_methods_are_those_that_there_are() {
    let listener = Listener::start().await;
    let host = format!("Host: {}\r\n", listener.address);
    for (path, item) in paths(&described(&listener).await) {
        let refused = listener.ask("PATCH", &path, &host).await;
        refused.assert_problem(405);
        let allowed: Vec<String> =
            refused.field("allow").unwrap().split(", ").map(str::to_lowercase).collect();
        let described: Vec<&str> = item.as_object().unwrap().keys().map(String::as_str).collect();
        let allowed: Vec<_> = allowed.iter().map(String::as_str).filter(|method| *method != "head").collect();
        assert_eq!(described, allowed, "{path}");
    }
}

#[tokio::test]
async fn the_parameters_are_those_that_are_understood() {
    let listener = Listener::start().await;
    let description = described(&listener).await;
    for (path, item) in paths(&description) {
        let (method, operation) = item.as_object().unwrap().iter().next().unwrap();
        let references = operation["parameters"].as_array().into_iter().flatten();
        let parameters = references.map(|parameter| {
            let pointer = parameter["$ref"].as_str().unwrap().trim_start_matches('#');
            description.pointer(pointer).unwrap()
        });
        let names: Vec<&str> = parameters
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        if names.is_empty() {
            continue;
        }
        let host = format!("Host: {}\r\n", listener.address);
        let refused = listener.ask(&method.to_uppercase(), &format!("{path}?nonsense=1"), &host).await;
        refused.assert_problem(400);
        assert_eq!(
            refused.json()["detail"],
            format!("The parameters here are {}.", names.join(", ")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn who_has_it_already_need_not_take_it_again() {
    let listener = Listener::start().await;
    let first = listener.get("/openapi.json").await;
    let tag = first.field("etag").unwrap();
    let fields = format!("Host: {}\r\nIf-None-Match: {tag}\r\n", listener.address);
    let again = listener.ask("GET", "/openapi.json", &fields).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
}
