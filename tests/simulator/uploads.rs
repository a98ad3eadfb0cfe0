//! Uploads in parts, and many deletions at once.

use crate::client::{BUCKET, call, simulator};

fn between<'a>(text: &'a str, name: &str) -> &'a str {
    text.split_once(&format!("<{name}>"))
        .and_then(|(_, rest)| rest.split_once("</"))
        .map(|(value, _)| value)
        .unwrap()
}

#[tokio::test]
async fn an_upload_in_parts_is_listed_completed_and_gone() {
    let sim = simulator().await;
    let begun = call("POST", BUCKET, "/big%20file?uploads").owned().send(sim.http).await.text();
    let id = between(&begun, "UploadId");
    let mut parts = String::new();
    for (number, data) in [(1, "one,"), (2, "two")] {
        let part = call("PUT", BUCKET, &format!("/big%20file?partNumber={number}&uploadId={id}"))
            .body(data)
            .owned()
            .send(sim.http)
            .await;
        parts +=
            &format!("<Part><PartNumber>{number}</PartNumber><ETag>{}</ETag></Part>", part.header("etag"));
    }
    let listed =
        call("GET", BUCKET, &format!("/big%20file?uploadId={id}")).owned().send(sim.http).await.text();
    assert_eq!(listed.matches("<Part>").count(), 2, "{listed}");
    assert!(call("GET", BUCKET, "/?uploads").owned().send(sim.http).await.text().contains(id));
    let complete =
        |body: String| call("POST", BUCKET, &format!("/big%20file?uploadId={id}")).body(body).owned();
    let wrong = complete("<C><Part><PartNumber>1</PartNumber><ETag>\"00\"</ETag></Part></C>".to_owned())
        .send(sim.http)
        .await;
    assert_eq!(wrong.refusal().1, "InvalidPart");
    let done =
        complete(format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>")).send(sim.http).await;
    assert!(
        done.status == 200 && done.text().contains("-2\"</ETag>") || done.text().contains("-2&quot;"),
        "{}",
        done.text()
    );
    assert_eq!(call("GET", BUCKET, "/big%20file").owned().send(sim.http).await.text(), "one,two");
    let gone = call("GET", BUCKET, &format!("/big%20file?uploadId={id}")).owned().send(sim.http).await;
    assert_eq!(gone.refusal().1, "NoSuchUpload");
}

#[tokio::test]
async fn many_are_deleted_at_once_if_the_md5_is_there() {
    let sim = simulator().await;
    let body = "<Delete><Object><Key>hello.txt</Key></Object><Object><Key>nothing</Key></Object></Delete>";
    let delete = || call("POST", BUCKET, "/?delete").body(body);
    assert_eq!(
        delete().owned().send(sim.http).await.refusal().2,
        "Missing required header for this request: Content-MD5"
    );
    let bad = delete().header("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==").owned().send(sim.http).await;
    assert_eq!(bad.refusal().1, "BadDigest");
    let good = delete().header("Content-MD5", "PBBufWX2xKHggzeDQlkz3g==").owned().send(sim.http).await;
    assert_eq!(good.text().matches("<Deleted>").count(), 2, "{}", good.text());
    assert_eq!(call("GET", BUCKET, "/hello.txt").owned().send(sim.http).await.status, 404);
}
