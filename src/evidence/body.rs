//! Error bodies in a text: XML with or without its root, escaped or cut, wherever it stands; JSON; HTML.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::codes;
use super::mask;
use super::pattern::pattern;
use super::phrases;
use super::quoted;
use super::token::{Name, Says, Token};

/// The elements of an error body. Only these names are looked for: XML of another kind is not an error body.
macro_rules! element {
    ($cdata:literal) => {
        concat!(
            r"<(?<name>Code|Message|Resource|RequestId|TraceId|ServerTime|StringToSign|FormatString|HostId|Key|BucketName|Bucket|Method|Detail|Diagnosis|StringToSignBytes|CanonicalRequest|CanonicalRequestBytes|SignatureProvided|AccessKeyId|AWSAccessKeyId|ResourceType|AllowedMethod|Condition|ArgumentName|ArgumentValue|MinSizeAllowed|ProposedSize|Region|Endpoint|MaxMessageLengthBytes)(?:\s*/>|>(?:",
            $cdata,
            r"(?<text>[^<]*))(?<close></[A-Za-z0-9]*(?:\s*>)?)?)"
        )
    };
}

static ELEMENT: LazyLock<Regex> = LazyLock::new(|| pattern(element!(r"<!\[CDATA\[(?<cdata>(?s:.)*?)\]\]>|")));

/// For where no CDATA ends any more: its end would be looked for to the end of the text, from each element again.
static ELEMENT_WITHOUT_CDATA: LazyLock<Regex> = LazyLock::new(|| pattern(element!("")));

static OPEN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:<\?xml[^>]*>\s*(?:\\[nrt])*\s*)?<Error(?:\s[^>]*)?>"));

/// An HTML page, for what answered was then not COS's API.
static HTML: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?is)(?:<!doctype html|<html[\s>]).*?(?:</html>|\z)"));

/// As much white space and prose as may stand between two elements of one body.
const GAP: usize = 256;

struct Element {
    start: usize,
    end: usize,
    name: String,
    value: String,
    /// Its end tag was cut off in the middle.
    torn: bool,
}

struct Group {
    start: usize,
    end: usize,
    elements: Vec<Element>,
}

/// XML error bodies in `text` as tokens: the body itself, and what its elements say.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for group in groups(text) {
        let escaped =
            text.get(group.start..group.end).is_some_and(|body| body.contains("\\n") || body.contains("\\t"));
        let plain = |value: &str| if escaped { quoted::unescape(value) } else { value.to_owned() };
        let mut body = String::new();
        let mut at = group.start;
        for element in &group.elements {
            body.push_str(text.get(at..element.start).unwrap_or(""));
            at = element.end;
            if mask::is_masked(&element.value) || element.name == "Diagnosis" {
                continue;
            }
            let whole = text.get(element.start..element.end).unwrap_or("");
            let value = match element.name.as_str() {
                "Resource" => Cow::Borrowed(mask::resource(&element.value)),
                _ => unbroken(&element.name, &element.value),
            };
            if element.torn {
                body.push_str(&format!("<{0}>{value}</{0}>", element.name));
            } else if *value == *element.value {
                body.push_str(whole);
            } else {
                body.push_str(&whole.replace(&element.value, &value));
            }
            if let Some(name) = named(&element.name) {
                tokens.push(Token::text(element.start, name, entities(plain(&value).trim())));
            }
        }
        body.push_str(text.get(at..group.end).unwrap_or(""));
        tokens.push(Token::new(group.start, Says::Body(plain(&body))));
    }
    tokens
}

/// A value that a narrow window, or what read a picture of it, broke into lines. What was signed stays as it is.
fn unbroken<'a>(element: &str, value: &'a str) -> Cow<'a, str> {
    let words = || value.split_whitespace();
    let broken = value.trim().contains('\n');
    match element {
        "Code" => Some(words().collect::<String>()).filter(|code| codes::known(code).is_some()),
        "RequestId" | "TraceId" if broken => Some(words().collect()),
        "Message" if broken => {
            // A line that was full may have broken a word.
            let joined: String = value.trim().lines().map(|line| line.trim_start_matches('\t')).collect();
            Some(joined)
                .filter(|joined| phrases::is_one(joined))
                .or_else(|| Some(words().collect::<Vec<_>>().join(" ")))
        }
        _ => None,
    }
    .map_or(Cow::Borrowed(value), Cow::Owned)
}

fn named(element: &str) -> Option<Name> {
    Some(match element {
        "Code" => Name::Code,
        "Message" => Name::Message,
        "Resource" => Name::Resource,
        "RequestId" => Name::RequestId,
        "TraceId" => Name::TraceId,
        _ => return None,
    })
}

