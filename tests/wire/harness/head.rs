//! A message's head as it stood on the wire.

/// Bytes as text, a character a byte, so that nothing is lost.
pub(crate) fn text(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// With the empty line that ends it.
    pub(crate) bytes: Vec<u8>,
    /// The request line or the status line.
    pub(crate) first: String,
    /// Names in the letter case that came.
    pub(crate) fields: Vec<(String, String)>,
}

impl Head {
    pub(crate) fn parse(bytes: Vec<u8>) -> Self {
        let whole = text(&bytes);
        let mut lines = whole.split("\r\n");
        let first = lines.next().unwrap_or_default().to_owned();
        let fields = lines
            .filter(|line| !line.is_empty())
            .map(|line| {
                let (name, value) = line.split_once(':').unwrap_or((line, ""));
                (name.to_owned(), value.trim().to_owned())
            })
            .collect();
        Self { bytes, first, fields }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).first().copied()
    }

    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let same = |(n, _): &&(String, String)| n.eq_ignore_ascii_case(name);
        self.fields.iter().filter(same).map(|(_, v)| v.as_str()).collect()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The field lines as they came, sorted: to compare two heads whatever the order of unlike names.
    pub(crate) fn lines(&self) -> Vec<String> {
        let whole = text(&self.bytes);
        let mut lines: Vec<String> =
            whole.split("\r\n").skip(1).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        lines.sort();
        lines
    }

    pub(crate) fn content_length(&self) -> Option<usize> {
        self.get("content-length").and_then(|v| v.parse().ok())
    }

    pub(crate) fn chunked(&self) -> bool {
        self.get("transfer-encoding").is_some_and(|v| v.eq_ignore_ascii_case("chunked"))
    }
}
