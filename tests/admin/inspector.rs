//! The page's files, as they are sent; `tests/browser` looks at what becomes of them.

use std::path::Path;

use super::listener::Listener;

/// The files' names, the page's own without.
fn files() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/admin/inspector");
    let names =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name != "index.html").collect()
}

#[tokio::test]
async fn every_file_is_in_the_binary_and_sent_as_what_it_is() {
    let listener = Listener::start().await;
    assert!(files().len() > 20);
    for name in files() {
        let answer = listener.get(&format!("/inspector/{name}")).await;
        assert_eq!(answer.status, 200, "{name} is not in src/admin/inspector.rs");
        let expected = match name.rsplit_once('.').unwrap().1 {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!(answer.field("content-type"), Some(expected), "{name}");
        assert!(answer.field("content-security-policy").unwrap().contains("default-src 'none'"));
    }
    for wrong in ["/inspector", "/inspector/", "/inspector/index.html", "/inspector/../inspector.rs"] {
        listener.get(wrong).await.assert_problem(404);
    }
}

#[tokio::test]
async fn browsers_get_the_page_and_tools_the_list() {
    let listener = Listener::start().await;
    let host = format!("Host: {}\r\n", listener.address);
    let browser = format!("{host}Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n");
    let page = listener.ask("GET", "/", &browser).await;
    assert_eq!(page.field("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.field("vary"), Some("Accept"));
    assert!(page.body.starts_with("<!doctype html>"), "{}", page.body);
    assert!(!page.body.contains("{proxy}"));
    let head = listener.ask("HEAD", "/", &browser).await;
    assert_eq!(head.field("content-length"), page.field("content-length"));
    let list = listener.ask("GET", "/", &format!("{host}Accept: */*\r\n")).await;
    assert_eq!(list.field("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(list.field("vary"), Some("Accept"));
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let listener = Listener::start().await;
    let first = listener.get("/inspector/main.js").await;
    let tag = first.field("etag").unwrap();
    let fields = format!("Host: {}\r\nIf-None-Match: {tag}\r\n", listener.address);
    let again = listener.ask("GET", "/inspector/main.js", &fields).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(again.field("etag"), Some(tag));
    assert_eq!(listener.ask("GET", "/inspector/list.js", &fields).await.status, 200);
}
