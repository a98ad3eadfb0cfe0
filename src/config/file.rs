//! The settings file: TOML, each value with its line and column.

use std::ops::Range;
use std::path::Path;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

use super::catalogue::Catalogue;
use super::kind::{Kind, Table};
use super::layers::Layers;
use super::problem::Origin;

/// A settings file is a few kilobytes; what is larger was named by mistake, and is not worth reading.
const LARGEST: u64 = 1024 * 1024;

/// Reads a file; where that fails, says so among the problems.
pub(super) fn read(path: &Path, catalogue: &Catalogue, layers: &mut Layers) {
    match bytes(path) {
        Err(says) => layers.wrong(None, Origin::Default, format!("{}: {says}", path.display())),
        Ok(bytes) => match std::str::from_utf8(&bytes) {
            Ok(text) => parse(path, text, catalogue, layers),
            Err(error) => {
                let valid = error.valid_up_to();
                let before = String::from_utf8_lossy(bytes.get(..valid).unwrap_or_default());
                layers.wrong(None, position(path, &before, valid), "not UTF-8, which TOML has to be");
            }
        },
    }
}

/// The content, which may hold secrets: room for all of it from the start, for what grows leaves copies behind.
fn bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    use std::io::Read as _;
    let cannot = |error: std::io::Error| format!("cannot be read: {error}");
    let file = std::fs::File::open(path).map_err(cannot)?;
    let size = file.metadata().map_or(0, |metadata| metadata.len()).min(LARGEST);
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 64));
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > LARGEST {
        return Err("larger than 1 MiB: this is no settings file".into());
    }
    Ok(bytes)
}

/// The line and column of a byte of the text.
fn position(path: &Path, text: &str, at: usize) -> Origin {
    let before = text.get(..at).unwrap_or(text);
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Origin::File { path: path.to_owned(), line, column }
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    catalogue: &'a Catalogue,
    layers: &'a mut Layers,
}

pub(super) fn parse(path: &Path, text: &str, catalogue: &Catalogue, layers: &mut Layers) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { path, text, catalogue, layers };
    if errors.is_empty() {
        reader.table("", document.get_ref());
        return;
    }
    // One slip can make the parser stumble several times on a line: the first of each tells enough. What it
    // recovered is not looked at, for half of it would be called wrong on account of the slip.
    let mut seen = Vec::new();
    for error in errors {
        let origin = reader.origin(error.span().unwrap_or(text.len()..text.len()));
        let Origin::File { line, .. } = origin else { continue };
        if !seen.contains(&line) {
            seen.push(line);
            reader.layers.wrong(None, origin, slip(error.message(), text.lines().nth(line - 1)));
        }
    }
}

/// The parser's word for a slip, and the commonest reason for one.
fn slip(message: &str, line: Option<&str>) -> String {
    let message = message.strip_suffix(", expected nothing").unwrap_or(message);
    let value = line.and_then(|line| line.split_once('=')).map(|(_, value)| value.trim_start());
    let bare = !message.contains("quote")
        && value.is_some_and(|value| value.starts_with(|c: char| c.is_alphanumeric() || "*./:-".contains(c)));
    let hint = if bare { "; a text needs quotes" } else { "" };
    format!("not TOML: {message}{hint}")
}

