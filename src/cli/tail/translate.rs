//! Explains a line of the log anew, in another language than the log's.

use ulid::Ulid;

use super::entry::Entry;
use crate::config::settings::Language;
use crate::diagnosis::Engine;
use crate::diagnosis::report::Explanation;
use crate::evidence;

pub(super) struct Translator {
    engine: Engine,
    language: Language,
}

impl Translator {
    pub(super) fn new(language: Language) -> Option<Self> {
        Some(Self { engine: Engine::builtin().ok()?, language })
    }

    /// `None` where the line does not lead to the cause that the proxy found, which knew more.
    pub(super) fn explanation(&self, entry: &Entry) -> Option<Explanation> {
        let cause = entry.cause.as_ref()?;
        let found = evidence::read_text("log", &entry.json).ok()?.into_iter().next()?;
        let explanation = self.engine.diagnose(&found.exchange, Ulid::default()).explanation(self.language);
        (explanation.diagnosis.cause == *cause).then_some(explanation)
    }
}
