//! The words that some facts have for values, as people read them in a sentence. Conditions, commands and JSON have the words
//! themselves.

use crate::config::settings::Language;

/// Words that say little by themselves, in both languages.
const DISTORTIONS: &[(&str, &str, &str)] = &[
    ("host", "another host", "host 不同"),
    ("host-port", "the host with or without its port", "host 是否带端口"),
    ("path-encoded", "the path escaped or not", "路径是否转义"),
    ("path-encoded-twice", "the path escaped twice", "路径转义了两次"),
    ("path-plus", "a plus sign for a space in the path", "路径中的加号与空格"),
    ("path-normalization", "another Unicode form of the path", "路径的 Unicode 规范化形式"),
    ("path-slash", "a slash of the path", "路径中的斜杠"),
    ("path-bucket", "the bucket in the path", "路径中是否带存储桶"),
    ("path-query", "the path with the query behind it", "路径中带了查询参数"),
    ("content-type-charset", "the charset of Content-Type", "Content-Type 的 charset"),
    ("content-type", "another Content-Type", "Content-Type 不同"),
    ("body-length", "the Content-Length of another body", "Content-Length 与请求体不符"),
    ("header-left-out", "a listed header left out", "漏签了列表中的请求头"),
    ("header-not-listed", "a header that is not in the list", "签名了未列出的请求头"),
    ("header-not-sent", "a header that was not sent so", "签名的请求头未按原值发送"),
    ("header-order", "the order of the headers", "请求头的顺序"),
    ("header-encoding", "the escaping of the headers", "请求头的转义"),
    ("param-left-out", "a listed parameter left out", "漏签了列表中的参数"),
    ("param-not-listed", "a parameter that is not in the list", "签名了未列出的参数"),
    ("param-not-sent", "a parameter that was not sent so", "签名的参数未按原值发送"),
    ("param-order", "the order of the parameters", "参数的顺序"),
    ("param-encoding", "the escaping of the parameters", "参数的转义"),
    ("method", "another method", "请求方法不同"),
    ("method-case", "the method in upper case", "请求方法的大小写"),
    ("times", "the times of the key and of the signature", "密钥与签名的时间"),
    ("key-blank", "white space or quotes around the SecretKey", "SecretKey 两端有空白或引号"),
    ("key-of-another", "the SecretKey of another SecretId", "使用了其他 SecretId 的 SecretKey"),
    ("key-is-secret-id", "the SecretId in the SecretKey's place", "将 SecretId 用作 SecretKey"),
    ("sign-key", "the form of SignKey", "SignKey 的形式"),
    ("string-form", "the form of the string to sign", "StringToSign 的格式"),
    ("region", "another region in the scope", "范围中的地域不同"),
    ("service", "another service in the scope", "范围中的服务不同"),
    ("date", "another date in the scope", "范围中的日期不同"),
    ("payload-hash", "the hash of the body", "请求体的哈希"),
    ("resource", "the bucket in the resource", "资源中的存储桶"),
];

const HOSTS: &[(&str, &str)] = &[
    ("virtual-host", "存储桶默认域名"),
    ("path-style", "路径形式（path-style）的域名"),
    ("service", "查询存储桶列表的域名"),
    ("internal", "内网域名"),
    ("accelerate", "全球加速域名"),
    ("website", "静态网站域名"),
    ("pic", "图片处理域名"),
    ("ci", "数据万象域名"),
    ("control", "批量处理域名"),
    ("default-cdn", "默认 CDN 加速域名"),
    ("legacy-json", "旧版 JSON API 域名"),
    ("custom", "自定义域名"),
];

