//! Sentences that only COS says: recognised in any text, for people quote the sentence and leave out the code.

use std::sync::LazyLock;

use regex::Regex;

use super::labels;
use super::pattern::pattern;
use super::token::{Name, Says, Token};
use crate::cos::error::sentences;

/// Beginnings of COS's messages (see its documents 436/40105, 436/7730 and published bodies); the rest of the
/// sentence is taken with them.
static PHRASE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?ix)
        \b(?: access\ denied\.
        | you\ are\ denied\ by\ bucket\ referer\ rule
        | CORSResponse:\ this\ CORS\ request\ is\ not\ allowed[^\n"<>{}]*
        | the\ access\ key\ id\ (?:format\ )?you\ provided\ (?-i:[a-z\ ]+)
        | the\ signature\ you\ specified\ is\ invalid
        | request\ has\ (?:been\ )?expired
        | the\ operation\ is\ not\ valid\ for\ the\ object\ storage\ class
        | condition\ key\ [a-z0-9$-]+\ doesn(?:'|’|&apos;)t\ match[^\n"<>{}]*
        | you\ post\ object\ request\ has\ been\ expired[^\n"'<>{}]*
        | the\ bucket\ you\ are\ attempting\ to\ access\ must\ be\ addressed[^\n"'<>{},;]*
        | the\ APK/IPA\ file\ is\ not\ allowed[^\n"<>{}]*
        | (?:due\ to\ )?your\ account\ is\ arrears[^\n"'<>{}]*
        | the\ appid\ is\ unavailable[^\n"'<>{}]*
        | user\ network\ is\ too\ slow
        | your\ socket\ connection\ to\ the\ server\ was\ not\ read[^\n"'<>{};]*
        | missing\ required\ header\ for\ this\ request:\ (?:appid[^\n"'{}]*|[A-Za-z0-9-]+)
        | you\ must\ provide\ the\ content-length\ http\ header
        | strict\ signature\ missing\ [a-z]+\ that\ must\ be\ signed
        | check\ auth\ failure\ because\ signature\ empty
        | aws\ multichunkedencoding\ [A-Z0-9-]+\ is\ not\ supported
        | failed\ to\ query\ the\ state\ of\ source\ object
        | precondition\ not\ match
        | you\ must\ provide\ condition\ if\ you\ specify\ a\ policy[^\n"'<>{}]*
        | the\ body\ of\ your\ post\ request\ is\ not\ well-formed[^\n"'<>{}]*
        | the\ (?:provided\ )?security\ token[^\n"'<>{}]*(?:expired|invalid)
        | the\ (?:difference\ between\ the\ request\ time|request\ time\ (?:is\ )?too\ skewed)[^\n"'<>{}]*
        )\.?"#,
    )
});

/// Sentences that stand for a code, to their full stop where it is near.
static SENTENCE: LazyLock<Regex> = LazyLock::new(|| {
    let beginnings: Vec<String> = sentences::beginnings().map(regex::escape).collect();
    pattern(&format!(r#"(?i)\b(?:{})(?:[^\n"'<>{{}}.;:(]{{0,120}}\.)?"#, beginnings.join("|")))
});

/// The retired JSON API's refusal, which is the whole body of its answer.
static LEGACY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"You do not have permission to get URL '([^'\n]*)' from this server\.?"));

/// The retired API's answers with negative codes, wherever they are quoted.
static LEGACY_JSON: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\{ ?"code": ?-\d+, ?"message": ?"[^"\n]*"[^{}\n]*\}"#));

/// rclone's own words for an archived object, by which it asks for nothing at all.
static ARCHIVED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"Object in (?:GLACIER|DEEP_ARCHIVE|ARCHIVE), restore first"));

/// The same without its full stop is said by others too.
static SHORT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bAccess Denied\b"));

/// COS's sentences in `text`.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let phrases = PHRASE.find_iter(text).chain(SENTENCE.find_iter(text)).map(|found| {
        let sentence = labels::until_label(found.as_str().trim_end());
        Token::text(found.start(), Name::Message, sentence)
    });
    let mut tokens: Vec<Token> = phrases.collect();
    for found in LEGACY.captures_iter(text) {
        if let (Some(whole), Some(path)) = (found.get(0), found.get(1)) {
            tokens.push(Token::new(whole.start(), Says::Body(whole.as_str().to_owned())));
            tokens.push(Token::new(whole.start(), Says::Path(path.as_str().to_owned())));
        }
    }
    tokens.extend(
        LEGACY_JSON
            .find_iter(text)
            .map(|found| Token::new(found.start(), Says::Body(found.as_str().to_owned()))),
    );
    tokens.extend(
        ARCHIVED.find_iter(text).map(|found| Token::text(found.start(), Name::Code, "InvalidObjectState")),
    );
    tokens.extend(
        SHORT.find_iter(text).map(|found| Token::text(found.start(), Name::LabelledMessage, "Access Denied")),
    );
    tokens
}

/// Whether `text` is one of COS's sentences and nothing else.
pub(super) fn is_one(text: &str) -> bool {
    PHRASE.find(text).is_some_and(|found| found.range() == (0..text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_found_without_its_surroundings() {
        let text = r#""[code 403] The access key Id format you provided is invalid." or another"#;
        let found: Vec<Says> = tokens(text).into_iter().map(|t| t.says).collect();
        assert_eq!(
            found,
            [Says::Text(Name::Message, "The access key Id format you provided is invalid.".to_owned())]
        );
    }
}
