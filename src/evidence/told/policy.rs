//! What a policy quoted in a text names: actions, resources, prefixes of keys.

use std::sync::LazyLock;

use regex::Regex;

use crate::cos::granted::Named;
use crate::evidence::pattern::pattern;

static ACTION: LazyLock<Regex> = LazyLock::new(|| pattern(r#"["'`]?name/(?:cos|ci):[A-Za-z*]+"#));

static RESOURCE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"qcs::cos:[^\s"'`:,]*:uid/[^\s"'`:,]*:[^\s"'`,\]]+"#));

/// `"action": "*"`, in a list or not.
static ANY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)\\?["']?\b(action|resource)s?\\?["']?\s*[:=]\s*\[?\s*\\?["']\*\\?["']"#));

/// The parameter of the vendor's STS SDKs, with its values.
static PREFIXES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)\\?["']?\ballow_?prefix(?:es)?\\?["']?\s*(?:=>|[:=])\s*(\[[^\]\n]{0,512}\]|\\?["'][^"'\n]{1,256}["'])"#,
    )
});

static QUOTED: LazyLock<Regex> = LazyLock::new(|| pattern(r#"["']([^"'\\]+)\\?["']"#));

/// What stands for a value that the text does not show.
static HOLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\$?\{[^}]*\}?|<[^>]*>|%[sdv]|x{3,}|X{3,}|\*{2,}"));

/// More names than a policy has.
const MOST: usize = 100;

/// What the policies in `text` name, without regard to which of them.
pub(super) fn named(text: &str) -> Named {
    if denies(text) {
        // what is taken away again is not told apart here
        return Named::default();
    }
    let mut named = Named::default();
    for found in ACTION.find_iter(text).take(MOST) {
        let name = found.as_str().trim_start_matches(['"', '\'', '`']).to_owned();
        if !named.actions.contains(&name) {
            named.actions.push(name);
        }
    }
    for found in RESOURCE.find_iter(text).take(MOST) {
        let resource =
            HOLE.replace_all(found.as_str().trim_end_matches(['\\', ')', ';', '.']), "*").into_owned();
        if !named.resources.contains(&resource) {
            named.resources.push(resource);
        }
    }
    for found in ANY.captures_iter(text) {
        let is_action =
            found.get(1).is_some_and(|name| name.as_str().to_ascii_lowercase().starts_with("action"));
        let list = if is_action { &mut named.actions } else { &mut named.resources };
        list.push("*".to_owned());
    }
    for list in PREFIXES.captures_iter(text).filter_map(|found| found.get(1)).take(MOST) {
        let values = QUOTED.captures_iter(list.as_str()).filter_map(|value| value.get(1));
        named.prefixes.extend(values.map(|value| HOLE.replace_all(value.as_str(), "*").into_owned()));
    }
    named
}

fn denies(text: &str) -> bool {
    static DENY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?i)effect\W{1,6}deny|NotAction|NotResource"#));
    DENY.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_read_from_code_json_and_json_in_a_string() {
        for text in [
            r#"{"action":["name/cos:PutObject"],"resource":["qcs::cos:ap-x:uid/1250000000:b-1250000000/u/${id}/*"]}"#,
            r#"policy={\"action\":[\"name/cos:PutObject\"],\"resource\":[\"qcs::cos:ap-x:uid/1250000000:b-1250000000/u/{id}/*\"]}"#,
            "action: ['name/cos:PutObject'],\nresource: ['qcs::cos:ap-x:uid/1250000000:b-1250000000/u/<id>/*'],",
        ] {
            let named = named(text);
            assert_eq!(named.actions, ["name/cos:PutObject"], "{text}");
            assert_eq!(named.resources, ["qcs::cos:ap-x:uid/1250000000:b-1250000000/u/*/*"], "{text}");
        }
        assert_eq!(named("allowPrefix: 'up/*',").prefixes, ["up/*"]);
        assert_eq!(named("\"allow_prefix\": [\"a/*\", \"b\"]").prefixes, ["a/*", "b"]);
        assert_eq!(named("\"action\": \"*\", \"resource\": [\"*\"]").actions, ["*"]);
        assert!(named("{\"effect\":\"deny\",\"action\":[\"name/cos:PutObject\"]}").is_empty());
    }
}
