//! Lists of tables: `[[keys]]`, `[[map]]` and their like, from the file and from variables.

use coswhy::config::settings::{AllowedHost, Expose, Map, Scheme};
use coswhy::config::{Catalogue, Origin, Overrides, load, show};
use insta::assert_snapshot;

use crate::{file, loaded, said, variables};

const MAP: &str = "[[map]]\nhost = \"a.test\"\nregion = \"ap-x\"\n\n[[map]]\nhost = \"*\"\nregion = \"ap-y\"\nbucket = \"b-1250000000\"\n";

fn map(host: &str, region: &str, bucket: Option<&str>) -> Map {
    Map { host: host.into(), region: region.into(), bucket: bucket.map(Into::into) }
}

#[test]
fn a_table_is_written_in_any_of_the_ways_of_toml() {
    let expected = [map("a.test", "ap-x", None), map("*", "ap-y", Some("b-1250000000"))];
    let inline = "map = [{ host = \"a.test\", region = \"ap-x\" }, { host = \"*\", region = \"ap-y\", bucket = \"b-1250000000\" }]";
    for text in [MAP, inline] {
        assert_eq!(loaded(text, &[]).settings.map, expected, "{text}");
    }
    let nested = "[[tls.certificates]]\ncert = \"c\"\nkey = \"k\"\n";
    assert_eq!(loaded(nested, &[]).settings.tls.certificates[0].key.to_str(), Some("k"));
}

#[test]
fn variables_set_a_field_each_and_replace_the_files_list() {
    let env = [("COSWHY_MAP__0__HOST", "c.test"), ("COSWHY_MAP__0__REGION", "ap-z")];
    let loaded = loaded(MAP, &env);
    assert_eq!(loaded.settings.map, [map("c.test", "ap-z", None)]);
    assert_eq!(loaded.origins.of("map[0].region"), Origin::Env("COSWHY_MAP__0__REGION".into()));
    assert_eq!(loaded.origins.of("map[0]"), Origin::Env("COSWHY_MAP__0__HOST".into()));
    assert_eq!(loaded.origins.set().count(), 1);
}

#[test]
fn every_list_of_tables_can_be_set_by_variables() {
    let settings = loaded(
        "",
        &[
            ("COSWHY_KEYS__0__SECRET_ID", "AKIDa"),
            ("COSWHY_KEYS__0__SECRET_KEY_ENV", "PATH"),
            ("COSWHY_KEYS__1__SECRET_ID", "AKIDb"),
            ("COSWHY_KEYS__1__SECRET_KEY", "hunter2"),
            ("COSWHY_ROUTE__0__BUCKET", "*-1250000000"),
            ("COSWHY_ROUTE__0__URL", "https://10.0.0.1"),
            ("COSWHY_ROUTE__0__CONNECT_TIMEOUT", "2s"),
            ("COSWHY_TLS__CERTIFICATES__0__CERT", "c"),
            ("COSWHY_TLS__CERTIFICATES__0__KEY", "k"),
            ("COSWHY_UPSTREAM__ALLOWED_HOSTS__0", "img.example.com"),
            ("COSWHY_UPSTREAM__ALLOWED_HOSTS__1__HOST", "*.example.com"),
            ("COSWHY_UPSTREAM__ALLOWED_HOSTS__1__SCHEME", "http"),
            ("COSWHY_DIAGNOSIS__EXPOSE_TO__0__EXPOSE", "none"),
            ("COSWHY_DIAGNOSIS__EXPOSE_TO__0__NETWORKS__0", "10.0.0.0/8"),
            ("COSWHY_DIAGNOSIS__EXPOSE_TO__0__NETWORKS__1", "::1"),
        ],
    )
    .settings;
    assert_eq!(settings.keys[1].secret().unwrap().reveal(), "hunter2");
    assert_eq!(settings.route[0].connect_timeout.unwrap().0.as_secs(), 2);
    assert_eq!(settings.tls.certificates.len(), 1);
    assert_eq!(settings.diagnosis.exposed_to("::1".parse().unwrap()), Expose::None);
    let host = |host: &str, scheme| AllowedHost { host: host.into(), scheme, ..AllowedHost::default() };
    let hosts = [host("img.example.com", Scheme::Https), host("*.example.com", Scheme::Http)];
    assert_eq!(settings.upstream.allowed_hosts, hosts);
}

