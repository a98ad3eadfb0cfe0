//! How a request's signature was made, by what the text around its failure says: for which method, whether its strings
//! were compared, whether its URL was changed afterwards, whether the token went with it.

use std::sync::LazyLock;

use regex::Regex;

use super::around::Around;
use super::presigned;
use crate::diagnosis::told::ToldSigning;
use crate::evidence::pattern::pattern;

/// The strings that a signature is made of.
static STRING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bHttp_?String\b|\bFormat_?String\b|\bString_?To_?Sign\b|\bcanonical[_ ]?request\b|待签名(?:字符)?串|签名(?:原)?串|\bsigned strings?\b|署名(?:対象)?文字列",
    )
});

static EQUAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)一模一样|完全(?:一样|一致|相同)|一致|相同|一样|\bidentical\b|\b(?:exactly|completely|all|are|is|look|looks) (?:the )?(?:same|equal)\b|\b(?:match|matches|matched)\b|\bequal\b|\bthe same as\b|\bbyte[- ](?:for|by)[- ]byte\b|\bno difference\b|\bsame string\b|一致して|同じ",
    )
});

static UNEQUAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)不一致|不一样|不相同|不同|不匹配|是否|吗|能否|对不上|\b(?:not|n't|never|differs?|different|except|unless|if|whether|should|must|check|does not|doesn't|don't|apart from)\b|n't\b|除了|只有|唯一|違う|異なる|一致しな|一致していな|同じではな|确认|检查|需要|应该|要和",
    )
});

/// That a URL was changed, and what of it.
static CHANGED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)替换|改成|改为|换成|修改了?|改了|手动改|手动加|\b(?:replac(?:e|ed|es|ing)|chang(?:e|ed|es|ing)|edit(?:ed|s|ing)?|modif(?:y|ied|ies|ying)|swap(?:ped|s)?|tweak(?:ed)?|overwr(?:ite|ote|itten))\b|書き換え|変更し|置き換え",
    )
});

static LINK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)链接|url|地址|\blink\b|リンク|presigned|签名(?:后|好)|after (?:it was )?(?:signing|signed)|署名後",
    )
});

static PARAMETER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)参数|filename|文件名|后面的值|的值|\bparam(?:eter)?s?\b|\bquery\b|response-content|\bdisposition\b|versionid|imagemogr|パラメータ|ファイル名|\bvalue of\b",
    )
});

/// With the same URL one method works and another does not.
static WORKS_WITH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:with|by|via|using|as|for) (?:a )?(GET|PUT|HEAD|POST|DELETE)\b[^\n.;。；]{0,24}\b(?:it )?(?:works?|worked|fine|ok|succeeds?|200)\b|\b(GET|PUT|HEAD|POST|DELETE)(?:ting)? (?:request )?(?:it )?(?:works?|worked|is fine|is ok|succeeds?|gives 200|returns 200)\b|(?:用|换成?|以)? ?\b(GET|PUT|HEAD|POST|DELETE) ?(?:请求|方法|方式|下载|访问|打开)?(?:就|都|是)?(?:可以|正常|没问题|成功|能(?:下载|访问|打开))|\b(GET|PUT|HEAD|DELETE) ?(?:では|なら|だと)[^\n。]{0,10}(?:取れ|成功|動|問題な|できま|通り|ダウンロードでき)",
    )
});

/// A URL that is the same for both methods, or signed.
static SAME_URL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:same|this|the|one|signed|presigned|pre-signed) (?:pre-?signed |signed )?(?:url|link)\b|presigned|pre-signed|(?:同一个?|这个?|该|预签名|签名) ?(?:url|链接|地址)|q-sign-algorithm=|署名付き|同じ ?(?:url|リンク)|URL は",
    )
});

/// Where the token goes with the request.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)\bx-cos-security-token\b|\bx-amz-security-token\b|\b(?:xcos)?security_?token["']?\s*[:=]\s*[^\s,})]|\b(?:aws_)?session_?token\s*=\s*[^\s,})=]|\btoken\s*=\s*[^\s,})=]|\bsessionToken\s*:\s*[^\s,})]"#,
    )
});

static NOT_SENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)没(?:有)?(?:传|带|放|加|用|设)|未(?:传|带|加|设)|不(?:传|带|加)|少了|漏了|忘(?:了|记)|放哪|怎么(?:传|放|带)|\b(?:no|not|without|missing|forgot|never|where|how|n't)\b|n't\b|送っていない|付けていない|渡していない",
    )
});

const MOST: usize = 16;

/// What `text` says of the signature.
pub(super) fn told(text: &str) -> ToldSigning {
    ToldSigning {
        method: presigned::method(text).or_else(|| works_with(text)),
        compared_equal: compared_equal(text),
        changed: changed(text),
        token_sent: token_sent(text),
    }
}

