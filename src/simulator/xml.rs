//! XML as COS writes it, indented by tabs, and the little of it that requests send.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;

/// A document being written.
#[derive(Debug)]
pub(super) struct Document {
    text: String,
    depth: usize,
}

impl Document {
    pub(super) fn new() -> Self {
        Self { text: "<?xml version='1.0' encoding='utf-8' ?>\n".to_owned(), depth: 0 }
    }

    /// An element that holds others.
    pub(super) fn nest(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.indent();
        let _ = writeln!(self.text, "<{name}>");
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.indent();
        let _ = writeln!(self.text, "</{name}>");
    }

    /// An element with text.
    pub(super) fn leaf(&mut self, name: &str, text: impl AsRef<str>) {
        self.indent();
        match text.as_ref() {
            "" => {
                let _ = writeln!(self.text, "<{name}/>");
            }
            text => {
                let _ = writeln!(self.text, "<{name}>{}</{name}>", escape(text));
            }
        }
    }

    fn indent(&mut self) {
        self.text.extend(std::iter::repeat_n('\t', self.depth));
    }

    pub(super) fn finish(mut self) -> String {
        self.text.push('\n');
        self.text
    }
}

/// An element with text in a document that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    /// Which child of the root it is in, counted from 1.
    pub(super) group: usize,
    pub(super) name: String,
    pub(super) text: String,
}

/// Every element with text; `None` where it is no XML.
pub(super) fn leaves(body: &[u8]) -> Option<Vec<Leaf>> {
    let mut reader = Reader::from_str(std::str::from_utf8(body).ok()?);
    let (mut out, mut depth, mut group) = (Vec::new(), 0_usize, 0);
    let (mut text, mut is_leaf, mut seen) = (String::new(), false, false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(_) => {
                depth += 1;
                group += usize::from(depth == 2);
                text.clear();
                (is_leaf, seen) = (true, true);
            }
            Event::Text(part) => text.push_str(&part),
            Event::CData(part) => text.push_str(&part),
            Event::GeneralRef(reference) => {
                text.push_str(&quick_xml::escape::unescape(&format!("&{};", &*reference)).ok()?);
            }
            Event::End(tag) => {
                if is_leaf {
                    let name = tag.local_name().as_ref().to_owned();
                    out.push(Leaf { group, name, text: text.trim().to_owned() });
                }
                is_leaf = false;
                depth = depth.checked_sub(1)?;
            }
            Event::Eof => return (seen && depth == 0).then_some(out),
            _ => {}
        }
    }
}

/// The texts of all elements of one name.
pub(super) fn texts<'a>(leaves: &'a [Leaf], name: &'a str) -> impl Iterator<Item = &'a str> {
    leaves.iter().filter(move |leaf| leaf.name == name).map(|leaf| leaf.text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let mut document = Document::new();
        document.nest("A", |a| {
            a.nest("B", |b| b.leaf("C", "x & <y>"));
            a.nest("B", |b| b.leaf("C", "中"));
        });
        let text = document.finish();
        assert!(text.contains("\n\t<B>\n\t\t<C>x &amp; &lt;y&gt;</C>\n"), "{text}");
        let leaves = leaves(text.as_bytes()).unwrap();
        assert_eq!(texts(&leaves, "C").collect::<Vec<_>>(), ["x & <y>", "中"]);
        assert_eq!(leaves.iter().map(|leaf| leaf.group).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn what_is_not_xml_is_none() {
        for body in ["", "x", "<a>", "<a></b>", "<a>&nope;</a>"] {
            assert_eq!(leaves(body.as_bytes()), None, "{body}");
        }
    }
}
