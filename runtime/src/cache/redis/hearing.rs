//! Hearing of what other processes throw away.

use std::sync::Arc;

use super::super::remote::Heard;
use super::calls::Shared;
use super::message;
use crate::backend::redis::{Listener, Work};

/// Whoever wants to know.
pub(super) struct Hearing {
    pub(super) shared: Arc<Shared>,
    pub(super) hear: Box<dyn Fn(Heard) + Send + Sync>,
}

impl Listener for Hearing {
    fn heard(&self, message: &[u8]) {
        // Own messages come back too: they take along what was found on the server before it heard of the purge.
        if let Some(marks) = message::read(message) {
            (self.hear)(Heard::Invalidated(marks));
        }
    }

    fn begins(&self) {
        (self.hear)(Heard::Missed);
    }

    fn ends(&self) {
        (self.hear)(Heard::Missed);
    }

    fn in_between(&self) -> Work<'_> {
        Box::pin(async {
            // Tried again in a moment.
            let _ = self.shared.catch_up(self.shared.redis.deadline()).await;
        })
    }
}
