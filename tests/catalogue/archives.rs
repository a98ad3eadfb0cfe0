//! How an archived object is restored: the commands name the right object and what its class allows.

use coswhy::config::settings::Language;
use coswhy::diagnosis::{Engine, Exchange, Fields, RequestEvidence, ResponseEvidence, Seen};
use ulid::Ulid;

use crate::cases::{HOST, error_body, fields};

/// Everything there is to paste, for an answer with these fields to a request with those.
fn pasted(sent: &[&str], answer: &[&str]) -> Vec<String> {
    let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let exchange = Exchange {
        request: RequestEvidence {
            method: Some(if sent.is_empty() { "GET" } else { "PUT" }.to_owned()),
            scheme: Some("https".to_owned()),
            host: Some(HOST.to_owned()),
            target: Some("/tapes/it's%20%E4%B8%AD.tar".to_owned()),
            headers: fields(&owned(sent), Seen::All),
            form: None,
        },
        response: ResponseEvidence {
            status: Some(403),
            headers: if answer.is_empty() { Fields::default() } else { fields(&owned(answer), Seen::All) },
            body: Some(error_body("InvalidObjectState", None, "").into()),
        },
        ..Exchange::default()
    };
    let found = Engine::builtin().unwrap().diagnose(&exchange, Ulid::nil()).explanation(Language::En);
    let fixes = found.diagnosis.fixes.into_iter();
    fixes.flat_map(|fix| [fix.command, fix.document].into_iter().flatten()).collect()
}

const BY_COS: &str = "x-cos-request-id: NWNhYzEzZThfNGQ5ZTU4NjRfNmFhNV83YTZjOGY=";

#[test]
fn a_shell_reads_every_command_as_it_is_meant() {
    let all = pasted(&[], &[BY_COS, "x-cos-storage-class: ARCHIVE"]);
    assert_eq!(all.len(), 6, "{all:#?}");
    for command in all.iter().filter(|text| !text.starts_with('<')) {
        let run = std::process::Command::new("bash").args(["-n", "-c", command]).output().unwrap();
        assert!(run.status.success() && run.stderr.is_empty(), "{command}");
    }
    let whole = all.join("\n");
    assert!(whole.contains(r"cos://'photos-1250000000'/'tapes/it'\''s 中.tar' -d 7 -m Expedited"), "{whole}");
    assert!(
        whole.contains(
            "photos-1250000000'.cos.'ap-guangzhou'.myqcloud.com'/tapes/it%27s%20%E4%B8%AD.tar''?restore='"
        ),
        "{whole}"
    );
}

#[test]
fn of_a_copy_the_source_is_restored() {
    let source = "x-cos-copy-source: archive-1250000001.cos.ap-beijing.myqcloud.com/2019/a%20b.tar";
    let whole = pasted(&[source], &[]).join("\n");
    assert!(
        whole.contains("cos://'archive-1250000001'/'2019/a b.tar' -d 7 -m Standard -e cos.'ap-beijing'"),
        "{whole}"
    );
    assert!(!whole.contains("photos-1250000000"), "{whole}");
}

#[test]
fn each_class_is_restored_in_its_own_way() {
    let deep = pasted(&[], &[BY_COS, "x-cos-storage-class: DEEP_ARCHIVE"]).join("\n");
    assert!(deep.contains("Standard") && !deep.contains("Expedited"), "{deep}");
    let tiered = pasted(&[], &[BY_COS, "x-cos-storage-class: INTELLIGENT_TIERING"]);
    let documents: Vec<&String> = tiered.iter().filter(|text| text.starts_with('<')).collect();
    assert!(documents.len() == 1 && !documents[0].contains("<Days>"), "{documents:#?}");
    let running =
        pasted(&[], &[BY_COS, "x-cos-storage-class: ARCHIVE", "x-cos-restore: ongoing-request=\"true\""]);
    assert!(running[0].starts_with("coscli stat"), "{running:#?}");
}
