//! Whether a call is made once more, and when: policy, what there was so far, time and chance in, decision out.

use super::policy::Retry;

/// A failure may ask to be left alone for so many nanoseconds where nothing bounds the call as a whole. What asks for longer is tried then.
const LONGEST_ASKED: u64 = 60_000_000_000;

/// The attempts of one call so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tries {
    made: u32,
    /// The last wait, in nanoseconds.
    waited: u64,
}

/// What comes after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Another attempt, after so many nanoseconds.
    Again(u64),
    /// No more: that was the last one, or the next one would come too late.
    Exhausted,
}

impl Tries {
    /// Before the first attempt.
    pub(crate) const fn new() -> Self {
        Self { made: 0, waited: 0 }
    }

    /// After an attempt that failed: how many nanoseconds are `left` for all of them, for how long the failure asks to be left alone, and a
    /// number by chance.
    ///
    /// Waits are as long as chance says, between the shortest and three times the last one, and no longer than the longest. So callers that
    /// failed together do not come back together.
    pub(crate) fn failed(
        &mut self,
        policy: &Retry,
        left: Option<u64>,
        asked: Option<u64>,
        chance: u64,
    ) -> Next {
        self.made = self.made.saturating_add(1);
        if self.made >= policy.attempts {
            return Next::Exhausted;
        }
        let (shortest, longest) = policy.backoff;
        let upper = self.waited.max(shortest).saturating_mul(3).min(longest);
        self.waited = between(shortest, upper, chance);
        let asked = match left {
            // Whoever asks for more than there is gets no other attempt.
            Some(_) => asked,
            None => asked.map(|asked| asked.min(LONGEST_ASKED.max(longest))),
        };
        let wait = self.waited.max(asked.unwrap_or_default());
        if left.is_some_and(|left| wait >= left) { Next::Exhausted } else { Next::Again(wait) }
    }
}

/// A number from `low` to `high`, both included, as chance says.
fn between(low: u64, high: u64, chance: u64) -> u64 {
    let Some(span) = high.checked_sub(low) else { return high };
    // The upper half of the product is chance scaled to the span: no division, and next to no bias.
    let scaled = (u128::from(chance) * (u128::from(span) + 1)) >> 64;
    low.saturating_add(u64::try_from(scaled).unwrap_or(span))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MS: u64 = 1_000_000;
    const LEAST: u64 = 0;
    const MOST: u64 = u64::MAX;

    fn policy(attempts: u32) -> Retry {
        Retry::new(attempts).backoff(100 * MS, 2_000 * MS)
    }

    /// What comes after each of a row of failures.
    fn row(policy: &Retry, failures: &[(Option<u64>, Option<u64>, u64)]) -> Vec<Next> {
        let mut tries = Tries::new();
        failures.iter().map(|&(left, asked, chance)| tries.failed(policy, left, asked, chance)).collect()
    }

    #[test]
    fn the_first_attempt_is_one_of_them() {
        let failures = [(None, None, LEAST); 3];
        let again = Next::Again(100 * MS);
        assert_eq!(row(&policy(3), &failures), [again, again, Next::Exhausted]);
        assert_eq!(row(&policy(2), &failures[..1]), [again]);
    }

    #[test]
    fn waits_grow_up_to_three_times_the_last_one_and_no_further_than_the_longest() {
        let waits = row(&policy(9), &[(None, None, MOST); 5]);
        assert_eq!(waits, [300, 900, 2_000, 2_000, 2_000].map(|millis| Next::Again(millis * MS)));
        let waits = row(&policy(9), &[(None, None, MOST), (None, None, LEAST), (None, None, MOST)]);
        assert_eq!(waits, [300, 100, 300].map(|millis| Next::Again(millis * MS)));
    }

    #[test]
    fn one_length_is_that_length() {
        let policy = Retry::new(5).backoff(7, 7);
        assert_eq!(row(&policy, &[(None, None, MOST), (None, None, LEAST)]), [Next::Again(7); 2]);
        let none = Retry::new(5).backoff(0, 0);
        assert_eq!(row(&none, &[(None, None, MOST)]), [Next::Again(0)]);
    }

    #[test]
    fn a_wait_that_reaches_the_deadline_is_not_begun() {
        let cases = [(101 * MS, Next::Again(100 * MS)), (100 * MS, Next::Exhausted), (0, Next::Exhausted)];
        for (left, expected) in cases {
            assert_eq!(row(&policy(3), &[(Some(left), None, LEAST)]), [expected], "{left} left");
        }
    }

    #[test]
    fn a_failure_is_left_alone_for_as_long_as_it_asks() {
        let cases = [
            // Less than it would be anyhow.
            (None, 5 * MS, Next::Again(100 * MS)),
            (None, 5_000 * MS, Next::Again(5_000 * MS)),
            (None, 60_000 * MS, Next::Again(60_000 * MS)),
            // Nothing bounds the call, so this does.
            (None, 60_001 * MS, Next::Again(60_000 * MS)),
            (None, u64::MAX, Next::Again(60_000 * MS)),
            (Some(10_000 * MS), 5_000 * MS, Next::Again(5_000 * MS)),
            (Some(10_000 * MS), 10_000 * MS, Next::Exhausted),
            (Some(100_000 * MS), 90_000 * MS, Next::Again(90_000 * MS)),
        ];
        for (left, asked, expected) in cases {
            assert_eq!(row(&policy(3), &[(left, Some(asked), LEAST)]), [expected], "{asked} of {left:?}");
        }
        let patient = Retry::new(3).backoff(MS, 600_000 * MS);
        assert_eq!(row(&patient, &[(None, Some(u64::MAX), LEAST)]), [Next::Again(600_000 * MS)]);
    }

    #[test]
    fn what_a_failure_asks_for_is_not_what_the_next_wait_grows_from() {
        let waits = row(&policy(9), &[(None, Some(50_000 * MS), LEAST), (None, None, MOST)]);
        assert_eq!(waits, [Next::Again(50_000 * MS), Next::Again(300 * MS)]);
    }

    #[test]
    fn chance_reaches_both_ends_and_the_middle() {
        assert_eq!(between(10, 20, LEAST), 10);
        assert_eq!(between(10, 20, MOST), 20);
        assert_eq!(between(10, 20, MOST / 2), 15);
        assert_eq!(between(0, u64::MAX, MOST), u64::MAX);
        assert_eq!(between(20, 10, LEAST), 10, "the upper end rules");
    }

    proptest! {
        #[test]
        fn no_wait_is_shorter_than_the_shortest_longer_than_the_longest_or_past_the_deadline(
            attempts in 2_u32..10,
            (shortest, more) in (0_u64..1 << 40, 0_u64..1 << 40),
            failures in prop::collection::vec((any::<Option<u64>>(), any::<u64>()), 1..12),
        ) {
            let policy = Retry::new(attempts).backoff(shortest, shortest + more);
            let mut tries = Tries::new();
            let mut again = 0;
            for (left, chance) in failures {
                match tries.failed(&policy, left, None, chance) {
                    Next::Again(wait) => {
                        again += 1;
                        prop_assert!(wait >= shortest && wait <= shortest + more);
                        prop_assert!(left.is_none_or(|left| wait < left));
                    }
                    Next::Exhausted => {}
                }
            }
            prop_assert!(again < attempts);
        }
    }
}
