//! What conditions refuse, and where.

use coswhy::diagnosis::expression::Condition;
use coswhy::diagnosis::{Engine, Exchange, ResponseEvidence};
use ulid::Ulid;

/// The mistake that a rule with this condition has, in a file of which the condition is on line 3, column 8.
fn refused(when: &str) -> String {
    let rule = format!(
        "[[rule]]\nid = \"x\"\nwhen = '''{when}'''\nconfidence = \"likely\"\n[rule.en]\ntitle = \"t\"\nsummary = \"s\"\n"
    );
    match Engine::load(&[("my.toml".into(), rule)]) {
        Ok(_) => "accepted".to_owned(),
        Err(errors) => errors.to_string(),
    }
}

#[test]
fn mistakes_are_named_with_file_line_column_and_the_nearest_name() {
    for (when, message) in [
        (
            "error.messag == 'x'",
            "my.toml:3:11: no fact is called `error.messag`; did you mean `error.message`?",
        ),
        (
            "true && auth.sceme == 'none'",
            "my.toml:3:19: no fact is called `auth.sceme`; did you mean `auth.scheme`?",
        ),
        (
            "error.message.startWith('x')",
            "my.toml:3:25: no function is called `startWith`; did you mean `startsWith`?",
        ),
        ("foo()", "my.toml:3:11: no function is called `foo`"),
        (
            "error.code > 5",
            "my.toml:3:24: the right side, like the left, needs text, and this is of type int",
        ),
        ("error.code", "my.toml:3:11: a condition is true or false, and this is of type text"),
        ("error.code == null", "my.toml:3:25: no fact is null: has(fact) tells whether it is known"),
        ("auth.signed && clock.skew", "my.toml:3:26: `&&` needs bool, and this is of type int"),
        ("!error.code", "my.toml:3:12: `!` needs bool, and this is of type text"),
        ("error.message.contains(5)", "my.toml:3:34: `contains` needs text, and this is of type int"),
        ("error.message.contains()", "my.toml:3:25: `contains` is called like so: text.contains(text)"),
        ("error.message.matches('(')", "my.toml:3:33: not a regular expression: unclosed group"),
        (
            "error.message.matches(error.code)",
            "my.toml:3:33: the pattern of `matches` is written out: it is compiled when the rule is loaded",
        ),
        ("'x' in error.code", "my.toml:3:18: `in` looks into a list or a map, and this is of type text"),
        ("5 in request.headers", "my.toml:3:11: `in` does not find a value of type int in there"),
        ("has(error.cod)", "my.toml:3:15: no fact is called `error.cod`; did you mean `error.code`?"),
        (
            "true &&\n  eror.code == 'x'",
            "my.toml:4:3: no fact is called `eror.code`; did you mean `error.code`?",
        ),
        ("'中文' == error.cod", "my.toml:3:19: no fact is called `error.cod`; did you mean `error.code`?"),
        (
            "auth.header_list.exists(x, x == 'host')",
            "my.toml:3:34: `all`, `exists`, `map` and `filter` are not to be had in rules",
        ),
        ("error.code == ", "my.toml:3:25: "),
        ("1.5 < 2.5", "my.toml:3:11: no fact has the type of this literal: text, int and bool are"),
    ] {
        let refused = refused(when);
        assert!(refused.starts_with(message), "{when}\n  {refused}\n  {message}");
    }
}

/// Each is short enough to be read, and deep enough to exhaust the stack of who follows it.
#[test]
fn conditions_deeper_than_a_person_writes_are_refused() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{'a':", "}")] {
        let depth = 4000 / (open.len() + close.len());
        let refused = refused(&format!("{}1{} == 1", open.repeat(depth), close.repeat(depth)));
        assert!(refused.contains("at most 48 brackets inside each other"), "{refused}");
    }
    assert_eq!(refused(&format!("{}error.code == 'x'{}", "(".repeat(8), ")".repeat(8))), "accepted");
}

/// What a condition by itself is refused for; without the built-in rules, whose loading takes a while.
fn mistake(when: &str) -> String {
    Condition::new(when).map_or_else(|error| error.message, |_| "accepted".to_owned())
}

/// Operators that stand behind each other without brackets.
#[test]
fn long_chains_do_not_exhaust_the_stack() {
    for (first, more, last) in [
        ("1", "+1", " == 1"),
        ("1", "-1", " == 1"),
        ("'a'", "+'a'", " == 'a'"),
        ("true", "&&true", ""),
        ("true", "||true", ""),
        ("true", "?true:true", ""),
        ("", "!", "true"),
        ("", "-", "1 == 1"),
        ("error", ".a", " == 'a'"),
        ("error.code", ".lowerAscii()", " == 'a'"),
    ] {
        let chain = |times: usize| format!("{first}{}{last}", more.repeat(times));
        let whole = (4090 - first.len() - last.len()) / more.len();
        assert!(mistake(&chain(whole)).contains("at most 256 signs of operators"), "{more}");
        // As long as may be: taken or refused, it comes to an end.
        let signs = more.matches(['+', '-', '&', '|', '?', '!', '.']).count();
        let _ = mistake(&chain(240 / signs));
        assert!(
            mistake(&format!("{}{}", chain(9), " ".repeat(4096))).contains("at most 4096 bytes"),
            "{more}"
        );
    }
    assert_eq!(mistake(&format!("1 in [1{}]", ",1".repeat(2040))), "accepted");
    assert_eq!(mistake(&format!("error.code in ['a'{}]", ",'a'".repeat(1000))), "accepted");
}

#[test]
fn patterns_are_bounded_in_size_and_number() {
    let pattern = |text: &str| mistake(&format!("error.message.matches(r'{text}')"));
    for large in ["(a{1000}){1000}", r"\w{1000}", r"(\pL{60}){60}", &"a".repeat(1025)] {
        assert!(pattern(large).contains("not a regular expression"), "{large}: {}", pattern(large));
    }
    let many = |count: usize| mistake(&vec!["error.message.matches('a')"; count].join(" || "));
    assert_eq!(many(16), "accepted");
    assert!(many(17).contains("at most 16 regular expressions"), "{}", many(17));
}

/// Who goes back and forth over these texts takes longer than anybody waits: 2 to the power of their length.
#[test]
fn no_pattern_takes_more_time_than_in_proportion_to_the_text() {
    let patterns = ["(a+)+$", "^(a|a)*$", "(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?:a?){60}a{60}$"];
    let rules: String = patterns
        .iter()
        .enumerate()
        .map(|(number, pattern)| {
            format!(
                "[[rule]]\nid = \"slow-{number}\"\nwhen = \"error.message.matches('{pattern}')\"\n\
                 confidence = \"certain\"\n[rule.en]\ntitle = \"t\"\nsummary = \"s\"\n"
            )
        })
        .collect();
    let engine = Engine::load(&[("my.toml".into(), rules)]).unwrap();
    let cause = |end: &str| {
        let body = format!("<Error><Code>A</Code><Message>{}{end}</Message></Error>", "a".repeat(50_000));
        let exchange = Exchange {
            response: ResponseEvidence { status: Some(403), body: Some(body.into()), ..Default::default() },
            ..Exchange::default()
        };
        engine.diagnose(&exchange, Ulid::nil()).cause.to_string()
    };
    assert_eq!(cause(""), "slow-0");
    assert!(!cause("!").starts_with("slow"));
}
