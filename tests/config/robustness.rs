//! Whatever a file or the environment holds, loading ends in settings or in an error that says something.

use coswhy::config::{Catalogue, Overrides, load, show};
use proptest::prelude::*;

use crate::file;

/// Values near what settings want.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        "\"[0-9]{0,20} ?(ms|s|m|h|KiB|MiB|)\"",
        "\"[a-z0-9:/.*@\\[\\]-]{0,20}\"",
        "\\[(\"[a-z*.-]{0,9}\"|[0-9]{1,4})?\\]",
        Just("true".to_owned()),
        Just("{ a = 1 }".to_owned()),
        proptest::collection::vec((field(), "\"[a-zA-Z0-9:/.*@\\[\\]-]{0,12}\"|[0-9]"), 0..4).prop_map(
            |fields| {
                let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name} = {value}")).collect();
                format!("[{{ {} }}]", fields.join(", "))
            }
        ),
        Just("1979-05-27".to_owned()),
        Just("nan".to_owned()),
    ]
}

/// The fields of all tables.
fn field() -> impl Strategy<Value = String> {
    let catalogue = Catalogue::new();
    let fields = catalogue.settings().iter().filter_map(|setting| setting.table()).flat_map(|t| &t.fields);
    let names: Vec<String> = fields.map(|field| field.name.clone()).collect();
    prop_oneof![8 => proptest::sample::select(names), 1 => "[a-z_]{1,9}"]
}

fn key() -> impl Strategy<Value = String> {
    let keys: Vec<String> = Catalogue::new().settings().iter().map(|setting| setting.key.clone()).collect();
    prop_oneof![4 => proptest::sample::select(keys), 1 => "[a-z_]{1,9}(\\.[a-z_]{1,9})?"]
}

/// The variables of lists of tables.
fn table() -> impl Strategy<Value = String> {
    let catalogue = Catalogue::new();
    let tables = catalogue.settings().iter().filter(|setting| setting.table().is_some());
    proptest::sample::select(tables.map(coswhy::config::Setting::variable).collect::<Vec<_>>())
}

fn variable() -> impl Strategy<Value = String> {
    let names: Vec<String> =
        Catalogue::new().settings().iter().map(coswhy::config::Setting::variable).collect();
    prop_oneof![
        4 => (proptest::sample::select(names), "(__[0-9]{1,25}|__|_X|)").prop_map(|(a, b)| a + &b),
        4 => (table(), "[0-2]|[0-9]{1,25}", field()).prop_map(|(name, n, field)| {
            format!("{name}__{n}__{}", field.to_uppercase())
        }),
        1 => "COSWHY_\\PC{0,20}"
    ]
}

fn check(content: &[u8], env: Vec<(String, String)>, flag: Option<String>) {
    let path = file(content);
    let flags = Overrides { listen: flag.clone(), admin: flag.clone(), upstream: flag };
    match load(Some(&path), env.into_iter(), &flags) {
        Ok(loaded) => assert!(show(&loaded).contains("listen = ")),
        Err(error) => {
            assert!(!error.problems.is_empty());
            for problem in &error.problems {
                let line = problem.to_string();
                assert!(!line.contains('\n'), "{line:?}");
                assert!(!line.contains("do not fit together"), "{line:?}");
            }
        }
    }
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_bytes_are_settings_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&bytes, Vec::new(), None);
    }

    #[test]
    fn any_text_is_settings_or_an_error(text in "(\\PC|\n|=|\"|\\[|\\]|#){0,200}", flag in proptest::option::of("\\PC{0,30}")) {
        check(text.as_bytes(), Vec::new(), flag);
    }

    #[test]
    fn any_values_are_settings_or_an_error(lines in proptest::collection::vec((key(), value()), 0..8)) {
        let text: String = lines.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
        check(text.as_bytes(), Vec::new(), None);
    }

    #[test]
    fn any_environment_is_settings_or_an_error(env in proptest::collection::vec((variable(), "\\PC{0,30}|[0-9]{0,20}(s|KiB|)"), 0..8)) {
        check(b"", env, None);
    }
}
