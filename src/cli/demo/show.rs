//! How the demo prints an exchange.

use std::io::{self, Write};

use serde_json::Value;

use super::cases::Case;

/// The answer as the demo's client received it.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) status_line: String,
    /// The value of X-Cos-Diagnosis; empty where there was none.
    pub(super) diagnosis: String,
}

impl Answer {
    /// Reads the head of an answer.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.split("\r\n");
        let status_line = lines.next().unwrap_or_default().to_owned();
        let diagnosis = lines
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("x-cos-diagnosis"))
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default();
        Self { status_line, diagnosis }
    }

    /// The cause: the item of the structured field.
    pub(super) fn cause(&self) -> &str {
        self.diagnosis.split(';').next().unwrap_or_default()
    }

    /// The diagnosis's id.
    pub(super) fn id(&self) -> Option<&str> {
        self.diagnosis.split(";id=\"").nth(1)?.split('"').next()
    }
}

/// Prints one exchange and what coswhy said of it.
pub(super) fn exchange(
    out: &mut dyn Write,
    colour: bool,
    number: usize,
    case: &Case,
    answer: &Answer,
    explanation: Option<&Value>,
) -> io::Result<()> {
    let paint = |code: &str, text: &str| {
        if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    };
    let request = &case.request;
    writeln!(out, "{}", paint("1", &format!("{number}. {}", case.story)))?;
    writeln!(out, "   {} http://{}{}", request.method, request.host, request.target)?;
    writeln!(out, "   {}", answer.status_line)?;
    writeln!(out, "   {} {}", paint("2", "X-Cos-Diagnosis:"), answer.diagnosis)?;
    let right = answer.cause() == case.cause;
    let verdict = if right { paint("32", answer.cause()) } else { paint("31", answer.cause()) };
    writeln!(out, "   cause     {verdict}")?;
    if !right {
        writeln!(out, "   {}", paint("31", &format!("expected  {}", case.cause)))?;
    }
    if let Some(diagnosis) = explanation.and_then(|e| e.get("diagnosis")) {
        let texts = |list: &str, name: &str| -> Vec<String> {
            let items = diagnosis.get(list).and_then(Value::as_array).into_iter().flatten();
            items.filter_map(|item| item.get(name)?.as_str().map(str::to_owned)).collect()
        };
        for (line, says) in texts("evidence", "says").iter().enumerate() {
            // COS's FormatString has lines of its own.
            let says = says.trim_end().replace('\n', "\n               ");
            writeln!(out, "   {}  {says}", if line == 0 { "evidence" } else { "        " })?;
        }
        if let Some(fix) = texts("fixes", "says").first() {
            writeln!(out, "   fix       {fix}")?;
        }
        if let Some(command) = diagnosis.pointer("/fixes/0/command").and_then(Value::as_str) {
            writeln!(out, "             {}", paint("36", &format!("$ {command}")))?;
        }
    }
    writeln!(out)
}