/// Of each fact the words that are English. Those that are names, as `q-sign` and `nginx`, are left as they are.
const CHINESE: &[(&str, &[(&str, &str)])] = &[
    ("auth.scheme", &[("none", "无签名"), ("unknown", "未知"), ("masked", "签名已被隐去")]),
    (
        "auth.place",
        &[("header", "请求头"), ("query", "请求参数"), ("sign-parameter", "sign 参数"), ("form", "表单")],
    ),
    ("client.name", &[("cos-sdk", "COS SDK"), ("browser", "浏览器")]),
    ("clock.source", &[("request-id", "RequestId"), ("server-time", "ServerTime"), ("date", "Date 响应头")]),
    (
        "cors.missed",
        &[
            ("all", "全部（没有跨域响应头）"),
            ("origin", "来源"),
            ("method", "请求方法"),
            ("headers", "请求头"),
            ("credentials", "携带凭证"),
            ("repeated", "重复的 Access-Control-Allow-Origin"),
        ],
    ),
    ("cos.host_kind", HOSTS),
    (
        "key.looks",
        &[
            ("permanent", "永久密钥"),
            ("temporary", "临时密钥"),
            ("secret-key", "SecretKey（可能与 SecretId 填反）"),
            ("placeholder", "占位符"),
            ("stray", "两端有空白或引号"),
            ("cut", "长度不足"),
            ("number", "数字（AppId 或账号）"),
            ("other-vendor", "其他厂商的密钥"),
            ("other", "其他"),
        ],
    ),
    (
        "proxy.signing",
        &[
            ("anew", "验证通过并已重新签名"),
            ("not-signed", "请求没有签名"),
            ("not-covered", "签名不涉及改写的部分"),
            ("no-key", "coswhy 没有该 SecretId 的密钥"),
            ("does-not-verify", "签名未通过验证"),
            ("expired", "签名已过期"),
            ("chunk-signed", "分块签名"),
            ("form", "表单中的签名"),
            ("unsupported", "不支持的签名类型"),
            ("host-not-signed", "签名不含 Host"),
            ("port-not-signed", "签名的 Host 不含端口"),
            ("name-not-mapped", "域名没有明确的映射"),
            ("ambiguous", "签名不唯一"),
        ],
    ),
    (
        "referer.sender",
        &[
            ("address-bar", "浏览器地址栏"),
            ("page", "网页（由其 Referrer-Policy 决定）"),
            ("wechat", "微信"),
            ("web-view", "应用内嵌的网页"),
            ("app", "应用"),
            ("tool", "工具"),
        ],
    ),
    (
        "response.body",
        &[
            ("empty", "空"),
            ("cos-xml", "COS 的 XML"),
            ("cos-json", "COS 的 JSON"),
            ("legacy-json", "旧版 API 的 JSON"),
            ("html", "HTML"),
            ("xml", "XML"),
            ("json", "JSON"),
            ("text", "文本"),
        ],
    ),
    (
        "response.server_kind",
        &[("cos", "COS"), ("ci", "数据万象"), ("cdn", "CDN"), ("waf", "防火墙（WAF）"), ("other", "其他")],
    ),
    (
        "signature.differs_in",
        &[
            ("method", "请求方法"),
            ("path", "路径"),
            ("params", "请求参数"),
            ("host", "Host"),
            ("headers", "请求头"),
        ],
    ),
    ("signature.format_host_kind", HOSTS),
];

/// A fact's word in a sentence; `None` where it is a name, or reads well as it is.
pub(super) fn spoken(fact: &str, word: &str, language: Language) -> Option<&'static str> {
    if fact == "signature.distortion" {
        let (_, en, zh) = DISTORTIONS.iter().find(|(name, ..)| *name == word)?;
        return Some(match language {
            Language::En => en,
            Language::Zh => zh,
        });
    }
    if language == Language::En {
        return None;
    }
    let (_, words) = CHINESE.iter().find(|(name, _)| *name == fact)?;
    words.iter().find(|(name, _)| *name == word).map(|(_, zh)| *zh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts;

    #[test]
    fn every_fact_is_one_and_every_distortion_is_spoken() {
        for (name, _) in CHINESE {
            assert!(facts::find(name).is_some(), "{name}");
        }
        let (_, listed) = facts::find("signature.distortion").unwrap().en.split_once(": ").unwrap();
        for word in listed.replace(" or ", ", ").split(", ") {
            for language in [Language::En, Language::Zh] {
                assert!(spoken("signature.distortion", word, language).is_some(), "{word}");
            }
        }
    }
}
