//! The clause and the sentence that words stand in: whether they are denied there, asked for, said to work or to fail.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::evidence::pattern::pattern;

static DENIED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)
        (?: \b(?:no|not|without|never|isn't|aren't|don't|doesn't|didn't|instead\ of|rather\ than|neither|nor)
            (?:\ (?:use|using|used|an?|the|any|have|need|send|sending|pass|passing|with|via|by|from|my|our|such))* \ ?
        | (?:不是|并非|而非|不用|没用|没有用|未用|不使用|没使用|没有使用|未使用|不涉及|没有|没|无需|不需要)
            (?:用|使用|过|走|任何|什么|的|带|传|到|\ )* ) $",
    )
});

static DENIED_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[^,，。;；\n]{0,12}(?:is not|isn't|are not|aren't|not (?:used|involved)|没用|无关|没关系|不涉及|ではない|ではありません)",
    )
});

static WORKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:works?|worked|working|fine|succeeds?|succeeded|ok|okay|passes|goes through|went through|no problem)\b|就好|就行|正常|没问题|没有问题|成功|可以|能(?:上传|下载|访问|用)|好的|通过|問題な|通り",
    )
});

static FAILS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:fails?|failed|403|denied|refused|error|not work|doesn't|cannot|can't|won't)\b|失败|报错|不行|被拒|无法|不能|不可以|拒绝|没权限",
    )
});

/// A sentence that asks for advice.
static ADVICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:should|need|must|have to|do i|could it|would|is it|maybe|switch to|try)\b|是不是要|是否|要不要|需不需要|需要|要用|改用|换成|建议",
    )
});

/// The longest clause that is looked at on either side of a mark.
const CLAUSE: usize = 160;

/// The clause that a mark stands in.
pub(super) struct Around<'t> {
    pub(super) before: &'t str,
    pub(super) after: &'t str,
    pub(super) clause: &'t str,
    pub(super) sentence: &'t str,
}

impl<'t> Around<'t> {
    pub(super) fn of(text: &'t str, mark: Range<usize>) -> Self {
        let from = text.floor_char_boundary(mark.start.saturating_sub(CLAUSE));
        let to = text.floor_char_boundary((mark.end + CLAUSE).min(text.len()));
        let (head, tail) = (text.get(from..mark.start).unwrap_or(""), text.get(mark.end..to).unwrap_or(""));
        let ends_sentence = |c: char| matches!(c, '\n' | '。' | '！' | '!' | '？' | '?');
        let ends_clause = |c: char| ends_sentence(c) || matches!(c, ',' | '，' | ';' | '；' | '、');
        let begin = |is_end: &dyn Fn(char) -> bool| {
            let stop = head.rfind(". ").map_or(0, |at| at + 2);
            let at =
                head.char_indices().rev().find(|(_, c)| is_end(*c)).map_or(0, |(at, c)| at + c.len_utf8());
            from + at.max(stop)
        };
        let end = |is_end: &dyn Fn(char) -> bool, with: bool| {
            let stop = tail.find(". ").unwrap_or(tail.len());
            let at = tail
                .char_indices()
                .find(|(_, c)| is_end(*c))
                .map_or(tail.len(), |(at, c)| if with { at + c.len_utf8() } else { at });
            mark.end + at.min(stop)
        };
        let (clause_from, clause_to) = (begin(&ends_clause), end(&ends_clause, false));
        Self {
            before: text.get(clause_from..mark.start).unwrap_or(""),
            after: text.get(mark.end..clause_to).unwrap_or(""),
            clause: text.get(clause_from..clause_to).unwrap_or(""),
            sentence: text.get(begin(&ends_sentence)..end(&ends_sentence, true)).unwrap_or(""),
        }
    }

    pub(super) fn is_denied(&self) -> bool {
        DENIED.is_match(self.before) || DENIED_AFTER.is_match(self.after)
    }

    /// Whether the sentence ends as a question.
    pub(super) fn is_question(&self) -> bool {
        self.sentence.trim_end().ends_with(['?', '？'])
    }

    /// Whether it asks, with its mark or without.
    pub(super) fn asks(&self) -> bool {
        self.is_question() || self.sentence.contains('吗')
    }

    pub(super) fn asks_advice(&self) -> bool {
        self.asks() && ADVICE.is_match(self.sentence)
    }

    /// The same of the clause: what is stated in one may be asked about in the next.
    pub(super) fn clause_asks_advice(&self) -> bool {
        self.asks_advice() && ADVICE.is_match(self.clause)
    }

    pub(super) fn works(&self) -> bool {
        WORKS.is_match(self.clause)
    }

    pub(super) fn fails(&self) -> bool {
        FAILS.is_match(self.clause)
    }
}
