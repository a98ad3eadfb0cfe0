//! The explanation in a limited number of bytes: long lists end early, and the whole stays valid JSON.

use std::borrow::Cow;

use memchr::memmem;
use serde::Serialize;

use super::explanation::{Cos, Explanation, Request};
use super::line;

/// Longest text of the element.
const LONGEST: usize = 4096;
/// Longest single text once lists alone do not save enough.
const LONGEST_TEXT: usize = 200;

/// The explanation's JSON for an XML element, at most 4 KiB of it.
pub(super) fn one_line(explanation: &Explanation) -> Option<Vec<u8>> {
    let verdict = &explanation.diagnosis;
    let mut lists = vec![List::new("evidence", &verdict.evidence)];
    if !verdict.difference.is_empty() {
        lists.push(List::new("difference", &verdict.difference));
    }
    lists.extend([
        List::new("checklist", &verdict.checklist),
        List::new("fixes", &verdict.fixes),
        List::new("alternatives", &verdict.alternatives),
    ]);
    let mut frame = Vec::with_capacity(2048);
    line::write(
        &mut frame,
        &Frame::new(explanation, Cow::Borrowed(&explanation.cos), Cow::Borrowed(&explanation.request)),
    )?;
    if frame.len() > LONGEST / 2 {
        let (cos, request) = cut_strangers(explanation);
        frame.clear();
        line::write(&mut frame, &Frame::new(explanation, Cow::Owned(cos), Cow::Owned(request)))?;
    }
    if frame.len() > LONGEST {
        let (cos, request) = cut_strangers(explanation);
        let short = cut_words(explanation);
        frame.clear();
        line::write(&mut frame, &Frame::new(&short, Cow::Owned(cos), Cow::Owned(request)))?;
    }
    fill(&mut lists, LONGEST.checked_sub(frame.len())?)?;
    let mut out = Vec::with_capacity(LONGEST);
    let mut rest = frame.as_slice();
    for list in &lists {
        let (before, after) = rest.split_at_checked(list.place_in(rest)?)?;
        out.extend_from_slice(before);
        out.extend_from_slice(&list.json);
        rest = after;
    }
    out.extend_from_slice(rest);
    Some(out)
}

/// The explanation with its lists empty: their elements are spliced in as far as there is room.
#[derive(Serialize)]
struct Frame<'a> {
    r#type: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    detail: &'a str,
    instance: &'a str,
    diagnosis: FrameVerdict<'a>,
    cos: Cow<'a, Cos>,
    request: Cow<'a, Request>,
}

#[derive(Serialize)]
struct FrameVerdict<'a> {
    cause: &'a str,
    confidence: &'a str,
    summary: &'a str,
    evidence: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<[(); 0]>,
    checklist: [(); 0],
    fixes: [(); 0],
    alternatives: [(); 0],
}

impl<'a> Frame<'a> {
    fn new(explanation: &'a Explanation, cos: Cow<'a, Cos>, request: Cow<'a, Request>) -> Self {
        Self {
            r#type: &explanation.r#type,
            title: &explanation.title,
            status: explanation.status,
            detail: &explanation.detail,
            instance: &explanation.instance,
            diagnosis: FrameVerdict {
                cause: &explanation.diagnosis.cause,
                confidence: explanation.diagnosis.confidence,
                summary: &explanation.diagnosis.summary,
                evidence: [],
                difference: (!explanation.diagnosis.difference.is_empty()).then_some([]),
                checklist: [],
                fixes: [],
                alternatives: [],
            },
            cos,
            request,
        }
    }
}

/// A list's elements as JSON, with commas between them, as many as are kept.
struct List<'a> {
    /// `"name":[`
    opening: String,
    json: Vec<u8>,
    /// Writes the next element; `None` after the last. What there is no room for is not serialised.
    next: Option<Next<'a>>,
}

type Next<'a> = Box<dyn FnMut(&mut Vec<u8>) -> Option<Option<()>> + 'a>;

impl<'a> List<'a> {
    fn new<T: Serialize>(name: &str, items: &'a [T]) -> Self {
        let mut items = items.iter();
        let next: Next<'a> = Box::new(move |json| items.next().map(|item| line::write(json, item)));
        Self { opening: format!("\"{name}\":["), json: Vec::with_capacity(1024), next: Some(next) }
    }

    /// Where its elements go: inside a text the quotes of its name would be escaped, so the name is found once.
    fn place_in(&self, frame: &[u8]) -> Option<usize> {
        memmem::find(frame, self.opening.as_bytes()).map(|at| at + self.opening.len())
    }

    /// Takes its next element in, if that is no longer than `room`. The length that it took, 0 where it ends here: a
    /// later, shorter element would stand out of its order. `None`: an element can't be serialised.
    fn grow(&mut self, room: usize) -> Option<usize> {
        let Some(next) = &mut self.next else { return Some(0) };
        let before = self.json.len();
        if before > 0 {
            self.json.push(b',');
        }
        let written = next(&mut self.json);
        let size = self.json.len() - before;
        match written {
            Some(written) if size <= room => written.map(|()| size),
            _ => {
                self.json.truncate(before);
                self.next = None;
                Some(0)
            }
        }
    }
}

/// Keeps as many elements as there is room for, in turns, so that no list starves another.
fn fill(lists: &mut [List<'_>], mut room: usize) -> Option<()> {
    let mut growing = true;
    while growing {
        growing = false;
        for list in lists.iter_mut() {
            let size = list.grow(room)?;
            room -= size;
            growing |= size > 0;
        }
    }
    Some(())
}

/// What COS said and the client sent, cut: strangers choose how long that is.
fn cut_strangers(explanation: &Explanation) -> (Cos, Request) {
    let (mut cos, mut request) = (explanation.cos.clone(), explanation.request.clone());
    let texts = [
        &mut cos.code,
        &mut cos.message,
        &mut cos.resource,
        &mut cos.request_id,
        &mut cos.trace_id,
        &mut cos.bucket,
        &mut cos.appid,
        &mut cos.region,
        &mut cos.key,
        &mut request.method,
        &mut request.host,
        &mut request.path,
        &mut request.auth.secret_id,
    ];
    texts.into_iter().flatten().for_each(cut);
    (cos, request)
}

/// The rule's own sentences cut too: they hold strangers' words.
fn cut_words(explanation: &Explanation) -> Explanation {
    let mut short = explanation.clone();
    for text in [&mut short.title, &mut short.detail, &mut short.diagnosis.summary] {
        cut(text);
    }
    short
}

fn cut(text: &mut String) {
    let escaped_len = |c: char| match c {
        '<' | '>' | '&' | '\0'..='\x1f' => 6,
        '"' | '\\' => 2,
        c => c.len_utf8(),
    };
    let mut length = 0;
    let end = text.char_indices().find(|(_, c)| {
        length += escaped_len(*c);
        length > LONGEST_TEXT
    });
    if let Some((end, _)) = end {
        text.truncate(end);
        text.push('…');
    }
}