fn works_with(text: &str) -> Option<String> {
    if !SAME_URL.is_match(text) {
        return None;
    }
    let found = WORKS_WITH.captures(text)?.iter().skip(1).flatten().next()?;
    let around = Around::of(text, found.range());
    (!around.is_question()).then(|| found.as_str().to_ascii_uppercase())
}

fn compared_equal(text: &str) -> Option<String> {
    let mut equal = None;
    for found in STRING.find_iter(text).take(MOST) {
        let around = Around::of(text, found.range());
        if around.is_question() {
            continue;
        }
        if EQUAL.is_match(around.sentence) {
            // what is equal but for one thing is not equal
            if UNEQUAL.is_match(around.clause) || UNEQUAL.is_match(head(around.sentence)) {
                return None;
            }
            equal = equal.or_else(|| EQUAL.find(around.sentence).map(|words| words.as_str().to_owned()));
        }
    }
    equal
}

/// The part of a sentence in which the strings are compared.
fn head(sentence: &str) -> &str {
    EQUAL.find(sentence).and_then(|found| sentence.get(..found.end())).unwrap_or(sentence)
}

fn changed(text: &str) -> Option<String> {
    CHANGED.find_iter(text).take(MOST).find_map(|found| {
        let around = Around::of(text, found.range());
        let of_url = LINK.is_match(around.sentence) && PARAMETER.is_match(around.sentence);
        (of_url && !around.asks() && !around.is_denied()).then(|| found.as_str().to_owned())
    })
}

fn token_sent(text: &str) -> Option<String> {
    TOKEN.find_iter(text).take(MOST).find_map(|found| {
        let around = Around::of(text, found.range());
        let last = found.as_str().chars().last().unwrap_or(' ');
        let value = format!("{last}{}", around.after);
        let is_empty = EMPTY.is_match(&value);
        let sent = !is_empty && !NOT_SENT.is_match(around.clause);
        sent.then(|| found.as_str().split(['=', ':']).next().unwrap_or("").trim().to_owned())
    })
}

/// A value that is none.
static EMPTY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)^(?:none\b|null\b|nil\b|undefined\b|""|'')"#));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_that_were_compared_are_told_from_those_to_compare() {
        for text in [
            "把本地的 HttpString 和返回的 FormatString 一个字一个字比对完全一样",
            "The StringToSign we print and the one in the answer are identical.",
            "My HttpString matches the FormatString byte by byte.",
            "FormatString と自分の HttpString は完全に同じです。",
        ] {
            assert!(told(text).compared_equal.is_some(), "{text}");
        }
        for text in [
            "HttpString 和 FormatString 不一致",
            "Do HttpString and FormatString match?",
            "Check whether the FormatString is identical to your HttpString.",
            "The FormatString does not match my HttpString.",
            "HttpString and FormatString are the same except for the host.",
            "HttpString 和 FormatString 一样吗",
        ] {
            assert_eq!(told(text).compared_equal, None, "{text}");
        }
    }

    #[test]
    fn a_parameter_that_was_changed_is_told_from_a_domain() {
        for text in [
            "就把链接里 filename= 后面的值替换成了中文标题",
            "I changed the filename parameter in the URL afterwards.",
            "署名後にURLのパラメータを書き換えました",
        ] {
            assert!(told(text).changed.is_some(), "{text}");
        }
        for text in [
            "把链接里的域名替换成了自己的",
            "We did not change any parameter of the URL.",
            "Can I change a parameter of the URL?",
        ] {
            assert_eq!(told(text).changed, None, "{text}");
        }
    }

    #[test]
    fn the_method_with_which_it_works_is_the_signed_one() {
        for text in [
            "With GET it works, PUT fails with the same URL.",
            "同一个链接用 GET 可以，PUT 就 403",
            "署名付き URL です。GET では普通に取れます。",
        ] {
            assert_eq!(told(text).method.as_deref(), Some("GET"), "{text}");
        }
        assert_eq!(told("With GET it works, PUT fails.").method, None);
        assert_eq!(told("The same URL fails with GET and PUT.").method, None);
    }

    #[test]
    fn a_token_that_is_sent_is_told_from_one_that_is_named() {
        for text in ["x-cos-security-token: abc", "SecurityToken: data.sessionToken,", "Token=token)"] {
            assert!(told(text).token_sent.is_some(), "{text}");
        }
        for text in
            ["后端返回 tmpSecretId tmpSecretKey sessionToken", "没带 x-cos-security-token", "Token=None)"]
        {
            assert_eq!(told(text).token_sent, None, "{text}");
        }
    }
}
