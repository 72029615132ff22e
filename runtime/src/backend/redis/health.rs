//! Whether a server is worth asking, as a pure state machine.

use std::time::Duration;

use super::pause::Pauses;

/// So many calls in a row without an answer are no accident.
const SILENT_CALLS: u32 = 3;
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// What is known of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing yet: the first connection is being made, and calls wait for it.
    Unknown,
    /// It answers.
    Up,
    /// It does not, and calls fail at once.
    Away,
}

/// Counts what happens to the calls of one server.
///
/// Connections are numbered, so that the late failure of a call over an earlier one says nothing about the present one.
#[derive(Debug)]
pub(super) struct Health {
    stage: Stage,
    connection: u64,
    silent: u32,
    pauses: Pauses,
}

impl Health {
    pub(super) const fn new() -> Self {
        Self { stage: Stage::Unknown, connection: 0, silent: 0, pauses: Pauses::new(LONGEST_PAUSE) }
    }

    pub(super) const fn stage(&self) -> Stage {
        self.stage
    }

    /// The number of the present connection.
    pub(super) const fn connection(&self) -> u64 {
        self.connection
    }

    /// A call was answered, be it by an error.
    pub(super) const fn answered(&mut self, connection: u64) {
        if connection == self.connection {
            self.silent = 0;
            self.pauses.begin_anew();
        }
    }

    /// A call got no answer in time, be it that it waited for the first connection. Tells whether the server is away by that.
    pub(super) const fn timed_out(&mut self, connection: u64) -> bool {
        if connection != self.connection || matches!(self.stage, Stage::Away) {
            return false;
        }
        self.silent += 1;
        let news = self.silent >= SILENT_CALLS;
        if news {
            self.stage = Stage::Away;
        }
        news
    }

    /// The connection is of no use any more. Tells whether the server is away by that.
    pub(super) const fn broke(&mut self, connection: u64) -> bool {
        let news = connection == self.connection && matches!(self.stage, Stage::Up);
        if news {
            self.stage = Stage::Away;
        }
        news
    }

    /// A new connection answers.
    pub(super) const fn connected(&mut self) {
        self.connection += 1;
        self.stage = Stage::Up;
        self.silent = 0;
    }

    /// No connection could be made.
    pub(super) const fn refused(&mut self) {
        self.stage = Stage::Away;
    }

    /// How long to wait before the next attempt at a connection: longer each time until a call is answered.
    pub(super) fn pause(&mut self, luck: u32) -> Duration {
        self.pauses.next(luck)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn up() -> Health {
        let mut health = Health::new();
        health.connected();
        health
    }

    #[test]
    fn three_calls_in_a_row_without_an_answer_mean_away() {
        let mut health = up();
        assert_eq!([health.timed_out(1), health.timed_out(1)], [false; 2]);
        health.answered(1);
        assert_eq!([health.timed_out(1), health.timed_out(1)], [false; 2], "an answer begins anew");
        assert_eq!(health.stage(), Stage::Up);
        assert!(health.timed_out(1));
        assert_eq!(health.stage(), Stage::Away);
        assert!(!health.timed_out(1), "which is told once");
    }

    #[test]
    fn three_calls_that_waited_for_the_first_connection_in_vain_mean_away_until_it_is_made() {
        let mut health = Health::new();
        assert_eq!([health.timed_out(0), health.timed_out(0)], [false; 2]);
        assert_eq!(health.stage(), Stage::Unknown);
        assert!(health.timed_out(0));
        assert_eq!(health.stage(), Stage::Away);
        health.connected();
        assert_eq!(health.stage(), Stage::Up);
    }

    #[test]
    fn a_broken_connection_means_away_at_once() {
        let mut health = up();
        assert!(health.broke(1));
        assert_eq!(health.stage(), Stage::Away);
        assert!(!health.broke(1));
    }

    #[test]
    fn what_happened_to_an_earlier_connection_says_nothing() {
        let mut health = up();
        health.broke(1);
        health.connected();
        assert!(!health.broke(1));
        assert!((0..9).all(|_| !health.timed_out(1)));
        assert_eq!(health.stage(), Stage::Up);
        assert!([health.timed_out(2), health.timed_out(2)] == [false; 2]);
        health.answered(1);
        assert!(health.timed_out(2), "a late answer over the old connection changes nothing");
    }

    #[test]
    fn pauses_grow_from_50_ms_to_a_second_and_begin_anew_with_an_answer() {
        let mut health = up();
        let pauses: Vec<_> = (0..7).map(|_| health.pause(0).as_millis()).collect();
        assert_eq!(pauses, [0, 50, 100, 200, 400, 800, 1_000]);
        health.answered(1);
        assert_eq!(health.pause(0), Duration::ZERO);
    }

    #[test]
    fn a_server_that_was_never_there_is_away_after_the_first_attempt() {
        let mut health = Health::new();
        assert_eq!(health.stage(), Stage::Unknown);
        health.refused();
        assert_eq!(health.stage(), Stage::Away);
    }
}
