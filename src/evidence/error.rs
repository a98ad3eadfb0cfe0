//! Why an input gave no exchange; the sentences a person reads stand here.

use std::io;

use thiserror::Error;

use crate::config::settings::Language;

/// What an input can be, for the sentence about one that is none of it.
const ACCEPTED: &str = "what can be read: an error body of COS (XML, JSON or HTML, whole or a part of it), \
    the output of `curl -i`, `-v` or `--trace-ascii`, a HAR saved by the browser's developer tools, by Charles or by Fiddler, \
    an exception or error line as an SDK or an S3 tool prints it, its debug log, a line of the bucket's access log, \
    a log line (coswhy's own or another's) that quotes COS's error code or message, a browser console's message, \
    or a RequestId";

const ACCEPTED_ZH: &str = "可以识别的内容有：COS 的错误响应体（XML、JSON 或 HTML，完整或部分）、\
    curl -i、-v 或 --trace-ascii 的输出、浏览器开发者工具、Charles 或 Fiddler 保存的 HAR、SDK 或 S3 工具打印的异常或错误及其调试日志、\
    存储桶的访问日志、引用了 COS 错误码或错误信息的日志（coswhy 或其他程序的）、浏览器控制台的信息，或 RequestId";

/// Why an input gave no exchange.
#[derive(Debug, Error)]
pub enum EvidenceError {
    #[error("{name}: {source}")]
    Io { name: String, source: io::Error },
    #[error("{name}: there is nothing in it; {ACCEPTED}")]
    Empty { name: String },
    #[error("{name}: nothing in it was recognised as a failure of COS; {ACCEPTED}")]
    Unknown { name: String },
    /// Well-formed input in which nothing failed.
    #[error("{name}: none of the {exchanges} exchanges in it failed, so there is nothing to explain")]
    NoFailure { name: String, exchanges: usize },
    #[error("{name}: it begins like a HAR but is not one that can be read: {reason}")]
    Har { name: String, reason: String },
    #[error(
        "{name}: text over {limit_mib} MiB is not searched (a HAR or a coswhy log may be larger); cut out the failing part"
    )]
    TooLarge { name: String, limit_mib: u64 },
}

impl EvidenceError {
    /// The sentence in a language; what the system or a parser says of its own stays as it is.
    pub(crate) fn in_words(&self, language: Language) -> String {
        match (language, self) {
            (Language::En, _) => self.to_string(),
            (Language::Zh, Self::Io { name, source }) => format!("{name}：无法读取（{source}）"),
            (Language::Zh, Self::Empty { name }) => format!("{name}：内容为空；{ACCEPTED_ZH}"),
            (Language::Zh, Self::Unknown { name }) => {
                format!("{name}：未在其中识别出 COS 的错误；{ACCEPTED_ZH}")
            }
            (Language::Zh, Self::NoFailure { name, exchanges }) => {
                format!("{name}：其中的 {exchanges} 个请求均未失败，无需解释")
            }
            (Language::Zh, Self::Har { name, reason }) => {
                format!("{name}：开头像 HAR，但无法按 HAR 解析（{reason}）")
            }
            (Language::Zh, Self::TooLarge { name, limit_mib }) => {
                format!(
                    "{name}：不在超过 {limit_mib} MiB 的文本中查找（HAR 和 coswhy 的日志可以更大），请截取出错的部分"
                )
            }
        }
    }
}
