//! `POST /reload`: the settings are loaded anew, and the answer says what came of it.

use http::StatusCode;
use serde_json::json;
use tokio::sync::{mpsc, oneshot};

use super::answer::{self, Answer};

/// What a reload did.
#[derive(Debug, Clone, Default)]
pub struct Reloaded {
    /// Settings that are other ones now, or whose files are.
    pub changed: Vec<String>,
    /// Settings that stay as they are until a restart.
    pub needs_restart: Vec<String>,
    /// What works, but hardly as meant.
    pub warnings: Vec<String>,
}

/// What is wrong with the new settings, a line each; those before are in force.
pub type Refused = Vec<String>;

/// Where reloads are asked for. They happen one after the other, each answered with what came of it.
pub type Reload = mpsc::Sender<oneshot::Sender<Result<Reloaded, Refused>>>;

pub(super) async fn answer(reload: Option<&Reload>) -> Answer {
    let Some(reload) = reload else { return answer::not_found("There are no settings to load here.") };
    let (answer, outcome) = oneshot::channel();
    let asked = reload.send(answer).await;
    match (asked, outcome.await) {
        (Ok(()), Ok(Ok(reloaded))) => answer::json(
            json!({
                "changed": reloaded.changed,
                "needs_restart": reloaded.needs_restart,
                "warnings": reloaded.warnings,
            })
            .to_string(),
        ),
        (Ok(()), Ok(Err(errors))) => answer::problem_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The new settings do not hold up; those before stay in force.",
            json!({ "errors": errors }),
        ),
        _ => answer::busy("The process is ending."),
    }
}
