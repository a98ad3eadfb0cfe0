//! Each kind of mistake in a file, in the very words that an operator reads.

use insta::assert_snapshot;

use crate::said;

#[test]
fn a_misspelt_key_is_told_the_nearest() {
    assert_snapshot!(said("[upstream]\nrespons_timeout = \"5s\"\n", &[]), @r#"coswhy.toml:2:1: upstream.respons_timeout: no such setting; did you mean `upstream.response_timeout`?"#);
    assert_snapshot!(said("[upstream]\nresponse-timeout = \"5s\"\n", &[]), @r#"coswhy.toml:2:1: upstream.response-timeout: no such setting; did you mean `upstream.response_timeout`?"#);
    assert_snapshot!(said("lisen = \"127.0.0.1:1\"\n", &[]), @r#"coswhy.toml:1:1: lisen: no such setting; did you mean `listen`?"#);
}

#[test]
fn a_key_in_the_wrong_section_is_told_the_right_one() {
    assert_snapshot!(said("response_timeout = \"5s\"\n", &[]), @r#"coswhy.toml:1:1: response_timeout: no such setting; did you mean `upstream.response_timeout`?"#);
    assert_snapshot!(said("[listener]\ntoken = \"x\"\n", &[]), @r#"coswhy.toml:2:1: listener.token: no such setting; did you mean `admin.token`?"#);
}

#[test]
fn a_misspelt_section_is_named_once() {
    assert_snapshot!(said("[upstrem]\nurl = \"http://x:1\"\nmax_idle = 3\n", &[]), @r#"coswhy.toml:1:2: upstrem: no such setting; did you mean `upstream`?"#);
}

#[test]
fn a_name_near_nothing_is_sent_to_the_list() {
    assert_snapshot!(said("colour = \"blue\"\n[\"a.b\\n\"]\nc = 1\n", &[]), @r#"
coswhy.toml:1:1: colour: no such setting; `coswhy config show` lists all
coswhy.toml:2:2: "a.b\n": no such setting; `coswhy config show` lists all
"#);
}

#[test]
fn a_quoted_name_with_a_dot_is_no_section() {
    assert_snapshot!(said("\"upstream.url\" = \"http://x:1\"\n", &[]), @r#"coswhy.toml:1:1: "upstream.url": no such setting; did you mean `upstream.url`?"#);
}

#[test]
fn a_wrong_type_is_told_what_was_expected() {
    assert_snapshot!(said("[upstream]\nmax_idle = \"many\"\n", &[]), @r#"coswhy.toml:2:12: upstream.max_idle: found "many", expected a whole number from 0 to 100000"#);
    assert_snapshot!(said("[forward]\nvia = 1\n", &[]), @r#"coswhy.toml:2:7: forward.via: found the number 1, expected true or false"#);
    assert_snapshot!(said("[log]\nfile = true\n", &[]), @r#"coswhy.toml:2:8: log.file: found true, expected a text in quotes"#);
    assert_snapshot!(said("[diagnosis]\nstatuses = 403\n", &[]), @r#"coswhy.toml:2:12: diagnosis.statuses: found the number 403, expected a list of items in [ ], each a whole number from 400 to 599"#);
    assert_snapshot!(said("[diagnosis]\nstatuses = [403, \"404\"]\n", &[]), @r#"coswhy.toml:2:18: diagnosis.statuses[1]: found "404", expected a whole number from 400 to 599"#);
    assert_snapshot!(said("upstream = \"http://x:1\"\n", &[]), @r#"coswhy.toml:1:12: upstream: found "http://x:1", expected a section [upstream]"#);
    assert_snapshot!(said("[listen]\nport = 1\n", &[]), @r#"coswhy.toml:1:1: listen: found a table, expected an IP address and a port, such as "127.0.0.1:8080""#);
}

#[test]
fn a_wrong_unit_is_told_the_right_ones() {
    assert_snapshot!(said("[upstream]\nresponse_timeout = 5\n", &[]), @r#"coswhy.toml:2:20: upstream.response_timeout: found the number 5, expected a length of time, such as "75s" (a whole number and ms, s, m or h)"#);
    assert_snapshot!(said("[upstream]\nresponse_timeout = \"5 sec\"\n", &[]), @r#"coswhy.toml:2:20: upstream.response_timeout: found "5 sec", expected a length of time, such as "75s" (a whole number and ms, s, m or h)"#);
    assert_snapshot!(said("[listener]\nmax_head = \"64kb\"\n", &[]), @r#"coswhy.toml:2:12: listener.max_head: found "64kb", expected a size, such as "64KiB" (a whole number and B, KiB or MiB)"#);
    assert_snapshot!(said("[upstream]\nresponse_timeout = \"99999999999999999999h\"\n", &[]), @r#"coswhy.toml:2:20: upstream.response_timeout: found "99999999999999999999h", expected a length of time, such as "75s" (a whole number and ms, s, m or h)"#);
}

#[test]
fn a_number_out_of_range_is_told_the_range() {
    assert_snapshot!(said("[runtime]\nthreads = 0\n", &[]), @r#"coswhy.toml:2:11: runtime.threads: found the number 0, expected a whole number from 1 to 1024"#);
    assert_snapshot!(said("[diagnosis]\nstatuses = [200]\n", &[]), @r#"coswhy.toml:2:13: diagnosis.statuses[0]: found the number 200, expected a whole number from 400 to 599"#);
    assert_snapshot!(said("[upstream]\nmax_idle = -1\n", &[]), @r#"coswhy.toml:2:12: upstream.max_idle: found the number -1, expected a whole number from 0 to 100000"#);
    assert_snapshot!(said("[admin]\nring = 99999999999999999999\n", &[]), @r#"coswhy.toml:2:8: admin.ring: found the number 99999999999999999999, expected a whole number from 1 to 1000000"#);
}

#[test]
fn a_wrong_choice_is_told_all() {
    assert_snapshot!(said("[log]\nformat = \"jsn\"\n", &[]), @r#"coswhy.toml:2:10: log.format: found "jsn", expected "json" or "pretty""#);
}

#[test]
fn a_wrong_address_is_told_an_example() {
    assert_snapshot!(said("listen = \"8080\"\n", &[]), @r#"coswhy.toml:1:10: listen: found "8080", expected an IP address and a port, such as "127.0.0.1:8080""#);
    assert_snapshot!(said("[admin]\nlisten = \"localhost:9180\"\n", &[]), @r#"coswhy.toml:2:10: admin.listen: found "localhost:9180", expected an IP address and a port, such as "127.0.0.1:8080""#);
}

#[test]
fn an_empty_text_is_not_a_setting() {
    assert_snapshot!(said("[upstream]\nurl = \"\"\n", &[]), @r#"coswhy.toml:2:7: upstream.url: empty: take it out, or give a text in quotes"#);
}

#[test]
fn a_secret_of_the_wrong_type_is_not_repeated() {
    assert_snapshot!(said("[admin]\ntoken = 31415926\n", &[]), @r#"coswhy.toml:2:9: admin.token: expected a text in quotes"#);
}

#[test]
fn broken_toml_is_told_line_and_column() {
    assert_snapshot!(said("[upstream\nurl = \"http://x:1\"\n", &[]), @r#"coswhy.toml:1:10: not TOML: unclosed table, expected `]`"#);
    assert_snapshot!(said("listen = 127.0.0.1:8080\n", &[]), @r#"coswhy.toml:1:15: not TOML: invalid float; a text needs quotes"#);
    assert_snapshot!(said("[log]\nformat = json\n", &[]), @r#"coswhy.toml:2:10: not TOML: string values must be quoted, expected literal string"#);
    assert_snapshot!(said("[log]\n\n[log]\n", &[]), @r#"coswhy.toml:3:2: not TOML: duplicate key"#);
    assert_snapshot!(said("[log]\nformat = \"json\"\nformat = \"json\"\n", &[]), @r#"coswhy.toml:3:1: not TOML: duplicate key"#);
    assert_snapshot!(said("a = \"unfinished\n", &[]), @r#"coswhy.toml:1:16: not TOML: invalid basic string, expected `"`"#);
}

#[test]
fn bytes_that_are_not_utf_8_are_told_the_line() {
    assert_snapshot!(said(b"[log]\nfile = \"caf\xe9\"\n", &[]), @r#"coswhy.toml:2:12: not UTF-8, which TOML has to be"#);
}

#[test]
fn columns_count_characters() {
    assert_snapshot!(said("log = { file = \"日志\", formt = \"json\" }\n", &[]), @r#"coswhy.toml:1:22: log.formt: no such setting; did you mean `log.format`?"#);
}

#[test]
fn all_mistakes_are_told_at_once() {
    assert_snapshot!(said("lisen = \"x\"\n[runtime]\nthreads = 0\n[log]\nformat = 1\n", &[("COSWHY_LOG__FIL", "x")]), @r#"
coswhy.toml:1:1: lisen: no such setting; did you mean `listen`?
coswhy.toml:3:11: runtime.threads: found the number 0, expected a whole number from 1 to 1024
coswhy.toml:5:10: log.format: found the number 1, expected "json" or "pretty"
COSWHY_LOG__FIL: no such setting; did you mean COSWHY_LOG__FILE?
"#);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    use coswhy::config::{Overrides, load};
    let missing = load(Some("no/such/coswhy.toml".as_ref()), std::iter::empty(), &Overrides::default());
    assert_snapshot!(missing.unwrap_err(), @r#"no/such/coswhy.toml: cannot be read: No such file or directory (os error 2)"#);
    let directory = load(Some("src".as_ref()), std::iter::empty(), &Overrides::default());
    assert_snapshot!(directory.unwrap_err(), @r#"src: cannot be read: Is a directory (os error 21)"#);
}

#[test]
fn a_huge_file_is_not_read() {
    assert_snapshot!(said("#".repeat(2 << 20), &[]), @r#"coswhy.toml: larger than 1 MiB: this is no settings file"#);
}
