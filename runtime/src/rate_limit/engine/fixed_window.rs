//! Fixed windows: the quota in each, the first of which begins with the first request of a key, not with the clock.
//!
//! The simplest of all, and the coarsest: what is sent at the end of one window and at the beginning of the next is twice
//! the quota in a moment.

use super::{Charge, Counter, Since, Standing, State, told_apart};
use crate::core::Moment;
use crate::rate_limit::policy::Rate;

/// What was charged in a window that began at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rate_limit) struct Window {
    pub(in crate::rate_limit) start: Moment,
    pub(in crate::rate_limit) used: u32,
}

impl Window {
    /// One that was given back as a whole has not begun.
    fn is_over(self, rate: &Rate, now: Moment) -> bool {
        self.used == 0 || now.nanos_since(self.start) >= rate.period_nanos()
    }

    fn used(counter: Option<&Self>, rate: &Rate, now: Moment) -> u32 {
        counter.filter(|window| !window.is_over(rate, now)).map_or(0, |window| window.used)
    }
}

impl Counter for Window {
    told_apart!(FixedWindow);

    fn remaining(counter: Option<&Self>, rate: &Rate, now: Moment) -> u32 {
        rate.quota().saturating_sub(Self::used(counter, rate, now))
    }

    fn wait(counter: Option<&Self>, rate: &Rate, now: Moment, cost: u32) -> u64 {
        match counter {
            Some(window) if cost > Self::remaining(counter, rate, now) => {
                Since::new(window.start, now).until(rate.period_nanos())
            }
            _ => 0,
        }
    }

    fn charge(counter: Option<Self>, rate: &Rate, now: Moment, cost: u32) -> Option<Self> {
        if cost == 0 {
            return counter;
        }
        let window = counter.filter(|window| !window.is_over(rate, now));
        let window = window.unwrap_or(Self { start: now, used: 0 });
        Some(Self { used: window.used.saturating_add(cost), ..window })
    }

    fn give_back(self, rate: &Rate, charge: Charge, _: Moment, permits: u32) -> Option<Self> {
        let is_its_window = charge.at >= self.start && !self.is_over(rate, charge.at);
        let used = if is_its_window { self.used.saturating_sub(permits) } else { self.used };
        Some(Self { used, ..self })
    }

    fn absorb(counter: Option<Self>, rate: &Rate, told: Standing, now: Moment) -> Option<Self> {
        let grows_in = if told.grows_in_nanos == 0 { rate.period_nanos() } else { told.grows_in_nanos };
        let start = now.saturating_add_nanos(grows_in).nanos_since(Moment::from_nanos(rate.period_nanos()));
        let own = counter.filter(|window| !window.is_over(rate, now)).map(|window| window.start);
        let start = own.unwrap_or_default().max(Moment::from_nanos(start));
        Some(Self { start, used: rate.quota().saturating_sub(told.remaining) })
    }

    fn expires_at(&self, rate: &Rate) -> Moment {
        if self.used == 0 { self.start } else { self.start.saturating_add_nanos(rate.period_nanos()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::suite::{Budget, SECOND};
    use super::super::{Standing, Verdict};
    use super::*;
    use crate::rate_limit::policy::Algorithm;

    fn window(quota: u32, period_nanos: u64) -> Budget {
        Budget::new(Algorithm::FixedWindow, quota, period_nanos)
    }

    #[test]
    fn ten_per_two_seconds_are_ten_until_two_seconds_after_the_first() {
        let mut window = window(10, 2 * SECOND);
        assert!(window.take(1));
        window.now += SECOND;
        assert_eq!(window.drain(), 9);
        assert_eq!(window.standing(), Standing { remaining: 0, grows_in_nanos: SECOND });
        assert_eq!(window.check(1), Verdict::NotYet { wait_nanos: SECOND });
        window.now += SECOND;
        assert_eq!(window.drain(), 10);
    }

    #[test]
    fn a_nanosecond_before_the_end_the_wait_is_a_nanosecond() {
        let mut window = window(1, SECOND);
        assert!(window.take(1));
        window.now += SECOND - 1;
        assert_eq!(window.check(1), Verdict::NotYet { wait_nanos: 1 });
        window.now += 1;
        assert_eq!(window.check(1), Verdict::Fits);
    }

    #[test]
    fn across_an_end_twice_the_quota_is_admitted_in_a_moment_and_no_more() {
        let mut window = window(5, SECOND);
        assert!(window.take(1));
        window.now += SECOND - 1;
        assert_eq!(window.drain(), 4);
        window.now += 1;
        assert_eq!(window.drain(), 5);
        window.now += SECOND - 1;
        assert_eq!(window.drain(), 0);
    }

    #[test]
    fn a_burst_is_of_no_meaning() {
        let rate = Rate::new("default", 5, SECOND).burst(9);
        let mut window = Budget::of(Algorithm::FixedWindow, rate);
        assert_eq!((window.capacity(), window.drain()), (5, 5));
    }

    #[test]
    fn what_was_charged_in_a_window_that_is_gone_is_not_given_back_to_the_next() {
        let mut window = window(5, SECOND);
        let charge = window.charged();
        assert!(window.take(2));
        window.now += SECOND / 2;
        window.give_back(1, charge);
        assert_eq!(window.remaining(), 4);
        window.now += SECOND / 2;
        assert!(window.take(3));
        window.give_back(1, charge);
        assert_eq!(window.remaining(), 2);
    }

    #[test]
    fn what_others_used_is_used_until_their_window_ends() {
        let mut window = window(5, SECOND);
        window.absorb(1, SECOND / 4);
        assert_eq!(window.standing(), Standing { remaining: 1, grows_in_nanos: SECOND / 4 });
        window.now += SECOND / 4;
        assert_eq!(window.remaining(), 5);
    }
}
