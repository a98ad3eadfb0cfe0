//! Whether the workers still work: each is asked, and a thread that is stuck does not answer.

use tokio::sync::{broadcast, mpsc};

type Question = mpsc::Sender<()>;

/// Asks the workers.
#[derive(Debug, Clone)]
pub struct Pulse(broadcast::Sender<Question>);

impl Pulse {
    pub(super) fn new() -> Self {
        Self(broadcast::Sender::new(1))
    }

    /// Ends when every worker that runs has answered.
    pub async fn of_every_worker(&self) {
        let (question, mut answers) = mpsc::channel(1);
        for _ in 0..self.0.send(question).unwrap_or(0) {
            answers.recv().await;
        }
    }

    /// A worker's part, on its own thread.
    pub(super) fn answer(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut questions = self.0.subscribe();
        async move {
            loop {
                match questions.recv().await {
                    Ok(question) => drop(question.send(()).await),
                    // The one that was missed is asked by nobody any more.
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::Pulse;

    const LONG: Duration = Duration::from_secs(5);
    const SHORT: Duration = Duration::from_millis(50);

    #[test]
    fn one_worker_that_is_stuck_is_noticed() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let pulse = Pulse::new();
            let (well, stuck) = (tokio::spawn(pulse.answer()), pulse.answer());
            assert!(timeout(SHORT, pulse.of_every_worker()).await.is_err(), "one does not answer");
            let unstuck = tokio::spawn(stuck);
            assert!(timeout(LONG, pulse.of_every_worker()).await.is_ok());
            well.abort();
            unstuck.abort();
            let _ = (well.await, unstuck.await);
            assert!(
                timeout(LONG, pulse.of_every_worker()).await.is_ok(),
                "those that have ended are not asked"
            );
        });
    }
}
