//! What rule files refuse.

use coswhy::diagnosis::Engine;

fn refused(file: &str) -> String {
    match Engine::load(&[("my.toml".into(), file.to_owned())]) {
        Ok(_) => "accepted".to_owned(),
        Err(errors) => errors.to_string(),
    }
}

const HEAD: &str = "[[rule]]\nid = \"x\"\nwhen = \"true\"\nconfidence = \"likely\"\n";
const WORDS: &str = "[rule.en]\ntitle = \"t\"\nsummary = \"s\"\n";

#[test]
fn mistakes_are_named_with_their_place() {
    for (file, message) in [
        (format!("{HEAD}whne = 1\n{WORDS}"), "my.toml:5:1: unknown field `whne`, expected one of `id`"),
        (format!("{HEAD}{WORDS}summery = \"s\"\n"), "my.toml:8:1: unknown field `summery`"),
        (
            HEAD.replace("likely", "sure") + WORDS,
            "my.toml:4:14: unknown variant `sure`, expected one of `certain`",
        ),
        (HEAD.replace("\"x\"", "7") + WORDS, "my.toml:2:6: invalid type: integer `7`, expected a string"),
        (HEAD.replace("\"x\"", "\"a b\"") + WORDS, "my.toml:2:6: `id` holds names"),
        (
            HEAD.replace("\"true\"", "\"error.code == \\\"a\\\" && eror.code\"") + WORDS,
            "my.toml:3:32: no fact is called `eror.code`; did you mean `error.code`?",
        ),
        (
            format!("{HEAD}certain = \"signature.sam\"\n{WORDS}"),
            "my.toml:5:12: no fact is called `signature.sam`; did you mean `signature.same`?",
        ),
        ("[[rule]\n".to_owned(), "my.toml:1:"),
        (HEAD.to_owned(), "my.toml:2:6: `title` is missing in [rule.en]"),
        (format!("{HEAD}[rule.en]\ntitle = \"t\"\n"), "my.toml:5:1: `summary` is missing in [rule.en]"),
        (
            format!("{HEAD}{WORDS}detail = \"a {{cos.kee}}\"\n"),
            "my.toml:8:14: no fact is called `cos.kee`; did you mean `cos.key`?",
        ),
        (
            format!("{HEAD}{WORDS}detail = \"{{request.headers}}\"\n"),
            "my.toml:8:12: `request.headers` is a map",
        ),
        (
            format!("{HEAD}evidence = [\"error.cod\"]\n{WORDS}"),
            "my.toml:5:14: no fact is called `error.cod`; did you mean `error.code`?",
        ),
        (format!("{HEAD}evidence = [\"request.form\"]\n{WORDS}"), "my.toml:5:14: `request.form` is a map"),
        (
            format!("{HEAD}checks = [{{ id = \"c\", pass = \"error.code\" }}]\n{WORDS}checks.c = \"c\"\n"),
            "my.toml:5:31: a condition is true or false",
        ),
        (
            format!("{HEAD}checks = [{{ id = \"c\" }}]\n{WORDS}"),
            "my.toml:6:1: `checks.c` is missing in [rule.en]",
        ),
        (
            HEAD.replace("\"true\"", "'error.reason in [\"KeyTooLong\", \"KeyTooShort\"]'")
                + WORDS
                + "codes.KeyTooLnog = { summary = \"s\" }\n",
            "my.toml:8:20: words for `codes.KeyTooLnog`, but `when` asks for no such code; did you mean `KeyTooLong`?",
        ),
        (
            format!("{HEAD}checks = [{{ id = \"c\" }}, {{ id = \"c\" }}]\n{WORDS}checks.c = \"c\"\n"),
            "my.toml:5:32: `c` is there twice",
        ),
        (
            format!("{HEAD}{WORDS}checks.c = \"c\"\n"),
            "my.toml:8:12: words for `checks.c`, but `checks` has no `c`",
        ),
        (
            format!(
                "{HEAD}checks = [{{ id = \"c\" }}]\n{WORDS}checks.c = \"c\"\nwhy.c = {{ pas = \"x\" }}\n"
            ),
            "my.toml:10:17: `pas` is no outcome",
        ),
        (
            format!("{HEAD}{WORDS}evidence.error.code = \"c\"\n"),
            "my.toml:8:23: words for `evidence.error.code`, but `evidence` has no `error.code`",
        ),
        (
            format!(
                "{HEAD}fixes = [{{ id = \"f\", command = \"ls '{{cos.key}}'\" }}]\n{WORDS}fixes.f = \"f\"\n"
            ),
            "my.toml:5:38: `{cos.key}` stands inside '",
        ),
        (format!("{HEAD}{WORDS}{HEAD}{WORDS}"), "my.toml:9:1: the rule `x` is already in my.toml:2"),
        ("[[step]]\nid = \"s\"\npass = \"true\"\n".to_owned(), "my.toml:2:6: [step.en] is missing"),
    ] {
        let refused = refused(&file);
        assert!(refused.starts_with(message), "{file}\n  {refused}\n  {message}");
    }
}

#[test]
fn every_mistake_of_every_file_is_told_at_once() {
    let file = format!("{HEAD}evidence = [\"error.cod\"]\n{WORDS}detail = \"{{cos.kee}}\"\n");
    let errors = Engine::load(&[("a.toml".into(), file.clone()), ("b.toml".into(), file)]).unwrap_err();
    let files: Vec<&str> = errors.0.iter().map(|error| error.file.as_str()).collect();
    assert_eq!(files, ["a.toml", "a.toml", "b.toml", "b.toml"]);
}
