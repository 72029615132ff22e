//! What a request lets a cache do with what it has: RFC 9111, sections 4.2.4 and 5.2.1.

use super::directives::RequestDirectives;
use crate::cache::life::{Life, Standing};
use crate::core::Moment;

const NANOS: u64 = 1_000_000_000;

/// What may be done with an entry for one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It is sent.
    Fresh,
    /// The same, and it is time to make it anew in the background.
    Early,
    /// It is stale and sent, while it is made anew in the background.
    WhileRevalidating,
    /// It is stale and sent: whoever asks does not mind.
    Stale,
    /// It is made anew. Where that fails, it may be sent.
    LastResort,
    /// It is made anew.
    No,
}

impl Use {
    /// Whether it is sent as it is.
    pub(crate) const fn is_sent(self) -> bool {
        !matches!(self, Self::LastResort | Self::No)
    }
}

impl RequestDirectives {
    /// What may be done with an entry of which that is known.
    #[inline]
    pub(crate) fn allow(&self, life: &Life, standing: Standing, now: Moment) -> Use {
        if *self == Self::default() {
            return match standing {
                Standing::Fresh { .. } => Use::Fresh,
                Standing::Early { .. } => Use::Early,
                Standing::Stale { .. } => Use::WhileRevalidating,
                Standing::LastResort { .. } => Use::LastResort,
                Standing::Spent { .. } => Use::No,
            };
        }
        self.allow_by_words(life, standing, now)
    }

    #[cold]
    fn allow_by_words(&self, life: &Life, standing: Standing, now: Moment) -> Use {
        if self.no_cache || exceeds(self.max_age, life.age(now)) {
            return Use::No;
        }
        match standing {
            Standing::Fresh { left } | Standing::Early { left } if is_too_little(self.min_fresh, left) => {
                Use::No
            }
            Standing::Fresh { .. } => Use::Fresh,
            Standing::Early { .. } => Use::Early,
            _ if self.min_fresh.is_some() => Use::No,
            Standing::Stale { .. } => Use::WhileRevalidating,
            Standing::LastResort { by } | Standing::Spent { by } if self.accepts_stale(life, by) => {
                Use::Stale
            }
            Standing::LastResort { .. } => Use::LastResort,
            Standing::Spent { .. } => Use::No,
        }
    }

    fn accepts_stale(&self, life: &Life, by: u64) -> bool {
        !life.terms.is_strict && self.max_stale.is_some_and(|most| by < most.saturating_mul(NANOS))
    }
}

/// An age of exactly that many seconds is still one of at most that many, but `max-age=0` wants nothing that was kept.
fn exceeds(most: Option<u64>, age: u64) -> bool {
    most.is_some_and(|most| most == 0 || age > most.saturating_mul(NANOS))
}

fn is_too_little(least: Option<u64>, left: u64) -> bool {
    least.is_some_and(|least| left < least.saturating_mul(NANOS))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use http::header::CACHE_CONTROL;

    use super::*;
    use crate::cache::life::Terms;

    const FRESH: Terms =
        Terms { initial_age: 0, fresh: 60 * NANOS, while_revalidating: 0, on_error: 0, is_strict: false };

    fn asked(said: &str, terms: Terms, age: u64) -> Use {
        let mut headers = HeaderMap::new();
        if !said.is_empty() {
            headers.insert(CACHE_CONTROL, said.parse().unwrap());
        }
        let life = Life { terms, since: Moment::ORIGIN, early: u64::MAX };
        let now = Moment::from_nanos(age * NANOS);
        RequestDirectives::of(&headers).allow(&life, life.standing(now), now)
    }

    #[test]
    fn a_request_without_words_takes_what_the_answer_allowed() {
        let terms = Terms { while_revalidating: 200 * NANOS, on_error: 300 * NANOS, ..FRESH };
        for (age, expected) in [
            (0, Use::Fresh),
            (59, Use::Fresh),
            (60, Use::WhileRevalidating),
            (100, Use::WhileRevalidating),
            (260, Use::LastResort),
            (359, Use::LastResort),
            (360, Use::No),
        ] {
            assert_eq!(asked("", terms, age), expected, "{age}");
            let strict = Terms { is_strict: true, ..terms };
            assert_eq!(asked("", strict, age).is_sent(), age < 60, "{age}");
        }
    }

    #[test]
    fn no_cache_and_max_age_want_something_newer() {
        assert_eq!(asked("no-cache", FRESH, 1), Use::No);
        assert_eq!(asked("max-age=0", FRESH, 0), Use::No);
        assert_eq!(asked("max-age=5", FRESH, 5), Use::Fresh);
        assert_eq!(asked("max-age=5", FRESH, 6), Use::No);
        assert_eq!(asked("max-age=5, max-stale", FRESH, 6), Use::No);
        assert_eq!(asked("no-store", FRESH, 6), Use::Fresh);
        assert_eq!(asked("only-if-cached", FRESH, 6), Use::Fresh);
    }

    #[test]
    fn min_fresh_wants_something_that_lasts() {
        assert_eq!(asked("min-fresh=20", FRESH, 40), Use::Fresh);
        assert_eq!(asked("min-fresh=20", FRESH, 41), Use::No);
        let terms = Terms { while_revalidating: 200 * NANOS, ..FRESH };
        assert_eq!(asked("min-fresh=0", terms, 61), Use::No);
    }

    #[test]
    fn max_stale_takes_what_is_stale_by_less_unless_that_is_forbidden() {
        assert_eq!(asked("max-stale=40", FRESH, 99), Use::Stale);
        assert_eq!(asked("max-stale=40", FRESH, 100), Use::No);
        assert_eq!(asked("max-stale", FRESH, 10_000), Use::Stale);
        assert_eq!(asked("max-stale=x", FRESH, 61), Use::No);
        assert_eq!(asked("max-stale", Terms { is_strict: true, ..FRESH }, 61), Use::No);
        let terms = Terms { while_revalidating: 200 * NANOS, ..FRESH };
        assert_eq!(asked("max-stale=40", terms, 61), Use::WhileRevalidating);
    }
}
