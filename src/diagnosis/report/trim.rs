//! The explanation on one line inside an XML element, in a limited number of bytes.

use serde::Serialize;

use super::explanation::Explanation;

/// Longest text of the element.
const LONGEST: usize = 4096;
/// Longest single text once lists alone do not save enough.
const LONGEST_TEXT: usize = 160;

/// JSON on one line in which `<`, `>` and `&` are escaped: SDKs' parsers lose entities, CDATA and child elements.
pub(super) fn one_line(explanation: &Explanation) -> Option<String> {
    let whole = escaped(explanation)?;
    if whole.len() <= LONGEST {
        return Some(whole);
    }
    let mut short = explanation.clone();
    end_lists(&mut short)?;
    let line = escaped(&short)?;
    if line.len() <= LONGEST {
        return Some(line);
    }
    cut_texts(&mut short);
    escaped(&short).filter(|line| line.len() <= LONGEST)
}

fn escaped(value: &impl Serialize) -> Option<String> {
    let json = serde_json::to_string(value).ok()?;
    if !json.contains(['<', '>', '&']) {
        return Some(json);
    }
    let mut out = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            c => out.push(c),
        }
    }
    Some(out)
}

/// Ends the lists where the room ends: they are filled in turns, so that none starves another.
fn end_lists(short: &mut Explanation) -> Option<()> {
    let verdict = &mut short.diagnosis;
    let sizes = [
        sizes(&verdict.evidence)?,
        sizes(&verdict.fixes)?,
        sizes(&verdict.checklist)?,
        sizes(&verdict.alternatives)?,
    ];
    let (evidence, fixes, checklist, alternatives) = (
        std::mem::take(&mut verdict.evidence),
        std::mem::take(&mut verdict.fixes),
        std::mem::take(&mut verdict.checklist),
        std::mem::take(&mut verdict.alternatives),
    );
    let mut room = LONGEST.saturating_sub(escaped(short)?.len());
    let mut kept = [0_usize; 4];
    let mut open = [true; 4];
    while open.contains(&true) {
        for ((sizes, kept), open) in sizes.iter().zip(&mut kept).zip(&mut open).filter(|(_, open)| **open) {
            match sizes.get(*kept) {
                Some(size) if *size < room => {
                    room -= size + 1;
                    *kept += 1;
                }
                _ => *open = false,
            }
        }
    }
    let verdict = &mut short.diagnosis;
    let [e, f, c, a] = kept;
    verdict.evidence = evidence.into_iter().take(e).collect();
    verdict.fixes = fixes.into_iter().take(f).collect();
    verdict.checklist = checklist.into_iter().take(c).collect();
    verdict.alternatives = alternatives.into_iter().take(a).collect();
    Some(())
}

fn sizes<T: Serialize>(list: &[T]) -> Option<Vec<usize>> {
    list.iter().map(|item| escaped(item).map(|json| json.len())).collect()
}

/// Cuts the texts that others chose the length of.
fn cut_texts(short: &mut Explanation) {
    let (verdict, cos, request) = (&mut short.diagnosis, &mut short.cos, &mut short.request);
    for text in [&mut short.title, &mut short.detail, &mut verdict.summary] {
        cut(text);
    }
    let others = [
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
    ];
    others.into_iter().flatten().for_each(cut);
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
