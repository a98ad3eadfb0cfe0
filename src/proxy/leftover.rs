//! What is left of a client's body once its answer is there.
//!
//! Closing a socket that has unread bytes resets the connection, and the reset can overtake the answer (RFC
//! 9112, section 9.6). So the rest is read and discarded for a while, also for a client that sends all of its
//! body before it reads anything.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::timeout;

use super::upstream::Upload;

/// Longest reading in all, and longest silence.
const IN_ALL: Duration = Duration::from_secs(30);
const SILENCE: Duration = Duration::from_secs(5);

/// The rest of a body, which is discarded when this is dropped, at the answer's end.
#[derive(Debug)]
pub(crate) struct Leftover {
    body: Option<Incoming>,
    /// The client still waits for a 100 (Continue). It may never send the body, and then what comes next would
    /// be taken for it: the connection is to be closed after the answer.
    pub(crate) close: bool,
}

impl Leftover {
    /// Takes the rest out of `upload`, if there is one.
    pub(crate) fn of(upload: &Upload) -> Option<Self> {
        let close = upload.is_gated();
        let body = upload.take_back()?;
        if close {
            // Asking for the body before the answer is out would make hyper invite it.
            return Some(Self { body: Some(body), close });
        }
        discard(body);
        Some(Self { body: None, close })
    }
}

impl Drop for Leftover {
    fn drop(&mut self) {
        if let Some(body) = self.body.take() {
            discard(body);
        }
    }
}

fn discard(mut body: Incoming) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    runtime.spawn(async move {
        let reading = async { while let Ok(Some(Ok(_))) = timeout(SILENCE, body.frame()).await {} };
        let _ = timeout(IN_ALL, reading).await;
    });
}