#[test]
fn an_allowed_host_is_a_text_or_a_table() {
    let text = "[upstream]\nallowed_hosts = [\"a.test\", { host = \"b.test\", scheme = \"http\", bucket = \"b-1250000000\", region = \"ap-x\" }]\n";
    let hosts = loaded(text, &[]).settings.upstream.allowed_hosts;
    assert_eq!((hosts[0].host.as_str(), hosts[0].scheme), ("a.test", Scheme::Https));
    assert_eq!((hosts[1].scheme, hosts[1].region.as_deref()), (Scheme::Http, Some("ap-x")));
    assert_snapshot!(said("[upstream]\nallowed_hosts = [7, { bucket = \"b\" }]\n", &[]), @r#"
coswhy.toml:2:18: upstream.allowed_hosts[0]: found the number 7, expected a text or a table with host
coswhy.toml:2:21: upstream.allowed_hosts[1].host: missing
"#);
    assert_snapshot!(said("[upstream]\nallowed_hosts = [\"\", { host = \"a.test\", scheme = \"ftp\" }]\n", &[]), @r#"
coswhy.toml:2:18: upstream.allowed_hosts[0]: empty: take it out, or give a text in quotes
coswhy.toml:2:50: upstream.allowed_hosts[1].scheme: found "ftp", expected "http" or "https"
"#);
}

#[test]
fn a_mistake_in_a_table_is_told_with_its_place() {
    assert_snapshot!(said("[[keys]]\nsecret_id = \"x\"\nsecret_keyfile = \"y\"\n", &[]), @r#"coswhy.toml:3:1: keys[0].secret_keyfile: no such field; did you mean `secret_key_file`?"#);
    assert_snapshot!(said("[[map]]\nhost = \"a.test\"\nregion = \"ap-x\"\n[[map]]\nhost = 7\nregion = \"ap-x\"\n", &[]), @r#"coswhy.toml:5:8: map[1].host: found the number 7, expected a text in quotes"#);
    assert_snapshot!(said("[[map]]\nregion = \"ap-x\"\n[[route]]\nbucket = \"*\"\n[[keys]]\n", &[]), @r#"
coswhy.toml:1:1: map[0].host: missing
coswhy.toml:3:1: route[0].url: missing
coswhy.toml:5:1: keys[0].secret_id: missing
"#);
    assert_snapshot!(said("[[route]]\nhost = \"a.test\"\nurl = \"http://x:1\"\nconnect_timeout = 5\n", &[]), @r#"coswhy.toml:4:19: route[0].connect_timeout: found the number 5, expected a length of time, such as "75s" (a whole number and ms, s, m or h)"#);
    assert_snapshot!(said("[[tls.certificates]]\ncert = \"c\"\ncolour = \"blue\"\n", &[]), @r#"
coswhy.toml:1:1: tls.certificates[0].key: missing
coswhy.toml:3:1: tls.certificates[0].colour: no such field; there are cert, key
"#);
    assert_snapshot!(said("map = [\"a.test\"]\n", &[]), @r#"coswhy.toml:1:8: map[0]: found "a.test", expected a table with host and region"#);
    assert_snapshot!(said("[map]\nhost = \"a.test\"\n", &[]), @r#"coswhy.toml:1:1: map: found a table, expected tables in double brackets, [[ ]], each with host and region"#);
    assert_snapshot!(said("[[tls]]\nlisten = \"127.0.0.1:1\"\n[[maps]]\n", &[]), @r#"
coswhy.toml:1:1: tls: found a list, expected a section [tls]
coswhy.toml:3:3: maps: no such setting; did you mean `map`?
"#);
}

#[test]
fn a_secret_of_the_wrong_type_in_a_table_is_not_repeated() {
    assert_snapshot!(said("[[keys]]\nsecret_id = \"x\"\nsecret_key = 31415926\n", &[]), @r#"coswhy.toml:3:14: keys[0].secret_key: expected a text in quotes"#);
}

#[test]
fn a_mistake_in_a_tables_variable_is_told() {
    assert_snapshot!(said("", &[("COSWHY_KEYS__0__SECRET", "x"), ("COSWHY_KEYS__0__secret_id", "x")]), @r#"
COSWHY_KEYS__0__SECRET: keys[0]: no such field; there are secret_id, secret_key, secret_key_env, secret_key_file
COSWHY_KEYS__0__secret_id: keys[0]: no such field; did you mean COSWHY_KEYS__0__SECRET_ID?
"#);
    assert_snapshot!(said("", &[("COSWHY_MAP__0__BUCKET", "b-1250000000")]), @r#"
COSWHY_MAP__0__BUCKET: map[0].host: missing
COSWHY_MAP__0__BUCKET: map[0].region: missing
"#);
    assert_snapshot!(said("", &[("COSWHY_MAP__1__HOST", "*")]), @r#"COSWHY_MAP__1__HOST: map: items are counted from 0 without gaps, and there is no item 0"#);
    assert_snapshot!(said("", &[("COSWHY_MAP__00__HOST", "*")]), @r#"COSWHY_MAP__00__HOST: no such setting; did you mean COSWHY_MAP__0__HOST?"#);
    assert_snapshot!(said("", &[("COSWHY_MAP__0", "a.test")]), @r#"COSWHY_MAP__0: map[0]: the items are tables, set a field a variable: COSWHY_MAP__0__NAME"#);
    assert_snapshot!(said("", &[("COSWHY_MAP", "a.test"), ("COSWHY__MAP", "a.test")]), @r#"COSWHY__MAP: no such setting; did you mean COSWHY_MAP__0__NAME?"#);
    assert_snapshot!(said("", &[("COSWHY_MAPS__0__HOST", "a.test"), ("COSWHY__KEYS__1__SECRET_ID", "a.test")]), @r#"
COSWHY_MAPS__0__HOST: no such setting; did you mean COSWHY_MAP__0__HOST?
COSWHY__KEYS__1__SECRET_ID: no such setting; did you mean COSWHY_KEYS__1__SECRET_ID?
"#);
    assert_snapshot!(said("", &[("COSWHY_TLS__CERTIFICATES", "c")]), @r#"COSWHY_TLS__CERTIFICATES: tls.certificates: a list of tables is set a field a variable: COSWHY_TLS__CERTIFICATES__0__NAME, COSWHY_TLS__CERTIFICATES__1__NAME"#);
    assert_snapshot!(said("", &[("COSWHY_ROUTE__0__CONNECT_TIMEOUT", "5"), ("COSWHY_UPSTREAM__ALLOWED_HOSTS", "a")]), @r#"
COSWHY_UPSTREAM__ALLOWED_HOSTS: upstream.allowed_hosts: a list is set an item a variable: COSWHY_UPSTREAM__ALLOWED_HOSTS__0, COSWHY_UPSTREAM__ALLOWED_HOSTS__1, each a text
COSWHY_ROUTE__0__CONNECT_TIMEOUT: route[0].connect_timeout: found "5", expected a length of time, such as 75s (a whole number and ms, s, m or h)
"#);
    assert_snapshot!(said("", &[("COSWHY_UPSTREAM__ALLOWED_HOSTS__0", "a.test"), ("COSWHY_UPSTREAM__ALLOWED_HOSTS__0__HOST", "b.test")]), @r#"COSWHY_UPSTREAM__ALLOWED_HOSTS__0__HOST: upstream.allowed_hosts[0].host: set by another variable as well"#);
}

#[test]
fn a_list_in_a_table_is_told_of_like_any_list() {
    let text = "[[diagnosis.expose_to]]\nnetworks = [\"10.0.0.0/8\", \"192.0.2.7\"]\nexpose = \"header\"\n";
    let loaded = loaded(text, &[]);
    let entry = &loaded.settings.diagnosis.expose_to[0];
    assert_eq!((entry.networks.len(), entry.expose), (2, Expose::Header));
    assert!(show(&loaded).contains("networks = [\"10.0.0.0/8\", \"192.0.2.7/32\"]"), "{}", show(&loaded));
    assert_snapshot!(said("[[diagnosis.expose_to]]\nnetworks = [\"10.0.0.0/8\", \"ten\", 10]\nexpose = \"all\"\n", &[]), @r#"
coswhy.toml:2:27: diagnosis.expose_to[0].networks[1]: found "ten", expected a network or an address, such as "10.0.0.0/8"
coswhy.toml:2:34: diagnosis.expose_to[0].networks[2]: found the number 10, expected a network or an address, such as "10.0.0.0/8"
"#);
    assert_snapshot!(said("[[diagnosis.expose_to]]\nnetworks = \"10.0.0.0/8\"\n", &[]), @r#"
coswhy.toml:1:1: diagnosis.expose_to[0].expose: missing
coswhy.toml:2:12: diagnosis.expose_to[0].networks: found "10.0.0.0/8", expected a list of items in [ ], each a network or an address, such as "10.0.0.0/8"
"#);
    assert_snapshot!(said("[[diagnosis.expose_to]]\nnetworks = []\nexpose = \"some\"\n", &[]), @r#"coswhy.toml:3:10: diagnosis.expose_to[0].expose: found "some", expected "all" or "header" or "none""#);
    assert_snapshot!(said("[[diagnosis.expose_to]]\nnetworks = []\nexpose = \"none\"\n[listener]\ntrusted_proxies = [\"0.0.0.0/0\"]\n", &[]), @r#"coswhy.toml:2:12: diagnosis.expose_to[0].networks: names no network"#);
    assert_snapshot!(said("[listener]\ntrusted_proxies = [\"::/0\"]\nproxy_protocol = [\"10.0.0.1/99\"]\n", &[]), @r#"coswhy.toml:3:19: listener.proxy_protocol[0]: found "10.0.0.1/99", expected a network or an address, such as "10.0.0.0/8""#);
    assert_snapshot!(said("[listener]\ntrusted_proxies = [\"::/0\"]\n", &[]), @r#"
ok
coswhy.toml:2:19: listener.trusted_proxies: names every address, so any client can say that it is another: name your proxies
"#);
    let expose = ("COSWHY_DIAGNOSIS__EXPOSE_TO__0__EXPOSE", "all");
    assert_snapshot!(said("", &[expose, ("COSWHY_DIAGNOSIS__EXPOSE_TO__0__NETWORKS__1", "10.0.0.0/8")]), @r#"COSWHY_DIAGNOSIS__EXPOSE_TO__0__NETWORKS__1: diagnosis.expose_to[0].networks: items are counted from 0 without gaps, and there is no item 0"#);
    assert_snapshot!(said("", &[expose, ("COSWHY_DIAGNOSIS__EXPOSE_TO__0__NETWORKS", "10.0.0.0/8")]), @r#"COSWHY_DIAGNOSIS__EXPOSE_TO__0__NETWORKS: diagnosis.expose_to[0].networks: a list is set an item a variable: COSWHY_DIAGNOSIS__EXPOSE_TO__0__NETWORKS__0, COSWHY_DIAGNOSIS__EXPOSE_TO__0__NETWORKS__1"#);
    assert_snapshot!(said("", &[expose, ("COSWHY_DIAGNOSIS__EXPOSE_TO__0__NETWORKS__0", "x"), ("COSWHY_DIAGNOSIS__EXPOSE_TO__0__NETWORKS__1", "::1")]), @r#"COSWHY_DIAGNOSIS__EXPOSE_TO__0__NETWORKS__0: diagnosis.expose_to[0].networks[0]: found "x", expected a network or an address, such as 10.0.0.0/8"#);
}

#[test]
fn tables_are_shown_below_all_sections_and_can_be_loaded_again() {
    let text = "[[keys]]\nsecret_id = \"AKIDabcdefghijklmnop\"\nsecret_key = \"correct-horse\"\n\n[[map]]\nhost = \"*\"\nregion = \"ap-x\"\n";
    let path = file(text);
    let env = [
        ("COSWHY_ROUTE__0__HOST", "a.test"),
        ("COSWHY_ROUTE__0__URL", "http://10.0.0.1"),
        ("COSWHY_UPSTREAM__ALLOWED_HOSTS__0", "a.test"),
    ];
    let first = load(Some(&path), variables(&env), &Overrides::default()).unwrap();
    let text = show(&first);
    for secret in ["horse", "abcdefgh"] {
        assert!(!text.contains(secret) && !format!("{first:?}").contains(secret), "{text}");
    }
    let (_, tables) = text.split_once("\n[[").unwrap();
    assert_snapshot!(tables.replace(path.to_str().unwrap(), "coswhy.toml"), @r#"
keys]]
secret_id = "AKIDabcd…mnop"                  # coswhy.toml:2:13
secret_key = "…"                             # coswhy.toml:3:14
# secret_key_env is not set
# secret_key_file is not set

[[map]]
# bucket is not set
host = "*"                                   # coswhy.toml:6:8
region = "ap-x"                              # coswhy.toml:7:10

[[route]]
# bucket is not set
# ca_file is not set
# connect_timeout is not set
host = "a.test"                              # COSWHY_ROUTE__0__HOST
# response_timeout is not set
url = "http://10.0.0.1"                      # COSWHY_ROUTE__0__URL
"#);
    let without_keys: String = text.replace("AKIDabcd…mnop", "x").replace("\"…\"", "\"y\"");
    let again = loaded(&without_keys, &[]).settings;
    assert_eq!((again.map, again.route), (first.settings.map, first.settings.route));
    assert_eq!(again.upstream, first.settings.upstream);
}

#[test]
fn the_schema_describes_the_items() {
    let schema = coswhy::config::json_schema();
    let key = schema.pointer("/properties/keys/items").unwrap();
    assert_eq!(key["required"], serde_json::json!(["secret_id"]));
    assert_eq!(key["additionalProperties"], false);
    assert_eq!(key["properties"]["secret_key"]["writeOnly"], true);
    let catalogue = Catalogue::new();
    let tables = catalogue.settings().iter().filter(|setting| setting.table().is_some());
    let names: Vec<_> = tables.map(|setting| setting.key.as_str()).collect();
    assert_eq!(
        names,
        ["keys", "map", "route", "diagnosis.expose_to", "tls.certificates", "upstream.allowed_hosts"]
    );
}
