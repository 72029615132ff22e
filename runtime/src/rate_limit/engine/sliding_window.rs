//! Two windows: what was charged in the present one, and what was charged in the one before, as far as that still reaches
//! into the last period.
//!
//! The window before counts as if its requests had come evenly, so of `previous` requests `previous · left / period` are
//! left, rounded down, where `left` is what is left of the present window. Windows follow one another from the first request
//! of a key; after two periods without one they begin anew.

use super::{Charge, Counter, Since, Standing, State, scaled, told_apart};
use crate::core::Moment;
use crate::rate_limit::policy::Rate;

/// The present window since it began, and the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rate_limit) struct Windows {
    pub(in crate::rate_limit) start: Moment,
    pub(in crate::rate_limit) previous: u32,
    pub(in crate::rate_limit) current: u32,
}

impl Windows {
    /// With the window that is the present one now; nothing where nothing is left.
    fn rolled(self, rate: &Rate, now: Moment) -> Option<Self> {
        let period = rate.period_nanos();
        let rolled = match now.nanos_since(self.start) / period {
            0 => self,
            1 => Self { start: self.start.saturating_add_nanos(period), previous: self.current, current: 0 },
            _ => return None,
        };
        (rolled.previous > 0 || rolled.current > 0).then_some(rolled)
    }

    fn used(self, rate: &Rate, now: Moment) -> u32 {
        let left = rate.period_nanos().saturating_sub(now.nanos_since(self.start));
        let weighed = scaled(self.previous.into(), left, rate.period_nanos());
        self.current.saturating_add(u32::try_from(weighed).unwrap_or(u32::MAX))
    }
}

/// The time since the beginning of a window after which no more than `allowed` of the permits before it are left.
fn decays_to(allowed: u32, previous: u32, period: u64) -> u64 {
    if previous <= allowed {
        return 0;
    }
    scaled(period, u64::from(previous - allowed - 1), previous.into()).saturating_add(1)
}

impl Counter for Windows {
    told_apart!(SlidingWindow);

    fn remaining(counter: Option<&Self>, rate: &Rate, now: Moment) -> u32 {
        let windows = counter.and_then(|windows| windows.rolled(rate, now));
        rate.quota().saturating_sub(windows.map_or(0, |windows| windows.used(rate, now)))
    }

    fn wait(counter: Option<&Self>, rate: &Rate, now: Moment, cost: u32) -> u64 {
        let Some(windows) = counter.and_then(|windows| windows.rolled(rate, now)) else { return 0 };
        let allowed = rate.quota().saturating_sub(cost);
        if windows.used(rate, now) <= allowed {
            return 0;
        }
        let period = rate.period_nanos();
        let after = match allowed.checked_sub(windows.current) {
            Some(allowed) => decays_to(allowed, windows.previous, period),
            // The present window alone is too much: it has to become the one before.
            None => decays_to(allowed, windows.current, period).saturating_add(period),
        };
        Since::new(windows.start, now).until(after)
    }

    fn charge(counter: Option<Self>, rate: &Rate, now: Moment, cost: u32) -> Option<Self> {
        if cost == 0 {
            return counter;
        }
        let windows = counter.and_then(|windows| windows.rolled(rate, now));
        let windows = windows.unwrap_or(Self { start: now, ..Self::default() });
        Some(Self { current: windows.current.saturating_add(cost), ..windows })
    }

    fn give_back(mut self, rate: &Rate, charge: Charge, _: Moment, permits: u32) -> Option<Self> {
        if charge.at >= self.start {
            if charge.at.nanos_since(self.start) < rate.period_nanos() {
                self.current = self.current.saturating_sub(permits);
            }
        } else if self.start.nanos_since(charge.at) <= rate.period_nanos() {
            self.previous = self.previous.saturating_sub(permits);
        }
        Some(self)
    }

    /// What others used counts as used now, because nothing tells when it was.
    fn absorb(counter: Option<Self>, rate: &Rate, told: Standing, now: Moment) -> Option<Self> {
        let own = Self::remaining(counter.as_ref(), rate, now);
        Self::charge(counter, rate, now, own.saturating_sub(told.remaining))
    }

    fn expires_at(&self, rate: &Rate) -> Moment {
        let over = self.start.saturating_add_nanos(rate.period_nanos());
        match (self.previous, self.current) {
            (0, 0) => self.start,
            (_, 0) => over,
            _ => over.saturating_add_nanos(rate.period_nanos()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::super::suite::{Budget, SECOND};
    use super::*;
    use crate::rate_limit::policy::Algorithm;

    fn windows(quota: u32, period_nanos: u64) -> Budget {
        Budget::new(Algorithm::SlidingWindow, quota, period_nanos)
    }

    #[test]
    fn of_three_in_the_window_before_one_leaves_every_third_of_a_period() {
        let mut windows = windows(5, 3 * SECOND);
        assert!(windows.take(3));
        windows.now += 3 * SECOND;
        assert_eq!(windows.standing(), Standing { remaining: 2, grows_in_nanos: 1 });
        windows.now += 1;
        for remaining in [3, 4] {
            assert_eq!(windows.standing(), Standing { remaining, grows_in_nanos: SECOND });
            windows.now += SECOND;
        }
        assert_eq!(windows.standing(), Standing { remaining: 5, grows_in_nanos: 0 });
    }

    #[test]
    fn a_full_window_begins_to_decay_where_it_ends() {
        let mut windows = windows(4, SECOND);
        assert_eq!(windows.drain(), 4);
        windows.now += SECOND / 4;
        assert_eq!(windows.check(1), Verdict::NotYet { wait_nanos: SECOND * 3 / 4 + 1 });
        assert_eq!(windows.check(4), Verdict::NotYet { wait_nanos: SECOND * 3 / 4 + SECOND * 3 / 4 + 1 });
    }

    #[test]
    fn after_two_silent_periods_windows_begin_anew() {
        let mut windows = windows(4, SECOND);
        windows.drain();
        windows.now += 2 * SECOND - 1;
        assert_eq!(windows.remaining(), 4, "the last one weighs less than a request");
        windows.now += SECOND / 2;
        assert_eq!(windows.drain(), 4);
        windows.now += SECOND - 1;
        assert_eq!(windows.remaining(), 0, "its window is a whole one");
    }

    #[test]
    fn what_was_charged_is_given_back_to_its_own_window() {
        let mut windows = windows(8, SECOND);
        let charge = windows.charged();
        assert!(windows.take(8));
        windows.now += SECOND + SECOND / 2;
        assert!(windows.take(4));
        windows.give_back(4, charge);
        assert_eq!(windows.remaining(), 2, "half of four is left of the window before");
        windows.now += SECOND;
        assert!(windows.take(1));
        windows.give_back(4, charge);
        assert_eq!(windows.remaining(), 5, "half of four is left of the one after it");
    }
}
