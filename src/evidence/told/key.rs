//! With what key a request was made, by what the text around its failure says: a temporary one, a user's own, none.
//!
//! Names out of code, settings and logs count for more than words of prose; what is denied, asked for or only named as
//! the contrast to what failed does not count.

use std::sync::LazyLock;

use regex::Regex;

use super::around::Around;
use crate::diagnosis::told::{KeyKind, ToldKey};
use crate::evidence::pattern::pattern;

/// Names that only who uses a temporary key writes.
static TEMPORARY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?ix)
        \b (?: (?:aws_?)? session_?token | (?:x-?cos-?|x-amz-|x_?cos_?)? security_?-?token | tmp_?secret_?(?:id|key)
        | get_?federation_?token | assume_?role (?:withsaml|withwebidentity)? \b | qcloud-[a-z-]*sts (?:-sdk)? | cos-?sts(?:-sdk|client)?
        | qcloud_?sts | sts \.(?:[a-z-]+\.)? (?:tencentcloudapi|api\.qcloud|internal\.tencent) | allow_?prefix | sts_?(?:token|credential|key|secret)s?
        | (?:basic|static)?session_?(?:qcloud)?credentials? | temporary_?(?:aws|cos|qcloud)?_?credentials?_?provider )
        | \\?"tmp\\?"\s*:\s*true | [(,]\s*token\s*= | \bsts/v\d
        "#,
    )
});

static TEMPORARY_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)
        临时\s*(?:密钥|秘钥|凭证|凭据|授权|token|key|sk|ak|身份) | 臨時\s*(?:密鑰|憑證) | 一時(?:的な)?\s*(?:キー|認証情報|クレデンシャル|鍵)
        | \btemp(?:orary)?[\ -](?:secret|security|access|sts|cos)?\ ?(?:key|credential|cred|secret|token)s?\b
        | \bshort-lived\ (?:key|credential|token)s? | \bfederat(?:ed|ion)\ (?:user|token|credential)s? | \bsession\ token
        ",
    )
});

/// An abbreviation, in capitals alone.
static STS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[^A-Za-z0-9_.-])(STS)(?:$|[^A-Za-z0-9_])"));

/// Settings and types that leave a request unsigned.
static UNSIGNED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?ix)
        \bNOSIGN\b | --no-sign-request | \bno_?sign_?request\b | \bsignature_version\W{1,6}(?:botocore\.)?UNSIGNED\b
        | \banonymous_?(?:aws|cos)?_?credentials?(?:_?provider)? | \banon(?:ymous)?['"]?\s*(?:=|:|=>)\s*['"]?true
        | \b(?:aws_)?skip_signature\b | --anonymous\b | \ballow_anonymous\b | \bno_?sign['"]?\s*[:=]\s*['"]?(?:true|1)
        | \bnocredentialsprovider\b | \bpublic_bucket['"]?\s*[:=,]\s*['"]?(?:true|1)
        "#,
    )
});

static UNSIGNED_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)
        匿名 | (?:不带|没带|没有带|未带|不用|没有|没|无|未)\s*签名 | 签名\s*(?:已关闭|关闭|禁用) | 不签名 | 关闭\s*签名
        | \banonymously\b | \b(?:as|via|an)\ anonymous\b | \banonymous\ (?:access|requests?|users?|reads?|downloads?|gets?|mode|clients?|uploads?)\b | \bunsigned\ (?:request|url|get|access) | \bsign(?:ature|ing)\ (?:is\ )?(?:disabled|turned\ off|off)
        | \bwithout\ (?:any\ )?(?:a\ )?(?:signature|signing|credentials|authentication|auth)\b | \bno\ (?:signature|credentials)\b
        | \b(?:not|never)\ signed\b
        ",
    )
});

/// A user's own key.
static PERMANENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)
        永久\s*(?:密钥|秘钥|凭证) | 长期\s*(?:密钥|秘钥) | 固定\s*(?:密钥|秘钥) | 主账号\s*(?:的)?\s*(?:密钥|秘钥) | 永続キー
        | \b(?:permanent|long-term|long-lived|root|main\ account(?:'s)?|master)\ (?:secret|access|api)?\ ?(?:key|credential|secret)s?
        ",
    )
});

/// A user, who has a key of the own.
static USER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)子(?:账号|账户|用户|帐号)|协作者|\bsub-? ?(?:account|user)s?\b|\bcam users?\b|\biam users?\b",
    )
});

/// A value that is none.
static EMPTY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"(?i)^\\?["']?\s*(?:=>|[:=])\s*(?:none|null|nil|undefined|false|""|''|\\"\\"|,|\)|$)"#)
});

static SAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:same|also|as well|too|either|likewise)\b|一样|也不行|也是|也报|同样|也会|也被|依然|仍然|还是|同じ",
    )
});

/// A mark, and how firm it is.
struct Mark<'t> {
    kind: KeyKind,
    firm: bool,
    words: &'t str,
}

/// More marks say nothing new.
const MOST: usize = 64;

