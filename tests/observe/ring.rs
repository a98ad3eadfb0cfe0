//! The ring of recent diagnoses.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use coswhy::config::settings::Language;
use coswhy::observe::log::Format;
use coswhy::observe::ring::Filter;
use coswhy::observe::{Observer, Record};
use ulid::Ulid;

use super::sinks::{observer, refusal, success};

fn full() -> (Observer, Vec<Ulid>) {
    // Holds 100.
    let observer = observer(io::sink(), Format::Json);
    let ids: Vec<Ulid> = (0..250_u32)
        .map(|i| {
            let id = Ulid::generate();
            let bucket = if i % 2 == 0 { "even-1250000000" } else { "odd-1250000000" };
            observer.record(Record { bucket: Some(bucket.into()), ..refusal(id) });
            observer.record(success());
            id
        })
        .collect();
    (observer, ids)
}

#[test]
fn the_newest_come_first_and_the_oldest_are_forgotten() {
    let (observer, ids) = full();
    let (page, more) = observer.ring().page(&Filter::default(), None, 1000);
    let found: Vec<_> = page.iter().map(|entry| entry.id).collect();
    let expected: Vec<_> = ids.iter().rev().take(100).copied().collect();
    assert_eq!(found, expected);
    assert!(!more);
    assert!(observer.ring().get(ids[249]).is_some());
    assert!(observer.ring().get(ids[150]).is_some());
    assert!(observer.ring().get(ids[149]).is_none());
}

#[test]
fn pages_join_without_gap_or_overlap_while_new_ones_come() {
    let (observer, ids) = full();
    let filter = Filter { bucket: Some("even-1250000000".into()), ..Filter::default() };
    let (mut before, mut found) = (None, Vec::new());
    loop {
        let (page, more) = observer.ring().page(&filter, before, 7);
        before = page.last().map(|entry| entry.number);
        found.extend(page.iter().map(|entry| entry.id));
        if !more {
            break;
        }
        if found.len() == 14 {
            observer.record(refusal(Ulid::generate()));
        }
    }
    let mut expected: Vec<_> = ids.iter().step_by(2).rev().take(50).copied().collect();
    // The newcomer pushed the oldest one out.
    expected.truncate(found.len());
    assert_eq!(found, expected);
    assert!(found.len() >= 49);
}

#[test]
fn since_leaves_out_what_is_older() {
    let (observer, _) = full();
    let count =
        |since| observer.ring().page(&Filter { since: Some(since), ..Filter::default() }, None, 1000).0.len();
    assert_eq!(count(SystemTime::now() - Duration::from_secs(3600)), 100);
    assert_eq!(count(SystemTime::now() + Duration::from_secs(3600)), 0);
}

#[test]
fn subscribers_get_what_comes_in_its_order() {
    let (observer, _) = full();
    let mut news = observer.ring().subscribe();
    let ids = [Ulid::generate(), Ulid::generate()];
    ids.into_iter().for_each(|id| observer.record(refusal(id)));
    assert_eq!(news.try_recv().unwrap().id, ids[0]);
    assert_eq!(news.try_recv().unwrap().id, ids[1]);
    assert!(news.try_recv().is_err());
}

#[test]
fn an_entry_knows_who_signed_and_the_whole_explanation() {
    let observer = observer(io::sink(), Format::Json);
    let id = Ulid::generate();
    observer.record(refusal(id));
    let entry = observer.ring().get(id).unwrap();
    assert_eq!(entry.key_id.as_deref(), Some("AKIDabcd…wxyz"));
    let explanation: serde_json::Value = serde_json::from_slice(&entry.whole(None).unwrap()).unwrap();
    assert_eq!(explanation["instance"], format!("urn:ulid:{id}"));
    assert_eq!(explanation["type"], "urn:coswhy:cause:signature-expired");
    let by_key = |key_id: &str| Filter { key_id: Some(key_id.into()), ..Filter::default() };
    assert_eq!(observer.ring().page(&by_key("AKIDabcd…wxyz"), None, 10).0.len(), 1);
    assert_eq!(observer.ring().page(&by_key("AKIDother…wxyz"), None, 10).0.len(), 0);
}

