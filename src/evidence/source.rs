//! Where an exchange was found.

use std::fmt;

use crate::config::settings::Language;
use crate::diagnosis::Exchange;

/// A failed exchange, and where it was found.
#[derive(Debug, Clone)]
pub struct Evidence {
    pub source: Source,
    pub exchange: Exchange,
}

/// The place of an exchange in what was given: a name, the entry's number, its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file's name, `-` for standard input.
    pub name: String,
    pub kind: Kind,
    /// Counts from 1: a HAR's entry, a log's failure.
    pub entry: usize,
    /// Counts from 1; `None` where lines mean nothing (a HAR on one line).
    pub line: Option<usize>,
}

/// What the exchange was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An error body, whole or in part.
    Body,
    /// HTTP messages as text, most often from curl.
    Http,
    Har,
    /// What a program printed about the failure.
    Exception,
    /// A line of coswhy's own log.
    CoswhyLog,
    /// A line of an access log.
    AccessLog,
    /// A browser console's line.
    Console,
    /// An explanation that coswhy gave earlier.
    Explanation,
    /// A request id and nothing else.
    RequestId,
}

impl Kind {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Body => "error body",
            Self::Http => "HTTP messages",
            Self::Har => "HAR entry",
            Self::Exception => "exception",
            Self::CoswhyLog => "coswhy log line",
            Self::AccessLog => "access log line",
            Self::Console => "browser console",
            Self::Explanation => "explanation",
            Self::RequestId => "request id",
        }
    }

    fn in_words(self, language: Language) -> &'static str {
        match (self, language) {
            (_, Language::En) => self.as_str(),
            (Self::Body, _) => "错误响应体",
            (Self::Http, _) => "HTTP 报文",
            (Self::Har, _) => "HAR 条目",
            (Self::Exception, _) => "异常信息",
            (Self::CoswhyLog, _) => "coswhy 日志",
            (Self::AccessLog, _) => "访问日志",
            (Self::Console, _) => "浏览器控制台",
            (Self::Explanation, _) => "诊断结果",
            (Self::RequestId, _) => "请求 ID",
        }
    }
}

impl Source {
    /// The place, for people.
    #[must_use]
    pub fn in_words(&self, language: Language) -> String {
        let name = match (self.name.as_str(), language) {
            ("-", Language::En) => "standard input",
            ("-", Language::Zh) => "标准输入",
            (name, _) => name,
        };
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        let (kind, entry) = (self.kind.in_words(language), self.entry);
        match (self.kind, language) {
            (Kind::Har, Language::En) => format!("{name}{line}, entry {entry}"),
            (Kind::Har, Language::Zh) => format!("{name}{line}，第 {entry} 条"),
            (_, Language::En) => format!("{name}{line}, {kind}"),
            (_, Language::Zh) => format!("{name}{line}，{kind}"),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(Language::En))
    }
}
