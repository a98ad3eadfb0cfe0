//! `[[keys]]`: where SecretKeys are kept, and who can read them there.

use insta::assert_snapshot;

use crate::{file, file_with_mode, lines, said};

/// What is said of an entry whose SecretKey is in a file.
fn in_file(content: &str, mode: u32) -> String {
    let path = file_with_mode(content, mode);
    let text = format!("[[keys]]\nsecret_id = \"AKIDx\"\nsecret_key_file = {path:?}\n");
    said(text, &[]).replace(path.to_str().unwrap(), "KEY")
}

#[test]
fn a_secret_key_is_in_one_place() {
    assert_snapshot!(said("[[keys]]\nsecret_id = \"AKIDx\"\n", &[]), @r#"coswhy.toml:1:1: keys[0]: it needs secret_key_file, secret_key_env or secret_key"#);
    assert_snapshot!(said("[[keys]]\nsecret_id = \"AKIDx\"\nsecret_key_env = \"PATH\"\nsecret_key = \"x\"\n", &[]), @r#"coswhy.toml:1:1: keys[0]: it takes one of secret_key_file, secret_key_env and secret_key"#);
    assert_eq!(said("[[keys]]\nsecret_id = \"AKIDx\"\nsecret_key_env = \"CARGO_PKG_NAME\"\n", &[]), "ok\n");
}

#[test]
fn a_key_pair_stands_once_and_is_not_repeated_in_words() {
    let twice = "[[keys]]\nsecret_id = \"AKIDhunter2\"\nsecret_key_env = \"A\"\n[[keys]]\nsecret_id = \"AKIDhunter2\"\nsecret_key_env = \"B\"\n";
    assert_snapshot!(said(twice, &[]), @r#"coswhy.toml:5:13: keys[1].secret_id: the same as that of keys[0]"#);
    assert_snapshot!(said("[[keys]]\nsecret_id = \"AKID…nter2\"\nsecret_key = \"…\"\n", &[]), @r#"
coswhy.toml:2:13: keys[0].secret_id: a SecretId is of ASCII letters, digits and signs, without spaces
coswhy.toml:3:14: keys[0].secret_key: it holds no SecretKey: one is of ASCII letters, digits and signs, without spaces
"#);
}

/// Its value is not repeated: it may be the SecretKey.
#[test]
fn an_id_that_is_none_is_warned_about() {
    let text =
        "[[keys]]\nsecret_id = \"hunter2hunter2hunter2hunter2hunt\"\nsecret_key_env = \"CARGO_PKG_NAME\"\n";
    let says = said(text, &[]);
    assert!(!says.contains("hunter2"), "{says}");
    assert_snapshot!(says, @r#"
ok
coswhy.toml:2:13: keys[0].secret_id: does not begin with AKID, as a SecretId does: perhaps SecretId and SecretKey are swapped
"#);
    let loaded = crate::loaded(text, &[]);
    let shown = format!("{} {:?}", coswhy::config::show(&loaded), loaded.settings.keys);
    assert!(shown.contains("hunt…") && !shown.contains("hunte"), "{shown}");
}

#[test]
fn a_plain_secret_key_is_warned_about() {
    assert_snapshot!(said("[[keys]]\nsecret_id = \"AKIDx\"\nsecret_key = \"hunter2\"\n", &[]), @r#"
ok
coswhy.toml:3:14: keys[0].secret_key: secret_key_file or secret_key_env keeps the SecretKey out of the settings, which are easily shown or copied
"#);
    let env = [("COSWHY_KEYS__0__SECRET_ID", "AKIDx"), ("COSWHY_KEYS__0__SECRET_KEY", "hunter2")];
    assert_snapshot!(said("", &env), @r#"
ok
COSWHY_KEYS__0__SECRET_KEY: keys[0].secret_key: secret_key_file or secret_key_env keeps the SecretKey out of the settings, which are easily shown or copied
"#);
}

#[test]
fn a_file_has_to_hold_a_key() {
    assert_eq!(in_file("hunter2\n", 0o600), "ok\n");
    assert_snapshot!(in_file("", 0o600), @r#"coswhy.toml:3:19: keys[0].secret_key_file: KEY: it is empty"#);
    assert_snapshot!(in_file("SecretKey: hunter2\n", 0o600), @r#"coswhy.toml:3:19: keys[0].secret_key_file: KEY: it holds no SecretKey: one is of ASCII letters, digits and signs, without spaces"#);
    let missing = "[[keys]]\nsecret_id = \"AKIDx\"\nsecret_key_file = \"no/such\"\n[[keys]]\nsecret_id = \"AKIDy\"\nsecret_key_file = \"src\"\n";
    assert_snapshot!(said(missing, &[]), @r#"
coswhy.toml:3:19: keys[0].secret_key_file: cannot open that file: No such file or directory (os error 2)
coswhy.toml:6:19: keys[1].secret_key_file: src: Is a directory (os error 21)
"#);
}

#[test]
fn a_variable_has_to_hold_a_key() {
    assert_snapshot!(said("[[keys]]\nsecret_id = \"AKIDx\"\nsecret_key_env = \"NO_SUCH\\n\"\n", &[]), @r#"coswhy.toml:3:18: keys[0].secret_key_env: the environment has no variable of that name"#);
    // Cargo sets it to nothing.
    assert_snapshot!(said("[[keys]]\nsecret_id = \"AKIDx\"\nsecret_key_env = \"CARGO_PKG_VERSION_PRE\"\n", &[]), @r#"coswhy.toml:3:18: keys[0].secret_key_env: the variable CARGO_PKG_VERSION_PRE: it is empty"#);
}

#[test]
fn a_file_that_others_can_read_is_warned_about() {
    assert_snapshot!(in_file("hunter2\n", 0o644), @r#"
ok
coswhy.toml:3:19: keys[0].secret_key_file: KEY: every user of this machine can read it (mode 644); `chmod 600` keeps it to its owner
"#);
    assert_snapshot!(in_file("hunter2\n", 0o640), @r#"
ok
coswhy.toml:3:19: keys[0].secret_key_file: KEY: its whole group can read it (mode 640); `chmod 600` keeps it to its owner
"#);
    assert_eq!(in_file("hunter2\n", 0o400), "ok\n");
}

#[test]
fn a_settings_file_with_secrets_that_others_can_read_is_warned_about() {
    use coswhy::config::{Overrides, check_files, load};
    let text = "[admin]\ntoken = \"hunter2\"\n[upstream]\nproxy = \"env\"\nproxy_authorization = \"Basic hunter2\"\n[[keys]]\nsecret_id = \"AKIDx\"\nsecret_key = \"hunter2\"\n";
    let path = file_with_mode(text, 0o644);
    let loaded = load(Some(&path), std::iter::empty(), &Overrides::default()).unwrap();
    let warnings = lines(&check_files(&loaded).unwrap());
    assert_snapshot!(warnings.replace(path.to_str().unwrap(), "coswhy.toml"), @r#"
coswhy.toml:2:9: admin.token: coswhy.toml: every user of this machine can read it (mode 644); `chmod 600` keeps it to its owner
coswhy.toml:5:23: upstream.proxy_authorization: coswhy.toml: every user of this machine can read it (mode 644); `chmod 600` keeps it to its owner
coswhy.toml:8:14: keys[0].secret_key: coswhy.toml: every user of this machine can read it (mode 644); `chmod 600` keeps it to its owner
"#);
    let path = file("");
    let env = [("COSWHY_ADMIN__TOKEN", "hunter2")];
    let loaded = load(Some(&path), crate::variables(&env), &Overrides::default()).unwrap();
    assert!(check_files(&loaded).unwrap().is_empty());
}