/// The elements that stand together, with the root around them if there is one.
fn groups(text: &str) -> Vec<Group> {
    let opens: Vec<(usize, usize)> = OPEN.find_iter(text).map(|found| (found.start(), found.end())).collect();
    let mut groups: Vec<Group> = Vec::new();
    let last_cdata = text.rfind("]]>").unwrap_or(0);
    let mut from = 0;
    let next = |from: usize| {
        let element = if from < last_cdata { &ELEMENT } else { &ELEMENT_WITHOUT_CDATA };
        element.captures_at(text, from)
    };
    while let Some(found) = next(from) {
        let (Some(whole), Some(name)) = (found.get(0), found.name("name")) else { break };
        from = whole.end();
        let cdata = found.name("cdata");
        let value = cdata.or_else(|| found.name("text"));
        let multiline = matches!(name.as_str(), "StringToSign" | "FormatString");
        let (end, value) = match value {
            // A value that was cut off ends with its line at the latest.
            Some(value) if found.name("close").is_none() && cdata.is_none() && !multiline => {
                let line = value.as_str().lines().next().unwrap_or("");
                let shown = line.split(" (truncated").next().unwrap_or(line);
                (value.start() + shown.len(), shown)
            }
            value => (whole.end(), value.map_or("", |value| value.as_str())),
        };
        let torn = found.name("close").is_some_and(|close| !close.as_str().ends_with('>'));
        let element = Element {
            start: whole.start(),
            end,
            name: name.as_str().to_owned(),
            value: value.to_owned(),
            torn,
        };
        let before = opens.partition_point(|(_, end)| *end <= whole.start());
        let open = before.checked_sub(1).and_then(|last| opens.get(last)).copied();
        let continues = |group: &Group| {
            whole.start().saturating_sub(group.end) <= GAP
                && open.is_none_or(|(start, _)| start <= group.start)
                && group.elements.iter().all(|e| e.name != element.name)
                && text.get(group.end..whole.start()).is_some_and(|gap| !gap.contains("</Error>"))
        };
        if let Some(group) = groups.last_mut()
            && continues(group)
        {
            group.end = end;
            group.elements.push(element);
            continue;
        }
        let near = |end: usize| {
            text.get(end..whole.start()).is_some_and(|gap| gap.len() <= GAP && !gap.contains("</Error>"))
        };
        let start = open.filter(|(_, end)| near(*end)).map_or(whole.start(), |(start, _)| start);
        groups.push(Group { start, end, elements: vec![element] });
    }
    groups.retain(|group| {
        let has = |name: &str| group.elements.iter().any(|e| e.name == name);
        has("Code") || has("Message") || has("StringToSign") || has("FormatString")
    });
    for group in &mut groups {
        if let Some(rest) = text.get(group.end..) {
            let close =
                rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\\' | 'n' | 't' | 'r'));
            if close.starts_with("</Error>") {
                group.end += rest.len() - close.len() + "</Error>".len();
            }
        }
    }
    groups
}

/// The text of the first `<Diagnosis>` in `text`.
pub(super) fn diagnosis(text: &str) -> Option<&str> {
    let (_, after) = text.split_once("<Diagnosis>")?;
    Some(after.split_once("</Diagnosis>").map_or(after, |(inside, _)| inside))
}

/// An HTML page in `text`.
pub(super) fn html(text: &str) -> Option<(usize, &str)> {
    HTML.find(text).map(|found| (found.start(), found.as_str()))
}

/// The five predefined entities, and those that stand for angle brackets by number, undone.
pub(super) fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#x3c;", "<")
        .replace("&#x3C;", "<")
        .replace("&#x3e;", ">")
        .replace("&#x3E;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(text: &str) -> Vec<String> {
        tokens(text)
            .into_iter()
            .filter_map(|t| match t.says {
                Says::Body(body) => Some(body),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_body_is_cut_out_of_the_text_around_it() {
        let text =
            "it says:\n<?xml version='1.0'?>\n<Error><Code>A</Code><Message>m</Message></Error>\nwhat now?";
        assert_eq!(
            bodies(text),
            ["<?xml version='1.0'?>\n<Error><Code>A</Code><Message>m</Message></Error>"]
        );
    }

    #[test]
    fn a_fragment_needs_no_root_and_no_end() {
        assert_eq!(bodies("<Code>A</Code>\n<Message>cut of"), ["<Code>A</Code>\n<Message>cut of"]);
        assert_eq!(bodies("<Code>A</Code><Message>m</Mess..."), ["<Code>A</Code><Message>m</Message>"]);
    }

    #[test]
    fn two_bodies_are_two() {
        assert_eq!(bodies("<Error><Code>A</Code></Error> <Error><Code>B</Code></Error>").len(), 2);
        assert_eq!(bodies("<Code>A</Code>\n<Code>B</Code>").len(), 2);
    }

    #[test]
    fn an_escaped_body_is_unescaped() {
        let text = r#"403 - "<?xml version='1.0'?>\n<Error>\n\t<Code>A</Code>\n</Error>\n""#;
        assert_eq!(bodies(text), ["<?xml version='1.0'?>\n<Error>\n\t<Code>A</Code>\n</Error>"]);
    }

    #[test]
    fn masked_elements_are_left_out() {
        assert_eq!(
            bodies("<Error><Code>A</Code><Resource>xxxx</Resource><RequestId>***</RequestId></Error>"),
            ["<Error><Code>A</Code></Error>"]
        );
    }
}
