//! Settings from environment variables.

use coswhy::config::settings::LogFormat;
use insta::assert_snapshot;

use crate::{loaded, said};

#[test]
fn every_kind_of_value_is_read_by_its_settings_type() {
    let settings = loaded(
        "",
        &[
            ("COSWHY__LISTEN", "127.0.0.1:1"),
            ("COSWHY_RUNTIME__THREADS", "2"),
            ("COSWHY_ADMIN__TOKEN", "12345"),
            ("COSWHY_UPSTREAM__RESPONSE_TIMEOUT", "5s"),
            ("COSWHY_UPSTREAM__ALLOWED_BUCKETS__0", "photos-1250000000"),
            ("COSWHY_UPSTREAM__ALLOWED_BUCKETS__1", "*-1250000001"),
            ("COSWHY_DIAGNOSIS__STATUSES__0", "403"),
            ("COSWHY_FORWARD__VIA", "true"),
            ("COSWHY_LISTENER__MAX_HEAD", "16KiB"),
            ("COSWHY_LOG__FORMAT", "pretty"),
        ],
    )
    .settings;
    assert_eq!(settings.listen.port(), 1);
    assert_eq!(settings.runtime.threads, Some(2));
    assert!(settings.admin.token.unwrap().matches(b"12345"));
    assert_eq!(settings.upstream.response_timeout.0.as_secs(), 5);
    assert_eq!(settings.upstream.allowed_buckets.unwrap(), ["photos-1250000000", "*-1250000001"]);
    assert_eq!(settings.diagnosis.statuses, [403]);
    assert!(settings.forward.via);
    assert_eq!(settings.listener.max_head.0, 16 * 1024);
    assert_eq!(settings.log.format, LogFormat::Pretty);
}

#[test]
fn variables_without_a_double_underscore_are_left_alone() {
    let env = [
        ("COSWHY_LIVE_BUCKET", "x"),
        ("COSWHY", "x"),
        ("COSWHYX__A", "x"),
        ("PATH__X", "x"),
        ("RUST_LOG", "x"),
    ];
    assert_eq!(said("", &env), "ok\n");
}

#[test]
fn a_misspelt_variable_is_told_the_nearest() {
    assert_snapshot!(said("", &[("COSWHY_UPSTREM__URL", "http://x:1")]), @r#"COSWHY_UPSTREM__URL: no such setting; did you mean COSWHY_UPSTREAM__URL?"#);
    assert_snapshot!(said("", &[("COSWHY_UPSTREAM__url", "http://x:1")]), @r#"COSWHY_UPSTREAM__url: no such setting; did you mean COSWHY_UPSTREAM__URL?"#);
    assert_snapshot!(said("", &[("COSWHY__UPSTREAM__URL", "http://x:1")]), @r#"COSWHY__UPSTREAM__URL: no such setting; did you mean COSWHY_UPSTREAM__URL?"#);
    assert_snapshot!(said("", &[("COSWHY_UPSTREAM__ALLOWED_BUCKET__1", "x")]), @r#"COSWHY_UPSTREAM__ALLOWED_BUCKET__1: no such setting; did you mean COSWHY_UPSTREAM__ALLOWED_BUCKETS__1?"#);
    assert_snapshot!(said("", &[("COSWHY_WHATEVER__IT_IS", "x")]), @r#"COSWHY_WHATEVER__IT_IS: no such setting; `coswhy config show` lists all"#);
    assert_snapshot!(said("", &[("COSWHY_ODD\n__NAME", "x")]), @r#"COSWHY_ODD\n__NAME: no such setting; `coswhy config show` lists all"#);
}

#[test]
fn a_wrong_value_is_told_what_was_expected() {
    assert_snapshot!(said("", &[("COSWHY_UPSTREAM__RESPONSE_TIMEOUT", "5")]), @r#"COSWHY_UPSTREAM__RESPONSE_TIMEOUT: upstream.response_timeout: found "5", expected a length of time, such as 75s (a whole number and ms, s, m or h)"#);
    assert_snapshot!(said("", &[("COSWHY_RUNTIME__THREADS", "two")]), @r#"COSWHY_RUNTIME__THREADS: runtime.threads: found "two", expected a whole number from 1 to 1024"#);
    assert_snapshot!(said("", &[("COSWHY_FORWARD__VIA", "yes")]), @r#"COSWHY_FORWARD__VIA: forward.via: found "yes", expected true or false"#);
    assert_snapshot!(said("", &[("COSWHY_LOG__FORMAT", "text")]), @r#"COSWHY_LOG__FORMAT: log.format: found "text", expected json or pretty"#);
    assert_snapshot!(said("", &[("COSWHY_DIAGNOSIS__STATUSES__0", "40x")]), @r#"COSWHY_DIAGNOSIS__STATUSES__0: diagnosis.statuses[0]: found "40x", expected a whole number from 400 to 599"#);
    assert_snapshot!(said("", &[("COSWHY_UPSTREAM__URL", "")]), @r#"COSWHY_UPSTREAM__URL: upstream.url: empty: unset it, or give a text"#);
    assert_snapshot!(said("", &[("COSWHY_ADMIN__TOKEN", "")]), @r#"COSWHY_ADMIN__TOKEN: admin.token: empty: unset it, or give a text"#);
}

#[test]
fn lists_are_set_by_index_without_gaps() {
    assert_snapshot!(said("", &[("COSWHY_UPSTREAM__ALLOWED_BUCKETS", "a-1")]), @r#"COSWHY_UPSTREAM__ALLOWED_BUCKETS: upstream.allowed_buckets: a list is set an item a variable: COSWHY_UPSTREAM__ALLOWED_BUCKETS__0, COSWHY_UPSTREAM__ALLOWED_BUCKETS__1, each a text"#);
    assert_snapshot!(said("", &[("COSWHY_UPSTREAM__ALLOWED_BUCKETS__1", "a-1")]), @r#"COSWHY_UPSTREAM__ALLOWED_BUCKETS__1: upstream.allowed_buckets: items are counted from 0 without gaps, and there is no item 0"#);
    assert_snapshot!(said("", &[("COSWHY_UPSTREAM__ALLOWED_BUCKETS__X", "a-1")]), @r#"COSWHY_UPSTREAM__ALLOWED_BUCKETS__X: no such setting; did you mean COSWHY_UPSTREAM__ALLOWED_BUCKETS__0?"#);
    assert_snapshot!(said("", &[("COSWHY_UPSTREAM__URL__0", "http://x:1")]), @r#"COSWHY_UPSTREAM__URL__0: no such setting; did you mean COSWHY_UPSTREAM__URL?"#);
}
