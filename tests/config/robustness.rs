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
        Just("1979-05-27".to_owned()),
        Just("nan".to_owned()),
    ]
}

fn key() -> impl Strategy<Value = String> {
    let keys: Vec<String> = Catalogue::new().settings().iter().map(|setting| setting.key.clone()).collect();
    prop_oneof![4 => proptest::sample::select(keys), 1 => "[a-z_]{1,9}(\\.[a-z_]{1,9})?"]
}

fn variable() -> impl Strategy<Value = String> {
    let names: Vec<String> =
        Catalogue::new().settings().iter().map(coswhy::config::Setting::variable).collect();
    prop_oneof![
        4 => (proptest::sample::select(names), "(__[0-9]{1,25}|__|_X|)").prop_map(|(a, b)| a + &b),
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
