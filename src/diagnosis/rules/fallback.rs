//! What is said when no rule matches: always something.

use std::sync::Arc;

use super::rule::{Both, Origin, Rule};
use super::template::Template;
use crate::diagnosis::expression::Condition;
use crate::diagnosis::verdict::Confidence;

/// The cause `unrecognised`.
pub(crate) fn unrecognised() -> Rule {
    let both = |en, zh| Both { en: Template::literal(en), zh: Template::literal(zh) };
    Rule {
        id: Arc::from("unrecognised"),
        cause: Arc::from("unrecognised"),
        when: Condition::always(),
        confidence: Confidence::Possible,
        certain: None,
        refines: Vec::new(),
        alternatives: Vec::new(),
        title: both("The cause is not known", "原因未知"),
        summary: both(
            "No rule knows this refusal. Its code and message are shown as they came.",
            "没有规则能识别此错误。错误码和消息按原样显示。",
        ),
        codes: std::collections::BTreeMap::new(),
        detail: Both::default(),
        evidence: Vec::new(),
        checks: Vec::new(),
        fixes: Vec::new(),
        origin: Origin { file: Arc::from("built in"), line: 0, user: false },
    }
}
