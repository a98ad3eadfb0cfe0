//! Whether an upload carried an ACL, by the code and the settings around its failure, and whether it went through without.

use std::sync::LazyLock;

use regex::Regex;

use crate::diagnosis::told::ToldAcl;
use crate::evidence::pattern::pattern;

/// A setting or parameter with an ACL in it.
static ACL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?ix)
        (?: \b(?:x-(?:amz|cos)-acl | (?:aws_|s3_)?(?:default_|object_|canned_?|upload_)?acl | s3_permission | s3_acl | predefined_?acl | objectacl) \b | --acl | @acl | \bcannedacl )
        ["'\\]* \s* (?:=>|[:=.(]|\ ) \s* \(? b? ["'\\]* (?:[a-z_]+\.)? ( public-?_?read(?:-?_?write)? | private | authenticated-?_?read | bucket-?_?owner[a-z-]* | default )\b
        "#,
    )
});

/// What such a thing is called in prose.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bacls?\b|x-(?:amz|cos)-acl|s3_permission|default_acl|permission header|public_?-?read|访问权限|权限头|public-read|公有读",
    )
});

static WITHOUT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:without|empty|remov(?:e|ed|ing)|drop(?:ped|ping)?|comment(?:ed|ing)? out|unset|none|null|omit(?:ted|ting)?|leav(?:e|ing) out|delet(?:e|ed|ing)|disabl(?:e|ed|ing)|not set|unchecked?|turn(?:ed|ing)? off)\b|=\s*(?:false|off|0|none|null)\b|去掉|去除|不设|不加|不带|不传|删掉|删除|删了|注释|置空|设为空|为空|留空|取消",
    )
});

static WORKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:works?|worked|fine|succeeds?|succeeded|ok|okay|fix(?:es|ed)?|helps?|helped|done|pass(?:es|ed)?|goes through|went through|uploads? (?:go|goes|succeed)|no (?:problem|error))\b|就好|就行|正常|没问题|成功|可以|通过|能(?:上传|传)",
    )
});

static FAILS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:not|n't|never|fails?|failed|still|403|denied|error|nor|neither|would|should)\b|n't\b|也|仍|还是|依然|不行|失败|报错|吗|是否|能否",
    )
});

/// A question that states what it asks about.
static WHY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\bwhy\b|\bhow come\b|为什么|为何|怎么回事|なぜ"));

/// What `text` says of an ACL; sentences are looked at one by one.
pub(super) fn told(text: &str) -> Option<ToldAcl> {
    let sentences = text.split_inclusive(['\n', '。', '！', '!', '？', '?', '；']);
    let cure = sentences
        .flat_map(|line| line.split(". "))
        .filter(|sentence| {
            sentence.len() <= 400 && (!sentence.ends_with(['?', '？']) || WHY.is_match(sentence))
        })
        .find_map(cure);
    let value = ACL.captures(text).and_then(|found| found.get(1)).or(cure)?;
    Some(ToldAcl { value: value.as_str().to_owned(), cured: cure.is_some() })
}

/// What the ACL is called, where `sentence` says that it goes through without.
fn cure(sentence: &str) -> Option<regex::Match<'_>> {
    let named = NAMED.find(sentence)?;
    let without = WITHOUT.find(sentence)?;
    // what the sentence says before is how it went with the ACL
    let after = sentence.get(without.end()..)?;
    let tail = if WORKS.is_match(after) { after } else { sentence };
    (WORKS.is_match(tail) && !FAILS.is_match(tail)).then_some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_calls_carry_an_acl() {
        for text in [
            "S3_PERMISSION=public-read",
            "AWS_DEFAULT_ACL = \"public-read\"",
            "client.put_object(Bucket=b, Key=k, Body=d, ACL='public-read')",
            "aws s3 cp a s3://b/a --acl public-read",
            "headers: { 'x-cos-acl': 'private' }",
            "request.setCannedAcl(CannedAccessControlList.PublicRead); // cannedAcl: public-read",
            "@acl private",
        ] {
            assert!(told(text).is_some(), "{text}");
            assert!(!told(text).unwrap().cured, "{text}");
        }
        assert_eq!(told("The bucket is private, its ACL is fine."), None);
    }

    #[test]
    fn what_goes_through_without_it_is_cured() {
        for text in [
            "S3_PERMISSION=public-read\nwith `S3_PERMISSION=` empty the same upload goes through",
            "ACL='public-read' 上传报 403，去掉 ACL 就好了",
            "--acl public-read fails. Without --acl it works.",
            "ACL: 'public-read' }\nINFO retry with setPublicRead=false -> ok",
            "Removing the ACL fixes it.",
        ] {
            assert!(told(text).unwrap().cured, "{text}");
        }
        for text in [
            "ACL='public-read' 上传报 403，去掉 ACL 也不行",
            "--acl public-read fails. Without --acl it does not work either.",
            "--acl public-read fails. Would it work without the ACL?",
            "--acl public-read fails, and without the ACL still 403",
        ] {
            assert!(!told(text).unwrap().cured, "{text}");
        }
    }
}
