//! The file, then the environment, then flags; and who is said to have set what.

use coswhy::config::{Origin, Overrides, Settings, load, show};
use insta::assert_snapshot;

use crate::{file, loaded, variables};

#[test]
fn nothing_set_gives_the_defaults() {
    let loaded = load(None, std::iter::empty(), &Overrides::default()).unwrap();
    assert_eq!(loaded.settings, Settings::default());
    assert_eq!(loaded.origins.set().count(), 0);
    assert!(loaded.warnings.is_empty());
}

#[test]
fn each_source_goes_over_the_one_before() {
    let path = file(
        "listen = \"127.0.0.1:1\"\n[admin]\nlisten = \"127.0.0.1:2\"\nring = 7\n[upstream]\nurl = \"http://f:1\"\n",
    );
    let env = [("COSWHY__LISTEN", "127.0.0.1:11"), ("COSWHY_ADMIN__LISTEN", "127.0.0.1:12")];
    let flags = Overrides { listen: Some("127.0.0.1:21".into()), ..Overrides::default() };
    let loaded = load(Some(&path), variables(&env), &flags).unwrap();
    assert_eq!(loaded.settings.listen.port(), 21);
    assert_eq!(loaded.settings.admin.listen.port(), 12);
    assert_eq!(loaded.settings.upstream.url.as_deref(), Some("http://f:1"));
    assert_eq!(loaded.settings.admin.ring, 7);
    assert_eq!(loaded.origins.of("listen"), Origin::Flag("--listen".into()));
    assert_eq!(loaded.origins.of("admin.listen"), Origin::Env("COSWHY_ADMIN__LISTEN".into()));
    assert_eq!(loaded.origins.of("upstream.url"), Origin::File { path, line: 6, column: 7 });
    assert_eq!(loaded.origins.of("log.format"), Origin::Default);
}

#[test]
fn flags_set_what_they_are_named_for() {
    let flags = Overrides {
        listen: Some("127.0.0.1:1".into()),
        admin: Some("127.0.0.1:2".into()),
        upstream: Some("http://127.0.0.1:3".into()),
    };
    let settings = load(None, std::iter::empty(), &flags).unwrap().settings;
    assert_eq!((settings.listen.port(), settings.admin.listen.port()), (1, 2));
    assert_eq!(settings.upstream.url.as_deref(), Some("http://127.0.0.1:3"));
}

#[test]
fn a_wrong_flag_is_named() {
    let flags =
        Overrides { listen: Some("8080".into()), upstream: Some("cos".into()), ..Overrides::default() };
    assert_snapshot!(load(None, std::iter::empty(), &flags).unwrap_err(), @r#"--listen: listen: found "8080", expected an IP address and a port, such as 127.0.0.1:8080"#);
    let flags = Overrides { upstream: Some("cos".into()), ..Overrides::default() };
    assert_snapshot!(load(None, std::iter::empty(), &flags).unwrap_err(), @r#"--upstream: upstream.url: expected http://HOST[:PORT] or https://HOST[:PORT]"#);
}

#[test]
fn a_list_is_replaced_whole() {
    let loaded = loaded(
        "[upstream]\nallowed_buckets = [\"a-1\", \"b-1\", \"c-1\"]\n",
        &[("COSWHY_UPSTREAM__ALLOWED_BUCKETS__0", "d-1")],
    );
    assert_eq!(loaded.settings.upstream.allowed_buckets.unwrap(), ["d-1"]);
    assert_eq!(loaded.origins.set().count(), 1);
    let from = Origin::Env("COSWHY_UPSTREAM__ALLOWED_BUCKETS__0".into());
    assert_eq!(loaded.origins.of("upstream.allowed_buckets[2]"), from);
}

#[test]
fn toml_may_write_tables_in_any_of_its_ways() {
    for text in [
        "upstream.max_idle = 5",
        "upstream = { max_idle = 5 }",
        "[\"upstream\"]\nmax_idle = 0x5",
        "\u{feff}[upstream]\r\nmax_idle = 5\r\n",
    ] {
        assert_eq!(loaded(text, &[]).settings.upstream.max_idle, 5, "{text}");
    }
}

#[test]
fn what_is_shown_can_be_loaded_again_and_has_no_secret() {
    let path = file("[admin]\ntoken = \"correct-horse\"\n[log]\nfile = \"a\\\"b\\\\c\"\n");
    let first =
        load(Some(&path), variables(&[("COSWHY_UPSTREAM__ALLOWED_BUCKETS__0", "*")]), &Overrides::default());
    let first = first.unwrap();
    let text = show(&first);
    assert!(!text.contains("horse") && !format!("{first:?}").contains("horse"), "{text}");
    let without_token: String =
        text.lines().filter(|line| !line.starts_with("token")).map(|l| format!("{l}\n")).collect();
    let mut again = loaded(&without_token, &[]).settings;
    again.admin.token = first.settings.admin.token.clone();
    assert_eq!(again, first.settings);
    assert_snapshot!(text.replace(path.to_str().unwrap(), "coswhy.toml"), @r#"
listen = "127.0.0.1:8080"                    # default
# keys is not set
# map is not set
# route is not set

[admin]
listen = "127.0.0.1:9180"                    # default
metrics = "token"                            # default
# public_url is not set
ring = 1000                                  # default
token = "…"                                  # coswhy.toml:2:9

[diagnosis]
body = "negotiate"                           # default
expose = "all"                               # default
# expose_to is not set
language = "en"                              # default
rules = []                                   # default
statuses = [400, 401, 402, 403, 411, 451]    # default
warn_header = false                          # default

[forward]
server_timing = false                        # default
via = false                                  # default

[intercept]
# ca_cert is not set
# ca_key is not set
tunnel_others = false                        # default

[listener]
body_timeout = "60s"                         # default
drain_delay = "0s"                           # default
drain_timeout = "30s"                        # default
header_timeout = "10s"                       # default
idle_timeout = "75s"                         # default
max_connections = 10000                      # default
max_head = "64KiB"                           # default
proxy_protocol = []                          # default
queue_timeout = "2s"                         # default
send_timeout = "60s"                         # default
trusted_proxies = []                         # default

[log]
file = 'a"b\c'                               # coswhy.toml:4:8
format = "json"                              # default
level = "info"                               # default

[runtime]
# threads is not set

[store]
max_age = "2592000s"                         # default
max_size = "128MiB"                          # default
# path is not set

[tls]
# cert is not set
# certificates is not set
# key is not set
# listen is not set

[upstream]
allow_private = false                        # default
allowed_buckets = ["*"]                      # COSWHY_UPSTREAM__ALLOWED_BUCKETS__0
allowed_hosts = []                           # default
body_timeout = "60s"                         # default
# ca_file is not set
connect_timeout = "5s"                       # default
# connect_to is not set
expect_timeout = "1s"                        # default
idle_timeout = "30s"                         # default
max_idle = 256                               # default
# proxy is not set
# proxy_authorization is not set
response_timeout = "120s"                    # default
# url is not set
"#);
}

#[test]
fn a_masked_token_cannot_become_the_token() {
    assert_snapshot!(crate::said("[admin]\ntoken = \"…\"\n", &[]), @r#"coswhy.toml:2:9: admin.token: a token is of ASCII letters, digits and signs, without spaces"#);
}
