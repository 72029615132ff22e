//! How long to wait before the next attempt.

use std::time::Duration;

const SHORTEST: Duration = Duration::from_millis(50);

/// Pauses between attempts: none before the first one, then twice as long each time, until one had success.
#[derive(Debug)]
pub(super) struct Pauses {
    longest: Duration,
    attempts: u32,
}

impl Pauses {
    /// None is longer than `longest`.
    pub(super) const fn new(longest: Duration) -> Self {
        Self { longest, attempts: 0 }
    }

    pub(super) const fn begin_anew(&mut self) {
        self.attempts = 0;
    }

    /// The next one. `luck` shortens it by up to a half, so that processes do not come back all at once.
    pub(super) fn next(&mut self, luck: u32) -> Duration {
        let attempt = self.attempts;
        self.attempts = attempt.saturating_add(1);
        let Some(doublings) = attempt.checked_sub(1) else { return Duration::ZERO };
        let factor = 1_u32.checked_shl(doublings).filter(|factor| *factor < 1_000).unwrap_or(1_000);
        let longest = (SHORTEST * factor).min(self.longest);
        longest.mul_f64(1.0 - f64::from(luck) / f64::from(u32::MAX) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn pauses_grow_from_50_ms_to_the_longest_and_begin_anew() {
        let mut pauses = Pauses::new(SECOND);
        let seen: Vec<_> = (0..7).map(|_| pauses.next(0).as_millis()).collect();
        assert_eq!(seen, [0, 50, 100, 200, 400, 800, 1_000]);
        for _ in 0..100 {
            assert_eq!(pauses.next(u32::MAX), SECOND / 2);
        }
        pauses.begin_anew();
        assert_eq!(pauses.next(0), Duration::ZERO);
    }
}
