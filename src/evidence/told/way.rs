//! Which way a request went, by what the text around its failure says: a browser that opened the address, a CDN before the
//! bucket, a proxy that sets Host.

use std::sync::LazyLock;

use regex::Regex;

use super::around::Around;
use crate::diagnosis::told::ToldWay;
use crate::evidence::pattern::pattern;

/// What the browsers' viewers of XML say above it: Chromium's, Firefox's and Safari's, as they are translated.
static VIEWER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)
        This\ (?:XML\ )?(?:file|page|document)\ does\ not\ appear\ to\ have\ any\ style\ information
        | 此\ ?XML\ ?(?:文件|文档)(?:似乎)?(?:没有|并未|未)[^\n]{0,12}(?:样式|樣式) | 此\ ?XML\ ?檔案[^\n]{0,12}樣式
        | (?:この|下記の)\ ?XML\ ?(?:ファイル|文書)[^\n]{0,24}スタイル
        | (?:이|해당)\ ?XML\ ?파일[^\n]{0,24}스타일
        ",
    )
});

static OPENED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)
        (?:用|在)?(?:浏览器|瀏覽器)(?:里|中|上|地址栏)?(?:直接)?(?:打开|访问|輸入|输入|開啟|查看) | 直接(?:打开|访问|用浏览器) | 打开(?:图片|视频|文件)?(?:地址|链接|网址)
        | (?:图片|圖片|图像|头像|封面)[^\n，。]{0,8}(?:不显示|显示不出|无法显示|加载失败|裂了|打不开|加载不出|全部\ ?403|都\ ?403)
        | \bopen(?:ed|ing)?\ (?:it|this|the\ (?:url|link|address|image|file|picture))\b[^\n.]{0,24}\b(?:browser|tab|chrome|safari|firefox|edge)\b
        | \b(?:images?|pictures?|avatars?)\ (?:do\ not|don't|does\ not|doesn't|won't|are\ not|is\ not)\ (?:show|load|display|appear) | \bbroken\ images?\b | <img\b
        | ブラウザで(?:直接)?(?:開く|開いた|アクセス|表示) | 画像が(?:表示され|出)ない
        ",
    )
});

/// A console's line of a picture or a film that was not shown.
static LOADED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?im)\bGET (https?://[^\s?]+\.(?:png|jpe?g|gif|webp|svg|ico|bmp|avif|mp4|mp3))(?:\s|:)[^\n]{0,40}\b403\b",
    )
});

/// A signature or its parameters, anywhere: then what was opened may have been signed.
static SIGNATURE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)q-sign(?:ature|-algorithm)|x-amz-(?:signature|credential)|[?&]sign=|\bauthorization\b\W{1,4}\S|presign|预签名|預簽名|签名(?:链接|url)|署名付き|\bsigned url",
    )
});

static CDN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bx-nws-log-uuid\b|\bx-cache-lookup\b|\bx-daa-tunnel\b|\beo-log-uuid\b|\beo-cache-status\b|\bcdn\b[^\n。]{0,20}回源|回源鉴权|回源鑑權|\borigin[- ]pull\b|\bback-to-origin\b|\bbehind (?:a|the|our|tencent(?: cloud)?) ?(?:cdn|edgeone)\b|(?:接了?|走了?|套了?|经过|通过|配置了?|加了?|开了?|使用|启用) ?(?:腾讯云)? ?(?:cdn|edgeone)|オリジンプル",
    )
});

/// Authentication at the origin, and that it is not there.
static ORIGIN_AUTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)回源鉴权|回源鑑權|私有(?:存储)?桶?(?:访问)?(?:回源)?(?:授权|鉴权)|cdn ?服务授权|\b(?:origin[- ]pull|back-to-origin) auth(?:entication|orization)?\b|\bprivate (?:bucket )?(?:origin )?access\b|\bcdn service authori[sz]ation\b|オリジンプル認証",
    )
});

static OFF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)关(?:着|闭|了|掉)|没(?:有)?(?:打?开|启用|勾选?|配置?|设置?|授权)|未(?:开启|打开|启用|勾选|配置|设置|授权)|不是开|忘(?:了|记)|\b(?:off|disabled|not (?:enabled|set|on|configured|turned on|switched on|active)|never (?:enabled|set|turned on)|isn't (?:on|enabled|set)|unchecked|missing)\b|オフ|無効|設定していません|設定していない|有効にしていない",
    )
});

/// A proxy's line that sets Host. The client's own, kept, changes nothing.
static SETS_HOST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?im)\bproxy_set_header\s+Host\s+["']?[^\s;"'$]*(?:\$(?:proxy_host|upstream\w*|cos\w*|bucket\w*)|[a-z0-9-]\.[a-z0-9.-]+)[^\n;]*|\bProxyPreserveHost\s+(?:off|on)\b|\bheader_up\s+(?:[+>])?Host\s+[^\s}]+|\bupstream-vhost["']?\s*:\s*\S+|\bRequestHeader\s+set\s+Host\s+\S+|\bhttp-request\s+set-header\s+Host\s+\S+|\bchangeOrigin["']?\s*:\s*true|\bhost_header(?:_rewrite)?["']?\s*[:=]\s*\S+|\bhost_rewrite(?:_literal)?["']?\s*:\s*\S+|\bpassHostHeader["']?\s*:\s*false"#,
    )
});