/// What `text` says of the key.
pub(super) fn told(text: &str) -> Option<ToldKey> {
    let mut marks: Vec<Mark<'_>> = Vec::new();
    let mut contrast = Contrast::default();
    for found in PERMANENT.find_iter(text).take(MOST) {
        let around = Around::of(text, found.range());
        contrast.add(&around);
    }
    for found in USER.find_iter(text).take(1) {
        marks.push(Mark { kind: KeyKind::Permanent, firm: false, words: found.as_str() });
    }
    for (kind, firm, is_mark) in [
        (KeyKind::Temporary, true, &*TEMPORARY),
        (KeyKind::Temporary, false, &*TEMPORARY_WORDS),
        (KeyKind::Temporary, false, &*STS),
        (KeyKind::None, true, &*UNSIGNED),
        (KeyKind::None, false, &*UNSIGNED_WORDS),
    ] {
        for found in is_mark.captures_iter(text).take(MOST) {
            let Some(found) = found.get(1).or(found.get(0)) else { continue };
            let around = Around::of(text, found.range());
            let no_word = !firm && around.asks_advice();
            let is_contrast = contrast.fails && around.works();
            let is_none = around.is_denied() || is_empty(found.as_str(), around.after);
            if !(no_word || is_contrast || is_none) {
                marks.push(Mark { kind, firm, words: found.as_str() });
                break;
            }
        }
    }
    if NO_TOKEN.is_match(text) {
        marks.retain(|mark| !mark.words.ends_with('='));
    }
    if contrast.same {
        // with another key it fails as well: it is not the key's kind
        marks.retain(|mark| mark.kind != KeyKind::Temporary);
    }
    chosen(&marks)
}

fn chosen(marks: &[Mark<'_>]) -> Option<ToldKey> {
    let of = |kind: KeyKind, firm: bool| marks.iter().find(|mark| mark.kind == kind && mark.firm == firm);
    let told = |mark: &Mark<'_>| {
        let firm = mark.firm;
        ToldKey { kind: mark.kind, firm, words: mark.words.trim().to_owned() }
    };
    match (of(KeyKind::Temporary, true), of(KeyKind::None, true)) {
        (Some(_), Some(_)) => return None,
        (Some(mark), None) | (None, Some(mark)) => return Some(told(mark)),
        (None, None) => {}
    }
    // where a user is spoken of, "anonymous" is mostly a word about policies
    let user = of(KeyKind::Permanent, false);
    match (of(KeyKind::Temporary, false), of(KeyKind::None, false).filter(|_| user.is_none())) {
        (Some(_), Some(_)) => None,
        (Some(mark), None) | (None, Some(mark)) => Some(told(mark)),
        (None, None) => user.map(told),
    }
}

/// Whether the value of what is named is none.
fn is_empty(name: &str, after: &str) -> bool {
    let separator = if name.ends_with('=') { "=" } else { "" };
    EMPTY.is_match(&format!("{separator}{after}"))
}

/// The vendor's samples pass on a token that they set to nothing before.
static NO_TOKEN: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?i)\btoken\s*=\s*(?:none|null|nil|''|"")"#));

/// How it goes with a user's own key.
#[derive(Default)]
struct Contrast {
    /// The same way.
    same: bool,
    /// It fails there.
    fails: bool,
}

impl Contrast {
    fn add(&mut self, around: &Around<'_>) {
        let works = around.works() && !around.fails();
        self.same |= SAME.is_match(around.clause) && !works
            || SAME.is_match(around.clause) && around.clause.to_ascii_lowercase().contains("same");
        self.fails |= around.fails();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Option<(&'static str, bool)> {
        told(text).map(|key| (key.kind.as_str(), key.firm))
    }

    #[test]
    fn names_and_words_tell_of_a_temporary_key() {
        for text in [
            "Token=c['sessionToken'])",
            "cos.options.SecurityToken = data.credentials.sessionToken",
            "const STS = require('qcloud-cos-sts');",
            "{\"msg\":\"上传失败\",\"tmp\":true}",
            "I call GetFederationToken on the backend",
            "provider=org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider",
            "allowPrefix: 'a/*'",
        ] {
            assert_eq!(key(text), Some(("temporary", true)), "{text}");
        }
        for text in [
            "用临时密钥上传报 403",
            "We upload with temporary credentials.",
            "the keys come from STS and last 30 minutes",
            "東京リージョンのバケットに一時キーで",
            "With my permanent key it works, with temporary keys I get 403",
            "永久密钥可以，临时密钥不行",
        ] {
            assert_eq!(key(text), Some(("temporary", false)), "{text}");
        }
    }

    #[test]
    fn what_is_denied_or_contrasted_does_not_count() {
        for text in [
            "不是临时密钥",
            "没有用 STS，就是普通密钥",
            "We use no temporary credentials.",
            "This is without STS.",
            "Should I use temporary keys?",
            "是不是要用临时密钥？",
            "sessionToken: null,",
            "session_token=None)",
            "用临时密钥上传，用永久密钥也一样报错",
            "I use temporary keys. With a permanent key it is the same.",
            "临时密钥可以上传，永久密钥报 403",
            "token = None\nconfig = CosConfig(Region=region, SecretId=id, SecretKey=key, Token=token)",
            "The bucket policy lets anonymous users read; we ask as a CAM user.",
        ] {
            assert!(key(text).is_none_or(|(kind, _)| kind == "permanent"), "{text}: {:?}", key(text));
        }
    }

    #[test]
    fn nobody_asks_where_a_setting_or_a_word_says_so() {
        for text in [
            "s3('https://b/x.parquet', NOSIGN, 'Parquet')",
            "aws s3 cp --no-sign-request s3://b/k .",
            "config=Config(signature_version=UNSIGNED)",
            "new AnonymousCOSCredentials()",
            "storage_options={'anon': True}",
        ] {
            assert_eq!(key(text), Some(("none", true)), "{text}");
        }
        for text in ["匿名访问报 403", "fetched without any credentials", "链接没带签名"] {
            assert_eq!(key(text), Some(("none", false)), "{text}");
        }
        assert_eq!(key("x-amz-content-sha256: UNSIGNED-PAYLOAD"), None);
        assert_eq!(key("botocore.credentials DEBUG Looking for credentials via: assume-role"), None);
    }
}
