//! What is put comes back.

use coswhy::cos::request_id;

use crate::client::{BUCKET, call, host, simulator};

#[tokio::test]
async fn an_object_is_put_read_and_deleted() {
    let sim = simulator().await;
    for key in [
        "/plain.txt",
        "/a%20b/%2Bc.txt",
        "/%E4%B8%AD%E6%96%87.txt",
        "/~%27()*.txt",
        "/a//b/../c",
        "/100%2525",
    ] {
        let put = call("PUT", BUCKET, key)
            .header("Content-Type", "text/plain")
            .body("hello")
            .owned()
            .send(sim.http)
            .await;
        assert_eq!((put.status, put.header("etag")), (200, "\"5d41402abc4b2a76b9719d911017c592\""), "{key}");
        let get = call("GET", BUCKET, key).owned().send(sim.http).await;
        assert_eq!((get.status, get.text().as_str()), (200, "hello"), "{key}");
        assert_eq!(get.header("content-type"), "text/plain");
        let head = call("HEAD", BUCKET, key).owned().send(sim.http).await;
        assert_eq!((head.status, head.header("content-length")), (200, "5"), "{key}");
        assert_eq!(call("DELETE", BUCKET, key).owned().send(sim.http).await.status, 204);
        let gone = call("GET", BUCKET, key).owned().send(sim.http).await;
        assert_eq!(gone.refusal().1, "NoSuchKey");
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_of_cos() {
    let sim = simulator().await;
    let reply = call("GET", &host("public"), "/hello.txt").send(sim.http).await;
    assert_eq!(reply.header("server"), "tencent-cos");
    let time = request_id::time(reply.header("x-cos-request-id")).unwrap();
    assert_eq!(coswhy::cos::time::parse_http_date(reply.header("date")), Some(time));
    assert!((sim.clock.now() - time).abs() <= 2);
}

#[tokio::test]
async fn an_error_body_is_indented_and_repeats_the_ids() {
    let sim = simulator().await;
    let reply = call("GET", BUCKET, "/a%20b").send(sim.http).await;
    assert!(reply.text().starts_with(
        "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>AccessDenied</Code>\n\t<Message>"
    ));
    let error = reply.error();
    assert_eq!(error.request_id.as_deref(), Some(reply.header("x-cos-request-id")));
    assert_eq!(error.trace_id.as_deref(), Some(reply.header("x-cos-trace-id")));
    assert_eq!(error.resource.as_deref(), Some(format!("{BUCKET}/a+b").as_str()));
    assert_eq!(reply.header("content-type"), "application/xml");
}

#[tokio::test]
async fn ranges_and_conditions() {
    let sim = simulator().await;
    let get =
        |name: &'static str, value: &str| call("GET", &host("public"), "/hello.txt").header(name, value);
    let part = get("Range", "bytes=0-3").send(sim.http).await;
    assert_eq!((part.status, part.text().as_str()), (206, "This"));
    assert_eq!(part.header("content-range"), "bytes 0-3/19");
    assert_eq!(get("Range", "bytes=-4").send(sim.http).await.text(), "xt.\n");
    assert_eq!(get("Range", "bytes=99-").send(sim.http).await.status, 416);
    let etag = part.header("etag").to_owned();
    assert_eq!(get("If-None-Match", &etag).send(sim.http).await.status, 304);
    assert_eq!(get("If-Match", "\"other\"").send(sim.http).await.refusal().1, "PreconditionFailed");
}

#[tokio::test]
async fn lists_have_folders_and_pages() {
    let sim = simulator().await;
    for key in ["/l/a/1", "/l/a/2", "/l/b", "/l/%E4%B8%AD%20%2B"] {
        call("PUT", BUCKET, key).body("x").owned().send(sim.http).await;
    }
    let list =
        async |query: &str| call("GET", BUCKET, &format!("/?{query}")).owned().send(sim.http).await.text();
    let whole = list("prefix=l%2F&delimiter=%2F").await;
    for part in [
        "<Key>l/b</Key>",
        "<Key>l/中 +</Key>",
        "<CommonPrefixes>\n\t\t<Prefix>l/a/</Prefix>",
        "<IsTruncated>false",
    ] {
        assert!(whole.contains(part), "{part} in {whole}");
    }
    assert!(list("prefix=l%2F&encoding-type=url").await.contains("<Key>l/%E4%B8%AD%20%2B</Key>"));
    let first = list("list-type=2&prefix=l%2F&max-keys=2").await;
    assert!(first.contains("<NextContinuationToken>l/a/2</NextContinuationToken>"), "{first}");
    let second = list("list-type=2&prefix=l%2F&max-keys=2&continuation-token=l%2Fa%2F2").await;
    assert!(second.contains("<KeyCount>2</KeyCount>") && second.contains("<IsTruncated>false"), "{second}");
}

#[tokio::test]
async fn copies_and_sub_resources() {
    let sim = simulator().await;
    let copy = call("PUT", BUCKET, "/copy.txt")
        .header("x-cos-copy-source", &format!("{}/hello.txt", host("public")))
        .owned()
        .send(sim.http)
        .await;
    assert!(copy.status == 200 && copy.text().contains("<CopyObjectResult>"), "{}", copy.text());
    assert_eq!(call("GET", BUCKET, "/copy.txt").owned().send(sim.http).await.text(), "This is hello.txt.\n");

    let acl =
        call("PUT", BUCKET, "/copy.txt?acl").header("x-cos-acl", "public-read").owned().send(sim.http).await;
    assert_eq!(acl.status, 200);
    assert_eq!(call("GET", BUCKET, "/copy.txt").send(sim.http).await.status, 200);
    assert!(call("GET", BUCKET, "/copy.txt?acl").owned().send(sim.http).await.text().contains("AllUsers"));
    assert!(call("GET", BUCKET, "/?cors").owned().send(sim.http).await.text().contains("<CORSRule>"));
    assert_eq!(call("GET", BUCKET, "/?lifecycle").owned().send(sim.http).await.refusal().0, 404);
    assert!(
        call("GET", "service.cos.myqcloud.com", "/")
            .owned()
            .send(sim.http)
            .await
            .text()
            .contains("<Name>examplebucket-1250000000</Name>")
    );
}

#[tokio::test]
async fn a_restored_object_can_be_read_later() {
    let sim = simulator().await;
    let restore = || {
        call("POST", BUCKET, "/archived.bin?restore")
            .body("<RestoreRequest><Days>1</Days></RestoreRequest>")
            .owned()
    };
    assert_eq!(
        call("GET", BUCKET, "/archived.bin").owned().send(sim.http).await.refusal().1,
        "InvalidObjectState"
    );
    assert_eq!(restore().send(sim.http).await.status, 202);
    assert_eq!(restore().send(sim.http).await.refusal().1, "RestoreAlreadyInProgress");
    let head = call("HEAD", BUCKET, "/archived.bin").owned().send(sim.http).await;
    assert_eq!(head.header("x-cos-restore"), "ongoing-request=\"true\"");
    sim.clock.set_offset(120);
    assert_eq!(call("GET", BUCKET, "/archived.bin").owned().send(sim.http).await.status, 200);
}