#[test]
fn the_same_failure_has_the_same_fingerprint() {
    let observer = observer(io::sink(), Format::Json);
    observer.record(refusal(Ulid::generate()));
    observer.record(refusal(Ulid::generate()));
    observer.record(Record { bucket: Some("other-1250000000".into()), ..refusal(Ulid::generate()) });
    let (page, _) = observer.ring().page(&Filter::default(), None, 10);
    assert_eq!(page[1].failure.fingerprint, page[2].failure.fingerprint);
    assert_eq!(page.iter().map(|entry| entry.failure.count).collect::<Vec<_>>(), [1, 2, 1]);
    assert_ne!(page[0].failure.fingerprint, page[1].failure.fingerprint);
}

#[test]
fn the_ring_is_bounded_in_bytes_too() {
    let observer = observer(io::sink(), Format::Json);
    for _ in 0..100 {
        observer.record(Record { key: Some("k".repeat(60_000)), ..refusal(Ulid::generate()) });
    }
    // 100 entries of 24 KiB on average.
    let (page, _) = observer.ring().page(&Filter::default(), None, 1000);
    assert!((25..=40).contains(&page.len()), "{}", page.len());
}

#[test]
fn a_flood_leaves_the_newest_of_every_other_failure() {
    let observer = observer(io::sink(), Format::Json);
    let of = |bucket: &str| Record { bucket: Some(bucket.into()), ..refusal(Ulid::generate()) };
    let rare: Vec<Ulid> = ["a-1250000000", "a-1250000000", "b-1250000000"]
        .into_iter()
        .map(|bucket| {
            let record = of(bucket);
            let id = record.request_id;
            observer.record(record);
            id
        })
        .collect();
    for _ in 0..300 {
        observer.record(of("flood-1250000000"));
    }
    let ring = observer.ring();
    assert!(ring.get(rare[0]).is_none());
    assert!(ring.get(rare[1]).is_some() && ring.get(rare[2]).is_some());
    let (page, more) = ring.page(&Filter::default(), None, 1000);
    assert_eq!((page.len(), more), (102, false));
    assert_eq!([page[100].id, page[101].id], [rare[2], rare[1]]);
    let (groups, _) = ring.groups(&Filter::default(), None, 1000);
    let counts: Vec<_> = groups.iter().map(|group| (group.count, group.kept)).collect();
    assert_eq!(counts, [(300, 100), (1, 1), (2, 1)]);
    observer.record(of("a-1250000000"));
    assert!(ring.get(rare[1]).is_none(), "a newer one of its kind is kept");
    let (groups, _) = ring.groups(&Filter::default(), None, 1);
    assert_eq!((groups[0].count, groups[0].kept), (3, 1));
}

#[test]
fn rare_failures_have_half_of_the_room_at_most() {
    let observer = observer(io::sink(), Format::Json);
    for number in 0..200 {
        let bucket = format!("b{number}-1250000000");
        observer.record(Record {
            bucket: Some(bucket),
            key: Some("k".repeat(30_000)),
            ..refusal(Ulid::generate())
        });
    }
    let (page, _) = observer.ring().page(&Filter::default(), None, 1000);
    assert!((45..=75).contains(&page.len()), "{}", page.len());
    let newest: Vec<_> = page.iter().map(|entry| entry.number).collect();
    assert!(newest.windows(2).all(|pair| pair[0] == pair[1] + 1), "{newest:?}");
}

#[test]
fn forgotten_failures_are_counted_from_one_again() {
    let observer = observer(io::sink(), Format::Json);
    // Explained once: there are many.
    let diagnosis = refusal(Ulid::generate()).diagnosis.unwrap();
    let explanation = Arc::new(diagnosis.explanation(Language::En));
    let of = |bucket: String| Record {
        bucket: Some(bucket),
        diagnosis: Some(Arc::clone(&diagnosis)),
        explanation: Some(Arc::clone(&explanation)),
        ..success()
    };
    let count = || observer.ring().page(&Filter::default(), None, 1).0[0].failure.count;
    observer.record(of("first-1250000000".into()));
    for number in 0..4095 {
        observer.record(of(format!("b{number}-1250000000")));
    }
    observer.record(of("first-1250000000".into()));
    assert!(count() <= 2);
    for number in 0..4200 {
        observer.record(of(format!("c{number}-1250000000")));
    }
    observer.record(of("first-1250000000".into()));
    assert_eq!(count(), 1);
    assert!(observer.ring().groups(&Filter::default(), None, 10_000).0.len() <= 4096);
}