/// That the domain which was signed is another than the one that is asked.
static OTHER_DOMAIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bsign(?:ed|s)? (?:is |was |are )?(?:for|with|against) (?:the |our |my )?(?:own |custom |public |other )?(?:domain|host)\b|\bsigned for [a-z0-9-]+\.[a-z0-9.-]+|(?:替换|换|改)(?:成|为)?了?(?:自己的|自定义)?域名|(?:域名|host)(?:替换|换|改)(?:成|为)|\b(?:replac|swap|chang)(?:ed|es|ing|e) (?:only )?the (?:domain|host(?:name)?)\b|\b(?:rewrites?|rewrote|overwrites?|changes?) (?:the )?host\b|(?:改写|改了|修改了|覆盖)了? ?host\b|host ?(?:被|头被)(?:改|覆盖|替换)",
    )
});

/// A proxy before COS.
static PROXY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bproxy_pass\b|\bProxyPass\b|\breverse[_ -]proxy\b|\bnginx\b|\bcaddy\b|\btraefik\b|\bhaproxy\b|\bcloudflare\b|\bingress\b|\benvoy\b|\bapisix\b|\bkong\b|\bgateway\b|反向代理|反代|网关|リバースプロキシ|\bchangeOrigin\b|\bhttpd\b|\bvite\b",
    )
});

/// More of them say nothing new.
const MOST: usize = 16;

/// What `text` says of the way.
pub(super) fn told(text: &str) -> ToldWay {
    let signed = SIGNATURE.is_match(text);
    let unsigned = |words: Option<String>| words.filter(|_| !signed);
    let origin_auth_off = ORIGIN_AUTH.find_iter(text).take(MOST).find_map(|found| {
        let around = Around::of(text, found.range());
        let off = OFF.is_match(around.clause) && !around.clause_asks_advice();
        off.then(|| around.clause.trim().to_owned())
    });
    let proxied = PROXY.is_match(text);
    let host = SETS_HOST.find_iter(text).next().map(|found| found.as_str().trim().to_owned());
    let other = || proxied.then(|| said(&OTHER_DOMAIN, text)).flatten();
    ToldWay {
        viewer: unsigned(VIEWER.find(text).map(|found| found.as_str().to_owned())),
        opened: unsigned(said(&OPENED, text).or_else(|| {
            LOADED.captures(text).and_then(|found| found.get(1)).map(|found| found.as_str().to_owned())
        })),
        cdn: unsigned(said(&CDN, text)),
        origin_auth_off: unsigned(origin_auth_off),
        host: host.or_else(other),
    }
}

/// The first words of `pattern` that are neither denied nor a question for advice.
fn said(pattern: &Regex, text: &str) -> Option<String> {
    pattern.find_iter(text).take(MOST).find_map(|found| {
        let around = Around::of(text, found.range());
        (!around.is_denied() && !around.clause_asks_advice()).then(|| found.as_str().trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_opens_what_is_not_signed() {
        for text in [
            "This XML file does not appear to have any style information associated with it.",
            "此 XML 文件似乎没有任何与之关联的样式信息。",
            "この XML ファイルにはスタイル情報が関連づけられていないようです。",
        ] {
            assert!(told(text).viewer.is_some(), "{text}");
            let signed = format!("{text} https://b/k?q-sign-algorithm=sha1");
            assert_eq!(told(&signed).viewer, None, "{text}");
        }
        assert!(
            told("GET https://b-1250000000.cos.ap-tokyo.myqcloud.com/a.png 403 (Forbidden)").opened.is_some()
        );
        assert!(told("上传成功，图片不显示").opened.is_some());
        assert_eq!(told("下载 a.png 报 403").opened, None);
    }

    #[test]
    fn a_cdn_that_does_not_sign_is_told_from_one_that_does() {
        for text in [
            "CDN 控制台的\"回源鉴权\"是关着的，需要打开吗？",
            "Origin-pull authentication is not enabled.",
            "没授权 CDN，回源鉴权未开启",
        ] {
            assert!(told(text).origin_auth_off.is_some(), "{text}");
        }
        for text in ["回源鉴权已经打开了", "Origin-pull authentication is on.", "要不要关闭回源鉴权？"]
        {
            assert_eq!(told(text).origin_auth_off, None, "{text}");
        }
        assert!(told("x-nws-log-uuid: 617").cdn.is_some());
        assert_eq!(told("we don't use origin-pull").cdn, None);
    }

    #[test]
    fn a_proxy_that_sets_host_is_told_from_one_that_keeps_it() {
        for text in [
            "proxy_set_header Host b-1250000000.cos.ap-tokyo.myqcloud.com;",
            "reverse_proxy x { header_up Host {upstream_hostport} }",
            "nginx.ingress.kubernetes.io/upstream-vhost: b-1250000000.cos.ap-tokyo.myqcloud.com",
            "behind nginx; the URL is signed for media.example.cn",
        ] {
            assert!(told(text).host.is_some(), "{text}");
        }
        for text in
            ["proxy_set_header Host $host;", "the URL is signed for media.example.cn", "nginx logs 403"]
        {
            assert_eq!(told(text).host, None, "{text}");
        }
    }
}