impl Reader<'_> {
    fn origin(&self, span: Range<usize>) -> Origin {
        position(self.path, self.text, span.start)
    }

    fn table(&mut self, section: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let name_span = name.span();
            // A quoted name with a dot is one name, not two; quoted again here, it is none of coswhy's.
            let bare = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            let name = match name.get_ref() {
                name if !name.is_empty() && name.chars().all(bare) => name.to_string(),
                name => format!("{name:?}"),
            };
            let key = if section.is_empty() { name } else { format!("{section}.{name}") };
            if let Some(setting) = self.catalogue.get(&key) {
                self.setting(&key, &setting.kind, value);
            } else if section.is_empty() && self.catalogue.is_section(&key) {
                match value.get_ref() {
                    DeValue::Table(table) => self.table(&key, table),
                    other => {
                        let says = format!("found {}, expected a section [{key}]", Kind::Text.found(other));
                        self.layers.wrong(Some(&key), self.origin(value.span()), says);
                    }
                }
            } else {
                let origin = self.origin(name_span);
                self.layers.wrong(Some(&key), origin, self.catalogue.unknown(&key));
            }
        }
    }

    fn setting(&mut self, key: &str, kind: &Kind, value: &Spanned<DeValue<'_>>) {
        let origin = self.origin(value.span());
        match (kind, value.get_ref()) {
            (Kind::List(item), DeValue::Array(array)) => {
                self.layers.origins.put(key.to_owned(), origin);
                let items = array.iter().enumerate();
                let items = items.filter_map(|(n, value)| self.item(&format!("{key}[{n}]"), item, value));
                let items = items.collect();
                self.layers.set_items(key, items);
            }
            _ => {
                if let Some(value) = self.scalar(key, kind, value) {
                    self.layers.set(key, value, origin);
                }
            }
        }
    }

    fn item(&mut self, key: &str, kind: &Kind, value: &Spanned<DeValue<'_>>) -> Option<Value> {
        let origin = self.origin(value.span());
        self.layers.origins.put_part(key, origin);
        match (kind, value.get_ref()) {
            (Kind::Table(table), DeValue::Table(fields)) => self.fields(key, table, fields, value.span()),
            (Kind::Table(table), DeValue::String(_)) if table.or_text => {
                let short = table.short()?;
                let text = self.scalar(key, &short.kind, value)?;
                Some(Value::Object([(short.name.clone(), text)].into_iter().collect()))
            }
            _ => self.scalar(key, kind, value),
        }
    }

    fn fields(
        &mut self,
        key: &str,
        table: &Table,
        fields: &DeTable<'_>,
        span: Range<usize>,
    ) -> Option<Value> {
        let mut read = Map::new();
        let mut whole = true;
        for (name, value) in fields {
            let own = format!("{key}.{}", name.get_ref());
            let Some(field) = table.field(name.get_ref()) else {
                let origin = self.origin(name.span());
                self.layers.wrong(Some(&own), origin, table.unknown(name.get_ref()));
                whole = false;
                continue;
            };
            let origin = self.origin(value.span());
            self.layers.origins.put_part(&own, origin);
            match self.field(&own, &field.kind, value) {
                Some(read_value) => {
                    read.insert(field.name.clone(), read_value);
                }
                None => whole = false,
            }
        }
        for field in table.fields.iter().filter(|f| f.required && fields.get(f.name.as_str()).is_none()) {
            let origin = self.origin(span.clone());
            self.layers.wrong(Some(&format!("{key}.{}", field.name)), origin, "missing");
            whole = false;
        }
        whole.then_some(Value::Object(read))
    }

    /// A field of a table: a scalar, or a list of them.
    fn field(&mut self, key: &str, kind: &Kind, value: &Spanned<DeValue<'_>>) -> Option<Value> {
        match (kind, value.get_ref()) {
            (Kind::List(item), DeValue::Array(array)) => {
                let items: Vec<_> = array
                    .iter()
                    .enumerate()
                    .map(|(n, value)| self.item(&format!("{key}[{n}]"), item, value))
                    .collect();
                items.into_iter().collect()
            }
            _ => self.scalar(key, kind, value),
        }
    }

    fn scalar(&mut self, key: &str, kind: &Kind, value: &Spanned<DeValue<'_>>) -> Option<Value> {
        let read = kind.read_toml(value.get_ref());
        if read.is_none() {
            let expected = kind.expected(true);
            let says = match value.get_ref() {
                DeValue::String(text) if text.is_empty() => {
                    format!("empty: take it out, or give {expected}")
                }
                _ if *kind == Kind::Secret => format!("expected {expected}"),
                other => format!("found {}, expected {expected}", kind.found(other)),
            };
            self.layers.wrong(Some(key), self.origin(value.span()), says);
        }
        read
    }
}
