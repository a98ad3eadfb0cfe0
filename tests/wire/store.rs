//! `store.path`: diagnoses outlive the process, whatever becomes of it or of the file.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::harness::{DENIED, Directory, Proxy, Upstream, get, refusal, within};

const PATIENCE: Duration = Duration::from_secs(10);

/// A file of the store, and COS that refuses everything.
struct World {
    directory: Directory,
    upstream: Upstream,
}

impl World {
    fn new() -> Self {
        Self { directory: Directory::new(), upstream: Upstream::answering(refusal(DENIED)) }
    }

    fn path(&self) -> PathBuf {
        self.directory.path("diagnoses.redb")
    }

    fn proxy(&self, settings: &str) -> Proxy {
        Proxy::before(&self.upstream, &format!("store.path = \"{}\"\n{settings}", self.path().display()))
    }

    /// The files that were set aside.
    fn aside(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path().parent().unwrap()).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.filter(|path| path.to_string_lossy().contains("diagnoses.redb.damaged")).collect()
    }
}

fn ask(proxy: &Proxy, path: &str) -> Value {
    serde_json::from_str(&proxy.ask_admin(path).unwrap().text()).unwrap()
}

/// All ids, newest first, a page of `limit` at a time.
fn ids(proxy: &Proxy, limit: usize) -> Vec<String> {
    let (mut found, mut next) = (Vec::new(), String::new());
    loop {
        let page = ask(proxy, &format!("/diagnoses?limit={limit}&next={next}"));
        found.extend(page["diagnoses"].as_array().unwrap().iter().map(|item| text(&item["id"])));
        match page["next"].as_str() {
            Some(more) => next = more.to_owned(),
            None => return found,
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Refused requests; returns the ids of their diagnoses, newest first.
fn refuse(proxy: &Proxy, count: usize) -> Vec<String> {
    let mut found: Vec<_> = (0..count)
        .map(|n| {
            let header = proxy.exchange(get(&format!("/{n}"), "")).get("x-cos-diagnosis").unwrap().to_owned();
            header.split("id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
        })
        .collect();
    found.reverse();
    found
}

fn metric(proxy: &Proxy, name: &str) -> Option<u64> {
    let text = proxy.ask_admin("/metrics").unwrap().text();
    text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

fn stored(proxy: &Proxy, count: u64) -> bool {
    within(PATIENCE, || metric(proxy, "coswhy_store_diagnoses") == Some(count))
}

#[test]
fn a_killed_process_leaves_what_it_had_written() {
    let world = World::new();
    let proxy = world.proxy("");
    let before = refuse(&proxy, 20);
    let first = ask(&proxy, &format!("/diagnoses/{}", before[19]));
    assert!(stored(&proxy, 20));
    // Dropping it kills it, as kill -9 does.
    drop(proxy);
    let proxy = world.proxy("");
    assert_eq!(ids(&proxy, 7), before);
    for lang in ["en", "zh"] {
        let whole = ask(&proxy, &format!("/diagnoses/{}?lang={lang}", before[19]));
        assert_eq!(whole["exchange"], first["exchange"]);
        assert_eq!(whole["title"] == first["title"], lang == "en", "{whole}");
    }
    assert_eq!(ask(&proxy, &format!("/diagnoses/{}", before[19])), first);
    let group = |proxy: &Proxy| ask(proxy, "/groups")["groups"][0].clone();
    assert_eq!(group(&proxy)["count"], 20);
    let first_seen = group(&proxy)["first_seen"].clone();
    let mut all = refuse(&proxy, 3);
    all.extend(before);
    assert_eq!(ids(&proxy, 7), all);
    assert_eq!((&group(&proxy)["count"], &group(&proxy)["first_seen"]), (&23.into(), &first_seen));
    assert_eq!(fs::metadata(world.path()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_process_that_is_told_to_end_writes_everything_first() {
    let world = World::new();
    let mut proxy = world.proxy("");
    let before = refuse(&proxy, 5);
    proxy.terminate();
    assert!(proxy.wait(PATIENCE).is_some_and(|status| status.success()));
    assert_eq!(ids(&world.proxy(""), 100), before);
}

#[test]
fn pages_go_on_into_what_the_ring_does_not_hold() {
    let world = World::new();
    let proxy = world.proxy("admin.ring = 5\n");
    let all = refuse(&proxy, 30);
    assert!(stored(&proxy, 30));
    assert_eq!(ids(&proxy, 4), all);
    assert_eq!(
        text(&ask(&proxy, &format!("/diagnoses/{}", all[29]))["instance"]),
        format!("urn:ulid:{}", all[29])
    );
    drop(proxy);
    let proxy = world.proxy("admin.ring = 5\n");
    assert_eq!(ids(&proxy, 100), all);
    assert_eq!(ids(&proxy, 1), all);
}

#[test]
fn what_is_too_old_is_taken_out() {
    let world = World::new();
    let proxy = world.proxy("admin.ring = 1\nstore.max_age = \"2s\"\n");
    let old = refuse(&proxy, 5);
    assert!(stored(&proxy, 5));
    std::thread::sleep(Duration::from_secs(2));
    let new = refuse(&proxy, 1);
    assert!(stored(&proxy, 1), "{old:?}");
    assert_eq!(ids(&proxy, 100), new);
}

/// Each way in which the file can be no store. It is set aside, and the proxy serves and keeps.
#[test]
fn a_damaged_file_is_set_aside_and_a_new_one_begun() {
    let whole = {
        let world = World::new();
        let proxy = world.proxy("");
        // Three commits: of two, redb goes back to the one before where the last is damaged.
        for count in 1..=3 {
            refuse(&proxy, 15);
            assert!(stored(&proxy, 15 * count));
        }
        drop(proxy);
        fs::read(world.path()).unwrap()
    };
    let garbage: Vec<u8> = (0..100_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let mut flipped = whole.clone();
    // In the middle of the pages that are used; the header stays.
    let used = flipped.iter().rposition(|byte| *byte != 0).unwrap();
    flipped[used / 8..used].iter_mut().step_by(97).for_each(|byte| *byte ^= 0x55);
    let mut header = whole.clone();
    header[..64].fill(0xff);
    let damaged = [
        ("garbage", garbage),
        ("text", b"not a database\n".to_vec()),
        ("truncated", whole[..whole.len() / 2].to_vec()),
        ("cut off in its header", whole[..100].to_vec()),
        ("flipped", flipped),
        ("header", header),
    ];
    for (name, bytes) in damaged {
        let world = World::new();
        fs::write(world.path(), &bytes).unwrap();
        let proxy = world.proxy("");
        let aside = world.aside();
        assert_eq!(aside.len(), 1, "{name}: {}", proxy.directory.read("log"));
        assert_eq!(fs::read(&aside[0]).unwrap().len(), bytes.len(), "{name}");
        let log = proxy.directory.read("log");
        let line = log.lines().find(|line| line.contains("is damaged")).unwrap();
        let (old, new) = (world.path(), &aside[0]);
        assert!(line.contains("\"WARN\"") && names(line, &old) && names(line, new), "{name}: {line}");
        refuse(&proxy, 2);
        assert!(stored(&proxy, 2), "{name}");
        drop(proxy);
        fs::write(world.path(), "damaged again").unwrap();
        drop(world.proxy(""));
        assert_eq!(fs::read(&aside[0]).unwrap(), b"damaged again", "{name}: the last alone is kept");
        assert_eq!(world.aside().len(), 1, "{name}");
    }
}

fn names(line: &str, path: &Path) -> bool {
    line.contains(&path.display().to_string())
}

#[test]
fn an_empty_file_is_a_new_one() {
    let world = World::new();
    fs::write(world.path(), "").unwrap();
    let proxy = world.proxy("");
    refuse(&proxy, 1);
    assert!(stored(&proxy, 1));
    assert!(world.aside().is_empty());
}

#[test]
fn a_second_process_serves_and_takes_the_file_over() {
    let world = World::new();
    let first = world.proxy("");
    let before = refuse(&first, 3);
    assert!(stored(&first, 3));
    let second = world.proxy("");
    let log = second.directory.read("log");
    assert!(log.contains("another process is using it"), "{log}");
    let meanwhile = refuse(&second, 2);
    assert_eq!(ids(&second, 100), meanwhile);
    drop(first);
    assert!(stored(&second, 5), "{}", second.directory.read("log"));
    assert_eq!(ids(&second, 2), [meanwhile, before].concat());
    assert!(world.aside().is_empty());
}

#[test]
fn a_directory_that_is_not_there_is_a_mistake_in_the_settings() {
    let mut proxy =
        Proxy::spawn(([127, 0, 0, 1], 0).into(), "store.path = \"/no/such/directory/diagnoses.redb\"\n");
    assert_eq!(proxy.wait(PATIENCE).and_then(|status| status.code()), Some(2));
    assert!(proxy.errors().contains("store.path") && proxy.errors().contains("/no/such/directory"));
}

#[test]
fn no_secret_reaches_the_file() {
    let world = World::new();
    let proxy = world.proxy("");
    let secret = "5eC4e7".repeat(7);
    let pairs = format!(
        "q-sign-algorithm=sha1&q-ak=AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q&q-sign-time=1;2&q-key-time=1;2\
         &q-header-list=host&q-url-param-list=&q-signature={secret}"
    );
    let fields =
        format!("Authorization: {pairs}\r\nx-cos-security-token: {secret}\r\nCookie: a={secret}\r\n");
    proxy.exchange(get(&format!("/a?sign={secret}"), &fields));
    assert!(stored(&proxy, 1));
    drop(proxy);
    let proxy = world.proxy("");
    let whole = proxy.ask_admin(&format!("/diagnoses/{}", ids(&proxy, 1)[0])).unwrap().text();
    assert!(whole.contains("AKIDQjz3…") && !whole.contains(&secret), "{whole}");
    drop(proxy);
    let file = fs::read(world.path()).unwrap();
    assert!(file.windows(7).any(|window| window == b"AKIDQjz"), "the masked key is there");
    for hidden in [secret.as_bytes(), b"AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q"] {
        assert!(!file.windows(hidden.len()).any(|window| window == hidden));
    }
}
