//! Hearing of what other processes tell.

use std::future::ready;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use super::super::remote::Heard;
use super::message;
use crate::backend::redis::{Listener, Redis, Work};
use crate::core::Moment;

/// So often orders are read where nothing was missed, so that they live on.
const LOOKS: Duration = Duration::from_secs(3_600);

/// Whoever wants to know.
pub(super) struct Hearing {
    redis: Redis,
    hear: Box<dyn Fn(Heard) + Send + Sync>,
    looked_at: Mutex<Moment>,
}

impl Hearing {
    pub(super) fn new(redis: Redis, hear: Box<dyn Fn(Heard) + Send + Sync>) -> Self {
        let looked_at = Mutex::new(redis.clock().now());
        Self { redis, hear, looked_at }
    }

    /// Whether it is time to look again, which is noted.
    fn is_time(&self, now: Moment) -> bool {
        let mut looked_at = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = now >= looked_at.saturating_add(LOOKS);
        if is_time {
            *looked_at = now;
        }
        is_time
    }
}

impl Listener for Hearing {
    fn heard(&self, message: &[u8]) {
        if let Some(heard) = message::read(message) {
            (self.hear)(heard);
        }
    }

    fn begins(&self) {
        (self.hear)(Heard::Missed);
    }

    fn ends(&self) {}

    fn in_between(&self) -> Work<'_> {
        if self.is_time(self.redis.clock().now()) {
            (self.hear)(Heard::Missed);
        }
        Box::pin(ready(()))
    }
}
