//! How long an entry may be used, by a clock that only goes forward.

use crate::core::Moment;

/// How long something may be used, from when it was complete. Nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Its age when it was complete: what caches further away said.
    pub(crate) initial_age: u64,
    /// The age until which it is fresh.
    pub(crate) fresh: u64,
    /// How much longer it may be used while it is made anew (RFC 5861, section 3).
    pub(crate) while_revalidating: u64,
    /// How much longer it may be used where making it anew fails (RFC 5861, section 4).
    pub(crate) on_error: u64,
    /// Whether it may never be used stale: `must-revalidate`, `proxy-revalidate`, `s-maxage`.
    pub(crate) is_strict: bool,
}

/// The same, from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) terms: Terms,
    /// When it was complete.
    pub(crate) since: Moment,
    /// The age from which on a hit has it made anew in the background; `u64::MAX` where none does.
    pub(crate) early: u64,
}

/// What an entry is at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Fresh for so long.
    Fresh { left: u64 },
    /// The same, and it is time to make it anew in the background.
    Early { left: u64 },
    /// Stale for so long, and may be used while it is made anew.
    Stale { by: u64 },
    /// Stale for so long, and may be used only where making it anew fails.
    LastResort { by: u64 },
    /// Stale for so long, and of no use but to ask its origin whether it still holds.
    Spent { by: u64 },
}

impl Terms {
    /// The age from which on it is made anew early, for a random number: somewhere in the last fifth of the time for which it is fresh when it
    /// is complete, so that what was made together does not expire together. `u64::MAX` where it may not be used while it is made anew.
    pub(crate) const fn early(&self, random: u64) -> u64 {
        if self.is_strict || self.while_revalidating == 0 || self.fresh <= self.initial_age {
            return u64::MAX;
        }
        let fifth = (self.fresh - self.initial_age) / 5;
        self.fresh - fifth + (((fifth as u128) * (random as u128)) >> 64) as u64
    }

    /// How long from its completion on it is of any use.
    pub(crate) const fn total(&self) -> u64 {
        let longer =
            if self.while_revalidating > self.on_error { self.while_revalidating } else { self.on_error };
        let longer = if self.is_strict { 0 } else { longer };
        self.fresh.saturating_add(longer).saturating_sub(self.initial_age)
    }
}

impl Life {
    /// From now on. The random number draws when it is made anew early.
    pub(crate) const fn new(terms: Terms, since: Moment, random: u64) -> Self {
        Self { early: terms.early(random), terms, since }
    }

    /// Its age.
    pub(crate) const fn age(&self, now: Moment) -> u64 {
        now.nanos_since(self.since).saturating_add(self.terms.initial_age)
    }

    /// What it is.
    pub(crate) const fn standing(&self, now: Moment) -> Standing {
        let age = self.age(now);
        if age < self.terms.fresh {
            let left = self.terms.fresh - age;
            return if age >= self.early { Standing::Early { left } } else { Standing::Fresh { left } };
        }
        let by = age - self.terms.fresh;
        if self.terms.is_strict {
            Standing::Spent { by }
        } else if by < self.terms.while_revalidating {
            Standing::Stale { by }
        } else if by < self.terms.on_error {
            Standing::LastResort { by }
        } else {
            Standing::Spent { by }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn terms() -> Terms {
        Terms {
            fresh: 10 * SECOND,
            while_revalidating: 5 * SECOND,
            on_error: 20 * SECOND,
            ..Terms::default()
        }
    }

    fn standing(terms: Terms, seconds: u64) -> Standing {
        Life::new(terms, Moment::ORIGIN, u64::MAX).standing(Moment::from_nanos(seconds * SECOND))
    }

    #[test]
    fn it_is_fresh_then_stale_then_a_last_resort_then_spent() {
        assert_eq!(standing(terms(), 0), Standing::Fresh { left: 10 * SECOND });
        assert_eq!(standing(terms(), 9), Standing::Fresh { left: SECOND });
        assert_eq!(standing(terms(), 10), Standing::Stale { by: 0 });
        assert_eq!(standing(terms(), 15), Standing::LastResort { by: 5 * SECOND });
        assert_eq!(standing(terms(), 30), Standing::Spent { by: 20 * SECOND });
        assert_eq!(terms().total(), 30 * SECOND);
    }

    #[test]
    fn what_is_strict_is_never_used_stale_and_not_made_anew_early() {
        let strict = Terms { is_strict: true, ..terms() };
        assert_eq!(standing(strict, 9), Standing::Fresh { left: SECOND });
        assert_eq!(standing(strict, 10), Standing::Spent { by: 0 });
        assert_eq!((strict.total(), strict.early(0)), (10 * SECOND, u64::MAX));
    }

    #[test]
    fn an_age_that_it_came_with_counts() {
        let aged = Terms { initial_age: 8 * SECOND, ..terms() };
        assert_eq!(standing(aged, 2), Standing::Stale { by: 0 });
        assert_eq!(aged.total(), 22 * SECOND);
        let past = Terms { initial_age: 100 * SECOND, ..terms() };
        assert_eq!((past.total(), past.early(0)), (0, u64::MAX));
    }

    proptest! {
        #[test]
        fn making_anew_begins_in_the_last_fifth_of_what_is_left(
            fresh in 1_u64.., age in 0_u64.., random: u64,
        ) {
            let terms = Terms { fresh, initial_age: age, while_revalidating: 1, ..Terms::default() };
            let early = terms.early(random);
            if age >= fresh {
                prop_assert_eq!(early, u64::MAX);
            } else {
                prop_assert!(early <= fresh);
                prop_assert!(early - age >= (fresh - age) / 5 * 4);
            }
        }

        #[test]
        fn nothing_overflows(initial_age: u64, fresh: u64, longer: u64, since: u64, now: u64) {
            let terms = Terms { initial_age, fresh, while_revalidating: longer, on_error: longer, is_strict: false };
            let life = Life::new(terms, Moment::from_nanos(since), now);
            let _ = (life.standing(Moment::from_nanos(now)), terms.total());
        }
    }

    #[test]
    fn the_draws_are_spread() {
        let draws = [0, u64::MAX / 2, u64::MAX].map(|random| terms().early(random) / (SECOND / 10));
        assert_eq!(draws, [80, 89, 99]);
    }
}
